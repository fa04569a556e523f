"""The order of points that brings goals soonest under a budget of time, with its reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heapify, heappop, heappush

from zhiwei.engines.paths.graph import Graph

_REVIEW_SHARE = 0.3


class Reason(StrEnum):
    """Why a point stands where it does."""

    GOAL = "goal"
    NEEDED = "needed"
    ALMOST = "almost"
    FADING = "fading"
    UNLOCKS = "unlocks"


@dataclass(frozen=True, slots=True)
class PointState:
    """What is known of a pupil on a point: ``mastery`` and expected ``forgetting`` in [0, 1]; full ``minutes``."""

    mastery: float = 0.0
    minutes: float = 30.0
    forgetting: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a path: minutes it should take, minutes from the start until it is done, and the reasons."""

    point: str
    minutes: float
    done_after: float
    reasons: tuple[tuple[Reason, str], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The steps that fit the budget, goals they reach, and what is left over beyond the budget."""

    steps: tuple[Step, ...]
    reached: tuple[str, ...]
    left_over: tuple[str, ...]
    minutes_to_all: float


@dataclass(slots=True)
class _Search:
    graph: Graph
    states: Mapping[str, PointState]
    threshold: float
    mastered: set[str] = field(init=False)
    cost: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mastered = {p for p in self.graph.order if self.state(p).mastery >= self.threshold}

    def state(self, point: str) -> PointState:
        return self.states.get(point) or PointState()

    def minutes(self, point: str) -> float:
        """Return what is left of the full minutes: the share of the way to the threshold still to go."""
        one = self.state(point)
        return one.minutes * max(1.0 - one.mastery / self.threshold, 0.1)


def plan_path(
    graph: Graph,
    states: Mapping[str, PointState],
    goals: Mapping[str, float],
    *,
    budget: float = math.inf,
    threshold: float = 0.8,
) -> Path:
    """Plan what to learn, in order.

    Goals are taken by weight over the time they still need (what they share with goals before them costs nothing
    more), so the weighted time until goals are reached is kept small; inside a goal, ready points come in
    prerequisite order, those that unlock more first. Mastered prerequisites that will soon be forgotten are
    reviewed before what rests on them. Plan again after each session with the new states: nothing is stored.

    Args:
        graph: Prerequisites.
        states: What is known of the pupil, by point; a point without a state is new.
        goals: Goal points with weights above 0.
        budget: Minutes there are.
        threshold: Mastery from which a point counts as learned.

    Raises:
        KeyError: A goal is not in the graph.
        ValueError: A weight, the budget or the threshold is out of range.
    """
    if budget < 0 or not 0 < threshold <= 1 or any(weight <= 0 for weight in goals.values()):
        raise ValueError("a path needs weights above 0, a budget of 0 or more and a threshold in (0, 1]")
    search = _Search(graph, states, threshold)
    steps: list[Step] = []
    spent, full, left_over = 0.0, False, []
    for goal, points in _by_goal(search, goals):
        for point, minutes in points:
            full = full or spent + minutes > budget
            spent += minutes
            if full:
                left_over.append(point)
            else:
                reasons = _reasons(search, point, goal, goals)
                steps.append(Step(point, minutes, spent, reasons))
    done = {step.point for step in steps} | search.mastered
    reached = tuple(goal for goal in goals if goal in done)
    return Path(tuple(steps), reached, tuple(left_over), spent)


def _by_goal(search: _Search, goals: Mapping[str, float]) -> list[tuple[str, list[tuple[str, float]]]]:
    """Return goals in the order of weight over remaining time, each with its own points in order."""
    known = set(search.mastered)
    open_ = {goal: search.graph.needed([goal], known) for goal in goals}
    seen: set[str] = set()
    out = []
    while open_:
        cost = {goal: sum(map(search.minutes, points)) for goal, points in open_.items()}
        goal = max(open_, key=lambda g: (goals[g] / max(cost[g], 1e-9), g))
        points = open_.pop(goal)
        out.append((goal, _ordered(search, points, seen)))
        for others in open_.values():
            others.difference_update(points)
    return out


def _ordered(search: _Search, points: set[str], seen: set[str]) -> list[tuple[str, float]]:
    """Return points in prerequisite order, more unlocking first, each after the reviews it needs."""
    graph, out = search.graph, []
    waiting = {p: sum(q in points for q in graph.before[p]) for p in points}
    ready = [(_rank(search, p), p) for p, count in waiting.items() if not count]
    heapify(ready)
    while ready:
        _, point = heappop(ready)
        for before in graph.before[point]:
            if before in search.mastered and before not in seen and _fading(search, before):
                seen.add(before)
                out.append((before, search.state(before).minutes * _REVIEW_SHARE))
        out.append((point, search.minutes(point)))
        for follower in graph.after[point]:
            if follower in points:
                waiting[follower] -= 1
                if not waiting[follower]:
                    heappush(ready, (_rank(search, follower), follower))
    return out


def _fading(search: _Search, point: str) -> bool:
    state = search.state(point)
    return state.mastery - state.forgetting < search.threshold and state.forgetting > 0.05


def _rank(search: _Search, point: str) -> tuple[float, float]:
    return -float(len(search.graph.after[point])), search.minutes(point)


def _reasons(
    search: _Search, point: str, goal: str, goals: Mapping[str, float]
) -> tuple[tuple[Reason, str], ...]:
    state, found = search.state(point), []
    if point in search.mastered:
        found.append((Reason.FADING, f"{state.forgetting:.0%}"))
    if point in goals:
        found.append((Reason.GOAL, point))
    elif goal != point:
        found.append((Reason.NEEDED, goal))
    if point not in search.mastered and state.mastery >= 0.75 * search.threshold:
        found.append((Reason.ALMOST, f"{state.mastery:.0%}"))
    unlocks = len(search.graph.after[point])
    if unlocks > 1:
        found.append((Reason.UNLOCKS, str(unlocks)))
    return tuple(found)


_SENTENCES = {
    "zh": {
        Reason.GOAL: "因为这就是目标",
        Reason.NEEDED: "因为学“{0}”之前要先掌握它",
        Reason.ALMOST: "因为已经掌握了 {0}，再练一练就够了",
        Reason.FADING: "因为一周内预计会遗忘 {0}，先复习",
        Reason.UNLOCKS: "因为它是后面 {0} 个知识点的基础",
    },
    "en": {
        Reason.GOAL: "because it is the goal",
        Reason.NEEDED: "because “{0}” rests on it",
        Reason.ALMOST: "because it is mastered to {0} already: a little more will do",
        Reason.FADING: "because {0} of it may be forgotten within a week: review first",
        Reason.UNLOCKS: "because {0} further points rest on it",
    },
}


def sentences(step: Step, language: str, names: Mapping[str, str] | None = None) -> Sequence[str]:
    """Return the reasons of a step as sentences in ``zh`` or ``en``; ``names`` gives points' titles."""
    told = _SENTENCES[language]
    return [told[reason].format((names or {}).get(value, value)) for reason, value in step.reasons]
