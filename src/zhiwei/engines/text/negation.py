"""Does a text say the opposite of another: negation and opposite words, in Chinese and English."""

from __future__ import annotations

import re
from functools import cache

from .lexicon import lexicon
from .normalise import fold
from .tokens import stem, words

_EN_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|hardly|unable|fails? to|failed to|instead of)\b"
    r"|n't\b|\b(?:dont|doesnt|didnt|isnt|wasnt|cant|wont|arent)\b"
)
_ZH_NEGATION = re.compile(
    r"不(?!但|仅|光|只|断|同|仅仅|得不|妨)|没有?|無|无(?!论)|非(?!常)|未(?!来)|并非|否认|难以|别|勿|缺乏"
)
_DOUBLE = re.compile(r"不能不|不得不|不会不|不可能不|没有不|无不|并非不|不是不|not (?:un\w+|without)")


@cache
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in lexicon("opposites"):
        one, other = (stem(word) for word in pair)
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(against) for word, against in table.items()}


def negations(text: str) -> int:
    """How many times a text denies something; a double negative counts as none.

    >>> negations("It does not conduct."), negations("温度不但升高，而且不变"), negations("不得不承认")
    (1, 1, 0)
    """
    plain = _DOUBLE.sub(" ", fold(text))
    return len(_EN_NEGATION.findall(plain)) + len(_ZH_NEGATION.findall(plain))


def opposite_words(text: str, other: str) -> list[tuple[str, str]]:
    """Pairs of opposite words, one only in ``text`` and its opposite only in ``other``.

    >>> opposite_words("the voltage decreases", "the voltage increases")
    [('decreas', 'increas')]
    """
    mine, theirs = set(words(text)), set(words(other))
    table = _opposites()
    found = (
        (word, against)
        for word in mine - theirs
        for against in table.get(word, frozenset()) & theirs
        if against not in mine
    )
    return sorted(found)


def contradicts(text: str, other: str) -> bool:
    """Whether two texts about the same thing disagree: one denies the other, or opposites are used.

    Means something only for texts that overlap; check that first.
    """
    flips = negations(text) % 2 != negations(other) % 2
    return flips != bool(opposite_words(text, other))
