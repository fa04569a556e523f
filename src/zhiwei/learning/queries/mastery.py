"""What is known of pupils on points, at a moment, by the model or by plain rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime

from zhiwei.engines.tracing import ESTIMATES, Session, TracingState, level_after
from zhiwei.engines.tracing import Mastery as Traced
from zhiwei.kernel import api as kernel
from zhiwei.learning.models import Mastery, MethodChoice, Observation
from zhiwei.learning.queries.graph import SubjectGraph, subject_graph
from zhiwei.learning.queries.states import add_calibration, add_people
from zhiwei.learning.rules.standing import certainty_of, standing_of
from zhiwei.learning.values import Certainty, Method, PointView

Views = dict[str, PointView]


def views_of(
    person_ids: Collection[int], *, subject: str, now: datetime, method: Method = Method.MODEL
) -> dict[int, Views]:
    """Return, for each pupil, the points with observations in a subject."""
    if method is Method.RULES:
        return _by_rules(person_ids, subject)
    graph = subject_graph(subject)
    rows = Mastery.objects.filter(person_id__in=person_ids, subject=subject, n__gt=0)
    seen = list(rows.values_list("person_id", "point"))
    state = state_of(person_ids, [point for _, point in seen])
    found: dict[int, Views] = {person_id: {} for person_id in person_ids}
    for person_id, point in seen:
        found[person_id][point] = traced_view(state, graph, person_id, point, now)
    return found


def state_of(person_ids: Collection[int], points: Iterable[str]) -> TracingState:
    """Return the engine's state of these pupils with these points' calibration."""
    state = TracingState(shared=False)
    add_people(state, person_ids)
    add_calibration(state, (), set(points))
    return state


def traced_view(
    state: TracingState, graph: SubjectGraph, person_id: int, point: str, now: datetime
) -> PointView:
    """Return what the model says of a pupil on a point."""
    return _view(graph, point, state.mastery(str(person_id), point, now.timestamp()))


def method_for(person_id: int, subject: str, today: date) -> Method:
    """Return how a pupil's mastery is computed: as the pupil's class chose, by the model otherwise."""
    return methods_for([person_id], subject, today)[person_id]


def methods_for(person_ids: Collection[int], subject: str, today: date) -> dict[int, Method]:
    """Return how each pupil's mastery is computed (two queries)."""
    classes = kernel.classes_of_pupils(person_ids, today)
    places = {place for many in classes.values() for place in many}
    by_rules = set(
        MethodChoice.objects.filter(
            organisation_id__in=places, subject=subject, method=Method.RULES
        ).values_list("organisation_id", flat=True)
    )
    return {one: Method.RULES if by_rules & set(classes.get(one, ())) else Method.MODEL for one in person_ids}


def mean_mastery(views: Mapping[str, PointView]) -> float:
    """Return the mean estimate over the points observed; one half when there are none."""
    return sum(one.estimate for one in views.values()) / len(views) if views else 0.5


def _view(graph: SubjectGraph, point: str, told: Traced) -> PointView:
    card = graph.points.get(point)
    return PointView(
        key=point,
        name=graph.name(point),
        estimate=told.estimate,
        error=told.standard_error,
        low=told.low,
        high=told.high,
        n=told.n,
        last_seen=None if told.last_seen is None else datetime.fromtimestamp(told.last_seen, UTC),
        forgetting=told.forgetting,
        standing=standing_of(told.estimate, told.n),
        certainty=certainty_of(told.low, told.high, told.n),
        grade=card.grade if card else None,
        domain=card.domain if card else "",
    )


def _by_rules(person_ids: Collection[int], subject: str) -> dict[int, Views]:
    """Count by plain rules: levels after each sitting, which anyone can check."""
    graph = subject_graph(subject)
    rows = Observation.objects.filter(person_id__in=person_ids, subject=subject, recalled=False)
    sittings: dict[tuple[int, str], dict[tuple[str, int], list[float]]] = {}
    breadth: dict[tuple[str, int], set[str]] = {}
    last: dict[tuple[int, str], datetime] = {}
    ordered = rows.order_by("at", "source", "response_id").values_list(
        "person_id", "points", "source", "sitting_id", "share", "at"
    )
    for person_id, points, source, sitting_id, share, at in ordered:
        breadth.setdefault((source, sitting_id), set()).update(points)
        for point in points:
            scores = sittings.setdefault((person_id, point), {})
            scores.setdefault((source, sitting_id), []).append(share)
            last[person_id, point] = at
    found: dict[int, Views] = {person_id: {} for person_id in person_ids}
    for (person_id, point), scores in sittings.items():
        told = [Session(tuple(many), mixed=len(breadth[key]) > 1) for key, many in scores.items()]
        found[person_id][point] = _ruled(graph, point, told, last[person_id, point])
    return found


def _ruled(graph: SubjectGraph, point: str, sessions: list[Session], last: datetime) -> PointView:
    estimate = ESTIMATES[level_after(sessions)]
    n = sum(len(one.scores) for one in sessions)
    card = graph.points.get(point)
    return PointView(
        point,
        graph.name(point),
        estimate,
        0.0,
        estimate,
        estimate,
        n,
        last,
        0.0,
        standing_of(estimate, n),
        Certainty.SURE,
        card.grade if card else None,
        card.domain if card else "",
    )
