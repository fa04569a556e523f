"""Checks of what comes in: scores as ``(persons, items)``, NaN where nobody scored."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiwei.engines.classical.errors import ClassicalError

Floats = NDArray[np.float64]
MOST_CELLS = 20_000_000


def checked(scores: ArrayLike, max_scores: ArrayLike) -> tuple[Floats, Floats]:
    """Return scores ``(n, k)`` and full marks ``(k,)`` as floats.

    Raises:
        ClassicalError: Shapes do not fit, a full mark is not positive, or a score lies outside ``[0, full]``.
    """
    table, full = np.asarray(scores, dtype=float), np.asarray(max_scores, dtype=float)
    if table.ndim != 2 or full.shape != (table.shape[1],):
        raise ClassicalError(f"scores {table.shape} and full marks {full.shape} do not fit")
    if table.size > MOST_CELLS:
        raise ClassicalError(f"{table.size} scores, at most {MOST_CELLS}")
    if not np.all(np.isfinite(full) & (full > 0)):
        raise ClassicalError("every full mark must be above 0")
    with np.errstate(invalid="ignore"):
        outside = (table < -1e-9) | (table > full + 1e-9) | np.isinf(table)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise ClassicalError(f"person {row}, item {column}: {table[row, column]} is outside 0–{full[column]}")
    return table, full


def rest_shares(table: Floats, full: Floats) -> Floats:
    """Return ``(n, k)``: the share a person earned of the other items that were scored; NaN without any."""
    there = ~np.isnan(table)
    earned = np.nansum(table, axis=1, keepdims=True) - np.nan_to_num(table)
    possible = (there * full).sum(axis=1, keepdims=True) - there * full
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Floats = np.where(possible > 0, earned / possible, np.nan)
    return shares


def correlation(one: Floats, other: Floats) -> float | None:
    """Return Pearson's r over the pairs that are complete; ``None`` when it is not defined."""
    both = ~(np.isnan(one) | np.isnan(other))
    x, y = one[both], other[both]
    if x.size < 3:
        return None
    x, y = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((x @ x) * (y @ y)))
    return None if spread < 1e-12 else float(np.clip((x @ y) / spread, -1.0, 1.0))
