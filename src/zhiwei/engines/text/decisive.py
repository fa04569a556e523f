"""Words that decide what a phrase says (larger, less, absorbs): what is said without them is something else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from .lexicon import lexicon
from .normalise import fold, has_han
from .tokens import stem, words

_CLOSE = 3
"""A Chinese word this short or shorter says what it ends in: 越大, 变大 and 更大 all say 大."""


@cache
def _classes() -> dict[str, frozenset[str]]:
    """Each decisive word with all the words that say the same."""
    table: dict[str, frozenset[str]] = {}
    for group in lexicon("directions"):
        same = frozenset(word if has_han(word) else stem(word) for word in group)
        for word in same:
            table[word] = table.get(word, frozenset()) | same
    return table


@lru_cache(maxsize=16_384)
def decisive_words(text: str) -> tuple[str, ...]:
    """The words of a text that say a direction or a kind of change.

    >>> decisive_words("流速大，压强小"), decisive_words("the loss of energy")
    (('大', '小'), ('loss',))
    """
    return tuple(word for word in words(text) if word in _classes())


def lacks_decisive(wanted: str, said: str) -> bool:
    """Whether a decisive word of ``wanted`` is missing from ``said``, in any wording.

    >>> lacks_decisive("机械能减少", "一部分机械能转化为内能"), lacks_decisive("机械能减少", "机械能变小")
    (True, False)
    """
    found = words(said)
    return any(not _is_said(_classes()[word], found, fold(said)) for word in decisive_words(wanted))


def _is_said(same: frozenset[str], found: Sequence[str], text: str) -> bool:
    if any(word in same or (has_han(word) and len(word) <= _CLOSE and word[-1] in same) for word in found):
        return True
    return any(len(word) > 1 and has_han(word) and word in text for word in same)
