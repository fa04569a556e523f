"""Progress without ranking: a pupil beside the same pupil a week ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhiwei.engines.tracing import Observation as Traced
from zhiwei.engines.tracing import rebuild_pupil
from zhiwei.learning.models import Calibration, Goal, Observation, PracticeItem
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.queries.mastery import Views
from zhiwei.learning.rules.standing import MINUTES
from zhiwei.learning.values import Standing

WEEKS = 4
NOTICEABLE = 0.03


@dataclass(frozen=True, slots=True)
class Week:
    """One week: answers given, practice minutes (by the usual time of each question)."""

    begins: datetime
    answers: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Gain:
    """A point that moved in the last week, estimates in [0, 1]."""

    key: str
    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What a pupil has done and gained, oldest week first."""

    weeks: tuple[Week, ...]
    gains: tuple[Gain, ...]
    mastered: int
    growing: int
    weak: int
    minutes_goal: int

    @property
    def this_week(self) -> Week:
        """The week under way."""
        return self.weeks[-1]


def progress_of(person_id: int, *, subject: str, views: Views, now: datetime) -> Progress:
    """Return a pupil's progress in a subject over the last weeks."""
    standings = [one.standing for one in views.values()]
    goal = Goal.objects.filter(person_id=person_id, subject=subject).first()
    return Progress(
        weeks=_weeks(person_id, subject, now),
        gains=_gains(person_id, subject, views, now),
        mastered=standings.count(Standing.MASTERED),
        growing=standings.count(Standing.GROWING),
        weak=standings.count(Standing.WEAK),
        minutes_goal=goal.minutes_a_week if goal else 0,
    )


def _weeks(person_id: int, subject: str, now: datetime) -> tuple[Week, ...]:
    first = now - timedelta(weeks=WEEKS)
    answers = Observation.objects.filter(person_id=person_id, subject=subject, recalled=False, at__gt=first)
    moments = list(answers.values_list("at", flat=True))
    practised = PracticeItem.objects.filter(
        practice__person_id=person_id, practice__subject=subject, answered_at__gt=first
    ).values_list("answered_at", "content__type")
    spent = [(at, MINUTES.get(str(kind), 2.0)) for at, kind in practised if at is not None]
    found = []
    for number in range(WEEKS):
        begins = first + timedelta(weeks=number)
        ends = begins + timedelta(weeks=1)
        minutes = sum(many for at, many in spent if begins < at <= ends)
        found.append(Week(begins, sum(begins < at <= ends for at in moments), round(minutes)))
    return tuple(found)


def _gains(person_id: int, subject: str, views: Views, now: datetime) -> tuple[Gain, ...]:
    """Return points the model sees better than it saw them a week ago, by rebuilding that day's state."""
    cut = now - timedelta(weeks=1)
    rows = Observation.objects.filter(person_id=person_id, subject=subject, recalled=False, at__lte=cut)
    told = [
        Traced(str(person_id), item, tuple(points), share, at.timestamp())
        for item, points, share, at in rows.order_by("at", "source", "response_id").values_list(
            "item_key", "points", "share", "at"
        )
    ]
    if not told:
        return ()
    named = {one.item for one in told} | set(views)
    tables: dict[str, dict[str, list[float]]] = {"item": {}, "point": {}}
    for kind, key, row in Calibration.objects.filter(key__in=named).values_list("kind", "key", "calibrated"):
        tables[kind][key] = row
    graph = subject_graph(subject)
    then = rebuild_pupil(
        told, items=tables["item"], points=tables["point"], prerequisites=graph.prerequisites
    )
    gains = [
        Gain(key, one.name, then.mastery(str(person_id), key, cut.timestamp()).estimate, one.estimate)
        for key, one in views.items()
        if one.last_seen is not None and one.last_seen > cut
    ]
    return tuple(
        sorted((g for g in gains if g.after - g.before > NOTICEABLE), key=lambda g: g.before - g.after)
    )
