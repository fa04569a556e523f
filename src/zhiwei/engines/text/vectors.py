"""Sparse word and character vectors over a pool of texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .normalise import fold
from .tokens import words

if TYPE_CHECKING:
    from scipy import sparse

Grams = Callable[[str], Sequence[str]]


def word_grams(text: str, longest: int = 2) -> list[str]:
    """Single words and runs of up to ``longest`` words."""
    found = words(text)
    runs = [found]
    for size in range(2, longest + 1):
        runs.append([" ".join(found[at : at + size]) for at in range(len(found) - size + 1)])
    return [gram for run in runs for gram in run]


def char_grams(text: str, shortest: int = 2, longest: int = 5) -> list[str]:
    """Runs of characters inside words, the word's edges marked by a blank; they forgive misspelling."""
    found: list[str] = []
    for word in fold(text).split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            found.extend(padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))
    return found


def tfidf(texts: Sequence[str], grams: Grams, *, min_count: int = 2) -> sparse.csr_matrix:
    """Rows of unit length: dampened counts times how rare a gram is in these texts.

    Args:
        texts: the pool; its statistics set the weights, so marked and unmarked answers both inform them.
        grams: what counts as one feature.
        min_count: grams in fewer texts than this are dropped (1 when there are fewer than five texts).

    Returns:
        Array (texts, grams kept); a text with no kept gram is a zero row.
    """
    counted = [Counter(grams(text)) for text in texts]
    spread = Counter(gram for row in counted for gram in row)
    least = min_count if len(texts) >= 5 else 1
    column = {gram: at for at, gram in enumerate(sorted(g for g, n in spread.items() if n >= least))}
    weight = np.array([1.0 + np.log((1 + len(texts)) / (1 + spread[gram])) for gram in column])
    return _unit_rows(_counts(counted, column), weight)


def _counts(counted: Sequence[Counter[str]], column: dict[str, int]) -> sparse.csr_matrix:
    from scipy import sparse

    ends, places, values = [0], [], []
    for row in counted:
        for gram, count in row.items():
            place = column.get(gram)
            if place is not None:
                places.append(place)
                values.append(1.0 + np.log(count))
        ends.append(len(places))
    shape = (len(counted), len(column))
    return sparse.csr_matrix(
        (np.array(values, dtype=float), np.array(places, dtype=np.int64), np.array(ends)), shape=shape
    )


def _unit_rows(rows: sparse.csr_matrix, weight: np.ndarray) -> sparse.csr_matrix:
    from scipy import sparse

    if rows.shape[1] == 0:
        return rows
    weighted = sparse.csr_matrix(rows.multiply(weight[None, :]))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(length > 0, length, 1.0)) @ weighted)
