"""The tracing engine's state, put together from rows for just those pupils, points and items at hand."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from zhiwei.engines.tracing import TracingState
from zhiwei.learning.models import Calibration, Encounter, Learner, Mastery
from zhiwei.learning.queries.graph import SubjectGraph

ITEM, POINT = "item", "point"
ENGINE = "tracing/1"


def fresh_state(graphs: Iterable[SubjectGraph], *, shared: bool) -> TracingState:
    """Return an empty state that knows the links of these subjects."""
    state = TracingState(shared=shared)
    for graph in graphs:
        state.links.update(graph.links)
    return state


def name_sets(state: TracingState, points: Sequence[str]) -> None:
    """Give a set of points the same code in every process."""
    named = tuple(sorted(set(points)))
    state.sets[named] = zlib.crc32("\x1f".join(named).encode())


def add_people(
    state: TracingState, person_ids: Collection[int], points: Collection[str] | None = None
) -> None:
    """Put these pupils' rows into a state (two queries); ``points`` limits which of theirs."""
    for person_id, row in Learner.objects.filter(person_id__in=person_ids).values_list("person_id", "state"):
        if row:
            state.pupils[str(person_id)] = row
    add_points(state, person_ids, points)


def add_points(
    state: TracingState, person_ids: Collection[int], points: Collection[str] | None = None
) -> None:
    """Put what these pupils did on points into a state (one query); ``points`` limits which."""
    rows = Mastery.objects.filter(person_id__in=person_ids)
    if points is not None:
        rows = rows.filter(point__in=points)
    for person_id, point, row in rows.values_list("person_id", "point", "state"):
        state.pairs[str(person_id), point] = row


def add_encounters(
    state: TracingState, person_ids: Collection[int], items: Collection[str] | None = None
) -> QuerySet[Encounter]:
    """Put what these pupils did with these items into a state (one query) and return the rows."""
    rows = Encounter.objects.filter(person_id__in=person_ids)
    if items is not None:
        rows = rows.filter(item_key__in=items)
    for row in rows:
        state.repeats[str(row.person_id), row.item_key] = row.state
    return rows


def add_calibration(state: TracingState, items: Collection[str], points: Collection[str]) -> None:
    """Put calibrated items and points into a state (one query)."""
    rows = Calibration.objects.filter(key__in={*items, *points})
    for kind, key, row in rows.values_list("kind", "key", "calibrated"):
        (state.items if kind == ITEM else state.points)[key] = row
