"""When the companion may be used: school, guardian, grade, hours, minutes, an adult beside primary pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

LAST_PRIMARY_GRADE = 6
LONGEST_GAP = timedelta(minutes=2)
"""A longer silence counts as so much: who reads and thinks is not using the time up."""
AT_LEAST = timedelta(seconds=20)
MOST_MINUTES = 120
BREAK_AFTER = 40
"""Minutes a day after which a break is suggested."""


class Closed(StrEnum):
    """Why the companion is closed to a pupil."""

    SCHOOL = "school"
    GRADE = "grade"
    GUARDIAN = "guardian"
    HOURS = "hours"
    MINUTES = "minutes"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What school and guardian allow, and what has been used today."""

    enabled: bool
    grades: tuple[int, ...]
    grade: int | None
    guardian_allows: bool
    from_hour: int
    until_hour: int
    minutes: int
    used: float
    adult_until: datetime | None


def why_closed(known: Allowance, now: datetime) -> Closed | None:
    """Return why the companion is closed at a local time; ``None`` when it is open."""
    if not known.enabled:
        return Closed.SCHOOL
    if known.grades and known.grade not in known.grades:
        return Closed.GRADE
    if not known.guardian_allows:
        return Closed.GUARDIAN
    if not known.from_hour <= now.hour < known.until_hour:
        return Closed.HOURS
    if known.used >= known.minutes:
        return Closed.MINUTES
    if needs_adult(known.grade) and (known.adult_until is None or known.adult_until <= now):
        return Closed.ADULT
    return None


def needs_adult(grade: int | None) -> bool:
    """Tell whether an adult must be present: in primary school, and when the grade is not known."""
    return grade is None or grade <= LAST_PRIMARY_GRADE


def minutes_used(times: Sequence[datetime]) -> float:
    """Return the minutes that turns at these instants (in order) stand for."""
    if not times:
        return 0.0
    spent = AT_LEAST
    for before, after in pairwise(times):
        spent += max(min(after - before, LONGEST_GAP), timedelta(0))
    return spent.total_seconds() / 60
