"""Difficulty and discrimination of each item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiwei.engines.classical.intervals import mean_interval
from zhiwei.engines.classical.matrix import Floats, checked, correlation, rest_shares

TAIL = 0.27
"""Share of persons in the upper and in the lower group (Kelley 1939)."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item.

    Attributes:
        n: Persons with a score on it.
        facility: Mean share of its full mark, 0–1 (difficulty; higher is easier); ``None`` without scores.
        low: Lower end of the 95 % interval of the facility, within 0–1.
        high: Its upper end.
        spread: Standard deviation of the share.
        discrimination: Correlation with the rest of the test (the item left out); ``None`` when undefined.
        upper_lower: Facility of the best 27 % by the rest less that of the weakest 27 %, −1 to 1.
        full: Persons with the full mark.
        zero: Persons with none.
    """

    n: int
    facility: float | None
    low: float | None
    high: float | None
    spread: float | None
    discrimination: float | None
    upper_lower: float | None
    full: int
    zero: int


def item_figures(scores: ArrayLike, max_scores: ArrayLike) -> tuple[ItemFigures, ...]:
    """Return the figures of every item.

    Args:
        scores: ``(persons, items)``; NaN where there is no score.
        max_scores: ``(items,)``, above 0.

    Raises:
        ClassicalError: The shapes do not fit or a score is out of range.

    Source: Crocker & Algina (1986), chapter 14; Kelley (1939) for the tails.
    """
    table, full = checked(scores, max_scores)
    rests = rest_shares(table, full)
    return tuple(_one(table[:, k] / full[k], rests[:, k]) for k in range(table.shape[1]))


def _one(shares: Floats, rest: Floats) -> ItemFigures:
    interval = mean_interval(shares)
    known = shares[~np.isnan(shares)]
    if interval is None:
        return ItemFigures(0, None, None, None, None, None, None, 0, 0)
    return ItemFigures(
        interval.n,
        interval.value,
        None if interval.low is None else max(0.0, interval.low),
        None if interval.high is None else min(1.0, interval.high),
        float(known.std(ddof=1)) if known.size > 1 else None,
        correlation(shares, rest),
        _upper_lower(shares, rest),
        int((known > 1 - 1e-9).sum()),
        int((known < 1e-9).sum()),
    )


def _upper_lower(shares: Floats, rest: Floats) -> float | None:
    both = ~(np.isnan(shares) | np.isnan(rest))
    x, order = shares[both], np.argsort(rest[both], kind="stable")
    size = round(TAIL * x.size)
    if size < 1 or x.size < 4:
        return None
    return float(x[order[-size:]].mean() - x[order[:size]].mean())
