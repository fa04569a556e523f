"""An index of passages in memory: inverted terms and vectors; searched exactly, never approximately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhiwei.engines.retrieval.terms import Counts, Terms, asked_terms, terms_of
from zhiwei.engines.text import DIMENSIONS, encode

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
SATURATION, LENGTH_SHARE = 1.2, 0.75


@dataclass(frozen=True)
class Entry:
    """One passage as the index holds it: its terms, their counts, and a vector of length one (or none)."""

    terms: Terms
    counts: Counts
    vector: npt.NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Index:
    """Passages ready to be searched: terms sorted, each with the passage that holds it."""

    terms: Terms
    owners: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]
    lengths: npt.NDArray[np.float32]
    vectors: Vectors

    @property
    def size(self) -> int:
        """How many passages there are."""
        return len(self.lengths)

    @cached_property
    def _norms(self) -> npt.NDArray[np.float32]:
        mean = max(float(self.lengths.mean()), 1.0) if self.size else 1.0
        share = 1 - LENGTH_SHARE + LENGTH_SHARE * self.lengths / mean
        return (SATURATION * share).astype(np.float32)

    def _holders(self, term: int) -> slice:
        wanted = np.array([term], dtype=np.uint32)
        start = int(np.searchsorted(self.terms, wanted, side="left")[0])
        return slice(start, int(np.searchsorted(self.terms, wanted, side="right")[0]))

    def _rarity(self, holders: int) -> float:
        return float(np.log1p((self.size - holders + 0.5) / (holders + 0.5)))

    def lexical(self, question: str) -> tuple[Floats, Floats]:
        """Return BM25 scores of all passages and the share of the question's words each holds."""
        scores, covered, whole = np.zeros(self.size), np.zeros(self.size), 0.0
        for term in asked_terms(question):
            place = self._holders(term)
            owners, counts = self.owners[place], self.counts[place]
            rarity = self._rarity(len(owners))
            whole += rarity
            scores[owners] += rarity * counts * (SATURATION + 1) / (counts + self._norms[owners])
            covered[owners] += rarity
        return scores, covered / max(whole, 1e-9)

    def meaning(self, question: str) -> Floats:
        """Return the cosine of the question with every passage."""
        return np.asarray(self.vectors @ encode([question])[0].astype(np.float32), dtype=np.float64)


def entry_of(text: str, heading: str = "") -> Entry:
    """Return what the index keeps of one passage (its headings are found too)."""
    return entries_of([text], [heading])[0]


def entries_of(texts: Sequence[str], headings: Sequence[str]) -> list[Entry]:
    """Return what the index keeps of several passages; encoding them together is quicker."""
    named = [f"{heading}\n{text}" for text, heading in zip(texts, headings, strict=True)]
    vectors = encode(named).astype(np.float16)
    return [Entry(*terms_of(name), vector) for name, vector in zip(named, vectors, strict=True)]


def build_index(entries: Sequence[Entry]) -> Index:
    """Return an index over passages, which keep their order as their places."""
    if not entries:
        empty = np.zeros(0, dtype=np.float32)
        none = np.zeros((0, DIMENSIONS), dtype=np.float32)
        return Index(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int32), empty, empty, none)
    terms = np.concatenate([one.terms for one in entries])
    order = np.argsort(terms, kind="stable")
    sizes = [len(one.terms) for one in entries]
    owners = np.repeat(np.arange(len(entries), dtype=np.int32), sizes)
    counts = np.concatenate([one.counts for one in entries]).astype(np.float32)
    lengths = np.bincount(owners, weights=counts, minlength=len(entries)).astype(np.float32)
    vectors = np.stack([one.vector for one in entries]).astype(np.float32)
    return Index(terms[order], owners[order], counts[order], lengths, vectors)
