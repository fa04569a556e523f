"""Learning's door: what pupils can do, what a class needs, what to practise next.

The caller has checked that its actor may see these people (``access`` of its own room, or ``may_see`` here) and
audits the reading where people see the result.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor
from zhiwei.learning import access
from zhiwei.learning.queries import classes as pictures
from zhiwei.learning.queries.mastery import methods_for, views_of
from zhiwei.learning.queries.path import grade_of
from zhiwei.learning.queries.tiers import Tiered, tiers_of
from zhiwei.learning.services.practising import recommend
from zhiwei.learning.values import Method, PointView, Recommended, WeakPoint

__all__ = [
    "PointView",
    "Recommended",
    "Tiered",
    "WeakPoint",
    "mastery_of",
    "may_see",
    "recommended_items",
    "tiers_in_class",
    "weak_points_of_class",
]


def may_see(actor: Actor, person_id: int, *, subject: str, today: date) -> bool:
    """Tell whether the actor may see a pupil's mastery in a subject."""
    return access.covers(actor, person_id, subject=subject, today=today)


def mastery_of(
    person_ids: Collection[int], *, subject: str, now: datetime, today: date
) -> dict[int, dict[str, PointView]]:
    """Return what is known of each pupil on each point observed, by the method the pupil's class chose."""
    methods = methods_for(person_ids, subject, today)
    found: dict[int, dict[str, PointView]] = {}
    for method in Method:
        members = [one for one in person_ids if methods[one] is method]
        if members:
            found.update(views_of(members, subject=subject, now=now, method=method))
    return found


def weak_points_of_class(
    class_id: int, *, subject: str, now: datetime, today: date, most: int = 8
) -> list[WeakPoint]:
    """Return the points a class needs most, weakest first; aggregates only."""
    return pictures.weak_points(class_id, subject=subject, now=now, today=today, most=most)


def tiers_in_class(class_id: int, *, subject: str, now: datetime, today: date) -> dict[int, Tiered]:
    """Return the tier of each pupil of a class; a hand's choice wins."""
    pupils = [one.id for one in kernel.pupils_of_class(class_id, today)]
    return tiers_of(pupils, subject=subject, now=now, today=today)


def recommended_items(
    person_id: int, *, subject: str, now: datetime, today: date, minutes: int = 15
) -> list[Recommended]:
    """Return items of the bank a pupil would best do next, easiest first, without keeping anything."""
    tier = tiers_of([person_id], subject=subject, now=now, today=today)[person_id].tier
    grade = grade_of(person_id, today)
    return recommend(person_id=person_id, subject=subject, tier=tier, minutes=minutes, grade=grade, now=now)
