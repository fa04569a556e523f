"""When a wrong answer counts as learned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

FULL = 0.999


def state_of(tries: Sequence[tuple[date, float]]) -> str:
    """Return ``not_yet``, ``shaky`` or ``mastered`` from the tries since the mistake.

    Mastered is right twice in a row on different days: once may be luck, or yesterday's memory.

    Args:
        tries: Day and share of the marks (0 to 1) of each try, oldest first.
    """
    if not tries or tries[-1][1] < FULL:
        return "not_yet"
    days = set()
    for day, share in reversed(tries):
        if share < FULL:
            break
        days.add(day)
    return "mastered" if len(days) >= 2 else "shaky"
