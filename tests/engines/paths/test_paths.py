"""Paths respect prerequisites, budgets and what is known, and say why."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.paths import (
    CycleError,
    Graph,
    PointState,
    Reason,
    inner_fringe,
    outer_fringe,
    plan_path,
    sentences,
)

DIAMOND = Graph.of({"b": ["a"], "c": ["a"], "d": ["b", "c"], "e": []})


def _random(count: int, seed: int) -> Graph:
    rng = np.random.default_rng(seed)
    return Graph.of({f"p{n}": [f"p{k}" for k in rng.integers(0, n, min(n, 2))] for n in range(count)})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_every_prerequisite_is_learned_before_what_rests_on_it(seed: int) -> None:
    graph, rng = _random(40, seed), np.random.default_rng(seed)
    states = {p: PointState(float(rng.random()), float(rng.uniform(5, 40))) for p in graph.order}
    path = plan_path(graph, states, {"p39": 1.0, "p30": 2.0})
    done = {p for p in graph.order if states[p].mastery >= 0.8}
    for step in path.steps:
        assert all(q in done for q in graph.before[step.point])
        done.add(step.point)
    assert {"p39", "p30"} <= done and set(path.reached) == {"p39", "p30"}
    assert path.steps == () or path.steps[-1].done_after == pytest.approx(path.minutes_to_all)


def test_only_what_the_goal_needs_is_learned() -> None:
    path = plan_path(DIAMOND, {"b": PointState(0.9)}, {"d": 1.0})
    assert [step.point for step in path.steps] == ["a", "c", "d"] or [s.point for s in path.steps] == [
        "c",
        "d",
    ]
    assert plan_path(DIAMOND, {p: PointState(1.0) for p in "abcd"}, {"d": 1.0}).steps == ()


def test_the_quicker_goal_comes_first_and_weight_can_turn_it() -> None:
    assert plan_path(DIAMOND, {}, {"d": 1.0, "e": 1.0}).steps[0].point == "e"
    assert plan_path(DIAMOND, {}, {"d": 9.0, "e": 1.0}).steps[0].point == "a"


def test_a_budget_is_kept_and_what_is_left_is_told() -> None:
    path = plan_path(DIAMOND, {}, {"d": 1.0}, budget=65)
    assert [s.point for s in path.steps] == ["a", "b"] and path.left_over == ("c", "d")
    assert path.reached == () and path.minutes_to_all == 120


def test_a_new_state_gives_a_new_plan() -> None:
    states = {}
    learned = []
    while (path := plan_path(DIAMOND, states, {"d": 1.0})).steps:
        learned.append(path.steps[0].point)
        states[learned[-1]] = PointState(0.9)
    assert learned == ["a", "b", "c", "d"]


def test_what_fades_is_reviewed_first_and_said_in_both_languages() -> None:
    states = {"a": PointState(0.85, 30, 0.2), "b": PointState(0.7)}
    path = plan_path(DIAMOND, states, {"b": 1.0})
    assert [s.point for s in path.steps] == ["a", "b"]
    assert path.steps[0].reasons[0] == (Reason.FADING, "20%")
    assert "20%" in sentences(path.steps[0], "zh")[0] and "20%" in sentences(path.steps[0], "en")[0]
    needed = plan_path(DIAMOND, {}, {"d": 1.0}).steps[0]
    assert "函数" in " ".join(sentences(needed, "zh", {"d": "函数"}))


def test_fringes_of_a_state() -> None:
    assert outer_fringe(DIAMOND, set()) == ["e", "a"] or outer_fringe(DIAMOND, set()) == ["a", "e"]
    assert set(outer_fringe(DIAMOND, {"a"})) == {"b", "c", "e"}
    assert set(inner_fringe(DIAMOND, {"a", "b", "e"})) == {"b", "e"}


def test_circles_unknown_goals_and_bad_weights_are_refused() -> None:
    with pytest.raises(CycleError, match="x"):
        Graph.of({"x": ["y"], "y": ["x"]})
    with pytest.raises(KeyError, match="zz"):
        plan_path(DIAMOND, {}, {"zz": 1.0})
    with pytest.raises(ValueError, match="weights"):
        plan_path(DIAMOND, {}, {"d": 0.0})


def test_two_thousand_points_are_quick() -> None:
    graph = _random(2000, 1)
    spent = []
    for _ in range(3):
        begin = time.process_time()
        plan_path(graph, {}, {"p1999": 1.0, "p1500": 1.0, "p1000": 1.0})
        spent.append(time.process_time() - begin)
    assert min(spent) < 0.1
