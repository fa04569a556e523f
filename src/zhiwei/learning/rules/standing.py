"""Numbers into words: where a pupil stands and how sure that is. One place, so that all pages say the same."""

from __future__ import annotations

from zhiwei.learning.values import Certainty, Standing

GROWING_FROM = 0.6
MASTERED_FROM = 0.8
SURE_FROM = 2
"""Observations below which nothing is told as more than unsure."""
HINT_KEEPS = (1.0, 0.7, 0.4, 0.0)
"""Share of an answer's score that still counts as shown ability after so many hints."""

MINUTES = {
    "single_choice": 1.5,
    "true_false": 1.0,
    "multiple_choice": 2.0,
    "blank": 2.0,
    "matching": 2.0,
    "ordering": 2.0,
    "numeric": 3.0,
    "expression": 3.0,
    "solution": 6.0,
}
"""Types that can be practised alone (judged at once, by key or by the maths engine), and minutes for one."""
KINDS = tuple(MINUTES)
POINT_MINUTES = 25.0
"""Minutes a point takes from nothing to mastered, for planning."""


def standing_of(estimate: float, n: int) -> Standing:
    """Return where an estimate in [0, 1] resting on ``n`` observations stands."""
    if n == 0:
        return Standing.UNKNOWN
    if estimate < GROWING_FROM:
        return Standing.WEAK
    return Standing.GROWING if estimate < MASTERED_FROM else Standing.MASTERED


def certainty_of(low: float, high: float, n: int) -> Certainty:
    """Return how sure a standing is, from the estimate's 90 % interval: sure when all of it says the same.

    With fewer than two observations, or an interval over all three standings, nothing is sure.
    """
    first, last = standing_of(low, n), standing_of(high, n)
    if n < SURE_FROM or (first, last) == (Standing.WEAK, Standing.MASTERED):
        return Certainty.UNSURE
    return Certainty.SURE if first is last else Certainty.FAIR


def counted_share(share: float, hints: int) -> float:
    """Return what an answer counts for after hints."""
    return share * HINT_KEEPS[min(max(hints, 0), len(HINT_KEEPS) - 1)]
