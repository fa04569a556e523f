"""A class in a subject: pupils × points, weak points, tiers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from zhiwei.kernel import api as kernel
from zhiwei.kernel.api import PersonInfo
from zhiwei.learning.models import Assignment, MethodChoice
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.queries.mastery import Views, views_of
from zhiwei.learning.queries.tiers import Tiered, with_choices
from zhiwei.learning.rules.standing import GROWING_FROM
from zhiwei.learning.values import Method, PointView, WeakPoint

MOST_POINTS = 24


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil's line of the picture; a cell is empty where nothing was observed."""

    person: PersonInfo
    cells: tuple[tuple[str, PointView | None], ...]
    tiered: Tiered


@dataclass(frozen=True, slots=True)
class ClassPicture:
    """A class × point picture: columns by how many pupils met them, with the class mean of each."""

    method: Method
    points: tuple[WeakPoint, ...]
    rows: tuple[PupilRow, ...]
    hidden: int


def picture_of(class_id: int, *, subject: str, now: datetime, today: date) -> ClassPicture:
    """Return a class's picture in a subject (the caller has checked the actor's reach)."""
    pupils = kernel.pupils_of_class(class_id, today)
    method = method_of(class_id, subject)
    views = views_of([one.id for one in pupils], subject=subject, now=now, method=method)
    tiers = with_choices(views, subject)
    counts = Counter(key for many in views.values() for key in many)
    order = list(subject_graph(subject).points)
    place = {key: number for number, key in enumerate(order)}
    met = sorted(counts, key=lambda key: (-counts[key], place.get(key, len(order))))
    shown = sorted(met[:MOST_POINTS], key=lambda key: place.get(key, len(order)))
    rows = tuple(
        PupilRow(one, tuple((key, views[one.id].get(key)) for key in shown), tiers[one.id]) for one in pupils
    )
    return ClassPicture(
        method, tuple(point_of(subject, key, views) for key in shown), rows, len(met) - len(shown)
    )


def weak_points(class_id: int, *, subject: str, now: datetime, today: date, most: int = 8) -> list[WeakPoint]:
    """Return the points a class needs most, weakest first, among those at least a quarter of the class met."""
    pupils = [one.id for one in kernel.pupils_of_class(class_id, today)]
    views = views_of(pupils, subject=subject, now=now, method=method_of(class_id, subject))
    counts = Counter(key for many in views.values() for key in many)
    told = [point_of(subject, key, views) for key, count in counts.items() if 4 * count >= len(pupils)]
    return sorted(told, key=lambda one: one.mean)[:most]


def method_of(class_id: int, subject: str) -> Method:
    """Return how mastery is computed for a class."""
    row = MethodChoice.objects.filter(organisation_id=class_id, subject=subject).first()
    return Method(row.method) if row is not None else Method.MODEL


def point_of(subject: str, key: str, views: dict[int, Views]) -> WeakPoint:
    """Return one point over a class."""
    estimates = [many[key].estimate for many in views.values() if key in many]
    mean = sum(estimates) / len(estimates)
    weak = sum(one < GROWING_FROM for one in estimates)
    return WeakPoint(key, subject_graph(subject).name(key), mean, len(estimates), weak)


def assignments_of(class_id: int, subject: str, most: int = 10) -> list[tuple[Assignment, int, int]]:
    """Return the newest practices pushed to a class: each with how many sets, and how many are done."""
    rows = Assignment.objects.filter(organisation_id=class_id, subject=subject).order_by("-at")[:most]
    found = []
    for row in rows:
        states = list(row.practices.values_list("state", flat=True))
        found.append((row, len(states), states.count("done")))
    return found
