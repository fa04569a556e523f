"""What there is to practise with, and what each pupil can be expected to make of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from zhiwei.curriculum import api as curriculum
from zhiwei.curriculum.values import ItemCard
from zhiwei.engines.practice import Bank, PupilView
from zhiwei.engines.scheduling import Memory, grade_of, retrievability, review
from zhiwei.engines.tracing import TracingState
from zhiwei.learning.models import Encounter, Observation
from zhiwei.learning.queries.graph import SubjectGraph, subject_graph
from zhiwei.learning.queries.states import add_calibration, add_people
from zhiwei.learning.rules.standing import GROWING_FROM, KINDS, MINUTES

MOST_ITEMS = 2_000
GRADES_BACK = 1
WRONG_BELOW = 0.6
WRONG_RESTS_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """Items of a subject that can be practised alone, with the arrays the engine takes.

    Attributes:
        points: Keys in the order of the engine's numbers.
    """

    cards: tuple[ItemCard, ...]
    points: tuple[str, ...]
    bank: Bank
    graph: SubjectGraph


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of several pupils, as the engines take it."""

    state: TracingState
    observed: dict[int, set[str]]
    due: dict[int, dict[str, float]]
    met: dict[int, dict[str, Encounter]]


def shelf_for(subject: str, grade: int | None, *, points: Collection[str] = ()) -> Shelf:
    """Return the items on these points, or on those of the grade and the one before it."""
    graph = subject_graph(subject)
    wanted = list(points) or [
        key
        for key, card in graph.points.items()
        if grade is None or card.grade is None or grade - GRADES_BACK <= card.grade <= grade
    ]
    cards = [
        card
        for card in curriculum.items_for_points(wanted, limit=MOST_ITEMS)
        if card.type in KINDS and card.points and card.points[0] in graph.points
    ]
    keys = tuple(dict.fromkeys(card.points[0] for card in cards))
    number = {key: place for place, key in enumerate(keys)}
    bank = Bank(
        point=np.array([number[card.points[0]] for card in cards], dtype=np.int64),
        kind=np.array([KINDS.index(card.type) for card in cards], dtype=np.int64),
        minutes=np.array([MINUTES[card.type] for card in cards], dtype=np.float64),
    )
    return Shelf(tuple(cards), keys, bank, graph)


def known_of(person_ids: Collection[int], shelf: Shelf, *, now: datetime) -> Known:
    """Read what is known of pupils: a handful of queries, however many they are."""
    state = TracingState(shared=False)
    add_people(state, person_ids)
    items = {card.uuid for card in shelf.cards}
    add_calibration(state, items, {point for card in shelf.cards for point in card.points})
    for card in shelf.cards:
        if card.difficulty is not None:
            state.expect_item(card.uuid, min(max(1.0 - card.difficulty, 0.05), 0.95))
    met: dict[int, dict[str, Encounter]] = {one: {} for one in person_ids}
    for row in Encounter.objects.filter(person_id__in=person_ids, item_key__in=items):
        met[row.person_id][row.item_key] = row
        state.repeats[str(row.person_id), row.item_key] = row.state
    observed, due = _memories(person_ids, now)
    return Known(state, observed, due, met)


def pupil_view(known: Known, shelf: Shelf, person_id: int, *, now: datetime, grade: int | None) -> PupilView:
    """Return what the practice engine has to know of one pupil."""
    pupil, moment = str(person_id), now.timestamp()
    state, met = known.state, known.met[person_id]
    asked = [(card.uuid, card.points) for card in shelf.cards]
    mastery = np.array([state.mastery(pupil, point, moment).estimate for point in shelf.points])
    observed = known.observed.get(person_id, set())
    due = known.due.get(person_id, {})
    return PupilView(
        success=np.array(state.chances(pupil, asked, moment)),
        mastery=mastery,
        due=np.array([due.get(point, 0.0) for point in shelf.points]),
        days_since=np.array([_days_since(met.get(card.uuid), now) for card in shelf.cards]),
        ready=np.array(
            [_ready(known, shelf, pupil, point, observed, moment, grade) for point in shelf.points]
        ),
    )


def _days_since(row: Encounter | None, now: datetime) -> float:
    """Return days of rest; what went wrong may come again after a day."""
    if row is None:
        return np.inf
    days = (now - row.last_at).total_seconds() / 86_400
    return np.inf if row.last_share < WRONG_BELOW and days >= WRONG_RESTS_DAYS else days


def _ready(
    known: Known, shelf: Shelf, pupil: str, point: str, observed: set[str], moment: float, grade: int | None
) -> bool:
    """Tell whether what a point rests on was not seen to be missing."""
    if point in observed:
        return True
    return all(
        before not in observed or known.state.mastery(pupil, before, moment).estimate >= GROWING_FROM
        for before in shelf.graph.prerequisites.get(point, ())
    )


def _memories(
    person_ids: Collection[int], now: datetime
) -> tuple[dict[int, set[str]], dict[int, dict[str, float]]]:
    """Return the points each pupil met, and how overdue each is (0 fresh … 1 about to be forgotten)."""
    memories: dict[tuple[int, str], Memory] = {}
    rows = Observation.objects.filter(person_id__in=person_ids, recalled=False).order_by("at", "pk")
    for person_id, points, share, at in rows.values_list("person_id", "points", "share", "at"):
        for point in points:
            memories[person_id, point] = review(memories.get((person_id, point)), grade_of(share), at)
    observed: dict[int, set[str]] = {}
    due: dict[int, dict[str, float]] = {}
    for (person_id, point), memory in memories.items():
        observed.setdefault(person_id, set()).add(point)
        recall = retrievability(memory, max(now, memory.last_review))
        due.setdefault(person_id, {})[point] = min(max((0.95 - recall) / 0.25, 0.0), 1.0)
    return observed, due
