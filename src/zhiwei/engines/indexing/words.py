"""English words by their stem, so that ``equation`` finds ``equations`` and ``solving`` finds ``solve``."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Protocol

SHORTEST = 3
"""Letters of the shortest word that is cut to a stem."""


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the Porter2 stem of a word in lower case, without what is owned (``'s``); "" when it has none.

    Words with figures and words of one or two letters have none.
    """
    bare = word.partition("'")[0]
    if len(bare) < SHORTEST or not (bare.isascii() and bare.isalpha()):
        return ""
    return str(_english().stemWord(bare))


@cache
def _english() -> _Stemmer:
    import snowballstemmer

    found: _Stemmer = snowballstemmer.stemmer("english")
    return found
