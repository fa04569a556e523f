"""Responses of persons to items as matrices the estimators multiply by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.psychometrics.items import Floats, Integers, Items

Codes = NDArray[np.int16]
NOT_GIVEN = -1
_CHUNK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Design:
    """Indicators of a score matrix.

    Attributes:
        scores: (N, J) categories from 0, ``NOT_GIVEN`` where the item was not given.
        steps: (J,) highest category of each item.
        hit: (N, ΣM) float32 indicators of categories 1…M of each item, item by item.
        given: (N, J) float32 indicators of given items, or None when every item was given to everybody.
    """

    scores: Codes
    steps: Integers
    hit: NDArray[np.float32]
    given: NDArray[np.float32] | None

    @property
    def places(self) -> tuple[Integers, Integers]:
        """Item and category (1…M) of each column of ``hit``."""
        item = np.repeat(np.arange(len(self.steps)), self.steps)
        first = np.repeat(np.cumsum(self.steps) - self.steps, self.steps)
        return item, np.arange(len(item)) - first + 1

    def chunks(self, nodes: int) -> Iterator[slice]:
        """Yield slices of persons small enough that persons × nodes stays in cache or near it."""
        size = max(256, min(len(self.scores), _CHUNK_CELLS // (nodes * 8)))
        for start in range(0, len(self.scores), size):
            yield slice(start, start + size)


def design_of(scores: Codes, steps: Integers | None = None) -> Design:
    """Return the indicators of a score matrix.

    Raises:
        ValueError: A score is above its item's highest category, or nobody was given anything.
    """
    codes = np.ascontiguousarray(scores, np.int16)
    if codes.ndim != 2 or not codes.size or (codes < 0).all():
        raise ValueError("no responses to calibrate from")
    most = np.maximum(codes.max(axis=0), 1).astype(np.int64)
    highest = most if steps is None else np.asarray(steps, np.int64)
    if (most > np.maximum(highest, 1)).any():
        raise ValueError(f"item {int(np.argmax(most > highest)) + 1} has a score above its categories")
    complete = bool((codes >= 0).all())
    item = np.repeat(np.arange(len(highest)), highest)
    category = np.concatenate([np.arange(1, m + 1) for m in highest])
    hit = (
        (codes == category).astype(np.float32) if len(item) == len(highest) else _hits(codes, item, category)
    )
    return Design(codes, highest, hit, None if complete else (codes >= 0).astype(np.float32))


def _hits(codes: Codes, item: Integers, category: Integers) -> NDArray[np.float32]:
    return np.asarray(codes[:, item] == category, np.float32)


def log_likelihood(design: Design, log_p: Floats, rows: slice) -> NDArray[np.float32]:
    """Return (rows, K) log-likelihoods given log category probabilities (J, K, C)."""
    item, category = design.places
    above = (log_p[item, :, category] - log_p[item, :, 0]).astype(np.float32)
    floor = log_p[:, :, 0].astype(np.float32)
    out = np.asarray(design.hit[rows] @ above, np.float32)
    out += floor.sum(axis=0) if design.given is None else design.given[rows] @ floor
    return out


def expected_counts(
    design: Design, posterior: NDArray[np.float32], rows: slice, items: Items
) -> tuple[Floats, Floats]:
    """Return (J, K, C) expected counts of categories at the nodes, and (J, K) of persons given the item."""
    item, category = design.places
    hits = (design.hit[rows].T @ posterior).astype(float)
    if design.given is None:
        many = np.broadcast_to(posterior.sum(axis=0, dtype=float), (len(items), posterior.shape[1]))
    else:
        many = (design.given[rows].T @ posterior).astype(float)
    counts = np.zeros((len(items), posterior.shape[1], items.intercept.shape[1] + 1))
    counts[item, :, category] = hits
    counts[:, :, 0] = np.maximum(many - counts.sum(axis=2), 0.0)
    return counts, np.asarray(many)
