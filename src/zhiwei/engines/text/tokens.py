"""Words of English and Chinese text, brought to a common form."""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import Protocol, cast

from .lexicon import lexicon
from .normalise import fold, has_han

_PIECE = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[\u3400-\u9fff]+|[^\W\d_a-z]+")
_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "ly", "es", "s")


class _Cutter(Protocol):
    def lcut(self, sentence: str) -> list[str]: ...


@cache
def _cutter() -> _Cutter:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return cast(_Cutter, jieba)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """An English word without its commonest endings; cheap, and the same for all forms of most words.

    >>> stem("heated"), stem("heating"), stem("berries"), stem("gas")
    ('heat', 'heat', 'berry', 'gas')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            if ending in {"ied", "ies"}:
                return root + "y"
            doubled = (
                ending in {"ing", "ed"} and len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            )
            return root[:-1] if doubled else root.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


@lru_cache(maxsize=65_536)
def _words(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece in _PIECE.findall(fold(text)):
        if has_han(piece):
            found.extend(_cutter().lcut(piece))
        else:
            found.append(stem(piece.removesuffix("'s")) if piece[0].isalpha() else piece)
    return tuple(found)


def words(text: str) -> list[str]:
    """The words of a text in order: English stemmed, Chinese cut by jieba, numbers whole.

    >>> words("The plants were growing. 植物在生长")
    ['the', 'plant', 'were', 'grow', '植物', '在', '生长']
    """
    return list(_words(text))


def content_words(text: str) -> list[str]:
    """The words that carry meaning: those of :func:`words` without articles, pronouns and particles."""
    return [word for word in _words(text) if word not in _stop()]


@cache
def _stop() -> frozenset[str]:
    return frozenset(lexicon("stop")[0])


def word_count(text: str) -> int:
    """Length of a text: English words plus Chinese characters."""
    return sum(len(piece) if has_han(piece) else 1 for piece in _PIECE.findall(fold(text)))
