"""How alike two stems are: the share of character shingles they have in common."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SHINGLE = 3
"""Characters of one shingle."""


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of a stem, with numbers kept and with numbers read as one sign.

    Attributes:
        exact: Runs of three characters as written.
        shape: The same with every number replaced, so that a question with other numbers is still found.
    """

    exact: frozenset[str]
    shape: frozenset[str]

    @classmethod
    def of(cls, stem: str) -> Shingles:
        """Cut a stem into shingles; spaces, punctuation and ``$`` do not count."""
        bare = re.sub(r"[\s\W_$\\]+", "", unicodedata.normalize("NFKC", stem).lower())
        return cls(_cut(bare), _cut(re.sub(r"\d+(?:\.\d+)?", "#", bare)))


def similarity(one: Shingles, other: Shingles) -> float:
    """Return the likeness in [0, 1]: Jaccard of the exact shingles, or 0.95 of that of the shapes when higher."""
    return max(_jaccard(one.exact, other.exact), 0.95 * _jaccard(one.shape, other.shape))


def _cut(text: str) -> frozenset[str]:
    if len(text) <= SHINGLE:
        return frozenset({text} if text else ())
    return frozenset(text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0
