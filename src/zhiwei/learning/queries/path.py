"""A pupil's path: what to learn next towards the goal, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from zhiwei.engines.paths import Graph, PointState, Step, outer_fringe, plan_path, sentences
from zhiwei.kernel import api as kernel
from zhiwei.learning.models import Goal
from zhiwei.learning.queries.graph import SubjectGraph, subject_graph
from zhiwei.learning.queries.mastery import Views, method_for, views_of
from zhiwei.learning.rules.standing import MASTERED_FROM, POINT_MINUTES
from zhiwei.learning.values import PointView

WEEKS = 4
NEAR = 6
"""Without a goal: so many next points are taken as one."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a path, ready to tell: ``because`` are whole sentences."""

    key: str
    name: str
    minutes: int
    done_after: int
    because: tuple[str, ...]
    view: PointView | None


@dataclass(frozen=True, slots=True)
class PathView:
    """A path with its goal; ``left_over`` names what does not fit the next weeks.

    Attributes:
        title: The goal in words; empty when none is set and the next steps are near ones.
        presumed: Points of earlier grades without contrary evidence, taken as learned.
    """

    title: str
    minutes_a_week: int
    steps: tuple[StepView, ...]
    left_over: tuple[str, ...]
    minutes_to_all: int
    weeks_to_all: float
    presumed: int


def path_for(person_id: int, *, subject: str, now: datetime, today: date, language: str = "zh") -> PathView:
    """Plan a pupil's path in a subject towards the goal (or what is nearest) within the next weeks."""
    goal = Goal.objects.filter(person_id=person_id, subject=subject).first()
    method = method_for(person_id, subject, today)
    views = views_of([person_id], subject=subject, now=now, method=method)[person_id]
    graph = subject_graph(subject)
    grade = grade_of(person_id, today)
    presumed = presumed_points(graph, views, grade)
    states = point_states(views, presumed)
    goals = _goals(graph, goal, views, states, grade)
    weekly = goal.minutes_a_week if goal is not None else 60
    plan = plan_path(graph.graph, states, goals, budget=weekly * WEEKS, threshold=MASTERED_FROM)
    return PathView(
        title=goal.title if goal is not None else "",
        minutes_a_week=weekly,
        steps=tuple(_step(graph, views, step, language) for step in plan.steps),
        left_over=tuple(graph.name(key) for key in plan.left_over),
        minutes_to_all=round(plan.minutes_to_all),
        weeks_to_all=plan.minutes_to_all / weekly,
        presumed=len(presumed),
    )


def grade_of(person_id: int, today: date) -> int | None:
    """Return the grade of the class a pupil is in today."""
    for place in kernel.classes_of_pupils([person_id], today).get(person_id, ()):
        return kernel.get_organisation(place).grade
    return None


def presumed_points(graph: SubjectGraph, views: Views, grade: int | None) -> set[str]:
    """Return points of earlier grades that nothing was observed of: taken as learned until something says otherwise."""
    if grade is None:
        return set()
    return {
        key
        for key, card in graph.points.items()
        if card.grade is not None and card.grade < grade and key not in views
    }


def point_states(views: Views, presumed: Set[str]) -> dict[str, PointState]:
    """Return what the planner has to know."""
    states = {key: PointState(MASTERED_FROM, POINT_MINUTES) for key in presumed}
    for key, view in views.items():
        states[key] = PointState(view.estimate, POINT_MINUTES, view.forgetting)
    return states


def next_points(graph: Graph, states: Mapping[str, PointState]) -> list[str]:
    """Return the points whose prerequisites are mastered and that are not: what can be learned next."""
    return outer_fringe(graph, {key for key, one in states.items() if one.mastery >= MASTERED_FROM})


def _goals(
    graph: SubjectGraph, goal: Goal | None, views: Views, states: Mapping[str, PointState], grade: int | None
) -> dict[str, float]:
    if goal is not None:
        return {key: 1.0 for key in goal.points if key in graph.points}
    weak = sorted((one.estimate, key) for key, one in views.items() if one.estimate < MASTERED_FROM)
    near = [key for _, key in weak if key in graph.points][:NEAR]
    if len(near) < NEAR:
        fringe = [
            key
            for key in next_points(graph.graph, states)
            if grade is None or graph.points[key].grade == grade
        ]
        near += [key for key in fringe if key not in near][: NEAR - len(near)]
    return dict.fromkeys(near, 1.0)


def _step(graph: SubjectGraph, views: Views, step: Step, language: str) -> StepView:
    names = {key: card.name for key, card in graph.points.items()}
    return StepView(
        step.point,
        graph.name(step.point),
        max(round(step.minutes), 1),
        round(step.done_after),
        tuple(sentences(step, language, names)),
        views.get(step.point),
    )
