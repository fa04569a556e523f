"""Practice sets hit their band and never break a constraint."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.practice import Bank, Constraints, PupilView, Tier, practice_set, tier_of


def _case(seed: int, items: int = 400, points: int = 30) -> tuple[Bank, PupilView]:
    rng = np.random.default_rng(seed)
    bank = Bank(rng.integers(0, points, items), rng.integers(0, 4, items), rng.uniform(1, 6, items))
    seen = np.where(rng.random(items) < 0.3, rng.uniform(0, 30, items), np.inf)
    view = PupilView(
        rng.uniform(0.2, 0.98, items), rng.random(points), rng.random(points) * (rng.random(points) < 0.2), seen,
        rng.random(points) < 0.8,
    )  # fmt: skip
    return bank, view


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(Tier)))
def test_constraints_are_never_broken(seed: int, tier: Tier) -> None:
    bank, view = _case(seed)
    wanted = Constraints(10, 25.0, 7.0, frozenset({0, 2}), per_point=2)
    told = practice_set(bank, view, tier, wanted)
    chosen = np.array(told.items, np.int64)
    assert len(set(told.items)) == len(chosen) <= 10 and told.minutes <= 25.0
    assert bank.minutes[chosen].sum() == pytest.approx(told.minutes)
    assert np.isin(bank.kind[chosen], [0, 2]).all() and (view.days_since[chosen] >= 7).all()
    assert view.ready[bank.point[chosen]].all() and np.bincount(bank.point[chosen]).max() <= 2
    assert told.short == (len(chosen) < 10)


@pytest.mark.parametrize("tier", list(Tier))
def test_predicted_success_lies_in_the_band(tier: Tier) -> None:
    for seed in range(10):
        told = practice_set(*_case(seed), tier, Constraints(8, 60.0))
        assert tier.band[0] - 0.03 <= told.expected_success <= tier.band[1] + 0.03


def test_due_points_come_in_and_are_named() -> None:
    bank, view = _case(3)
    due = np.zeros(30)
    due[int(np.flatnonzero(view.ready)[0])] = 1.0
    view = PupilView(view.success, view.mastery, due, view.days_since, view.ready)
    assert "due" in practice_set(bank, view, Tier.RAISED, Constraints()).reasons


def test_a_set_is_varied_and_goes_from_easy_to_hard() -> None:
    bank, view = _case(4)
    told = practice_set(bank, view, Tier.RAISED, Constraints(8, 60.0))
    chosen = list(told.items)
    assert len(set(bank.point[chosen])) >= 5 and len(set(bank.kind[chosen])) >= 3
    assert list(view.success[chosen]) == sorted(view.success[chosen], reverse=True)


def test_nothing_left_is_told_and_nonsense_refused() -> None:
    bank, view = _case(5)
    assert practice_set(bank, view, Tier.BASIC, Constraints(points=frozenset({999}))).short
    with pytest.raises(ValueError, match="one entry"):
        practice_set(Bank(bank.point[:3], bank.kind[:3], bank.minutes[:3]), view, Tier.BASIC, Constraints())
    with pytest.raises(ValueError, match="at least one"):
        Constraints(count=0)


def test_tiers_follow_mastery() -> None:
    assert [tier_of(m) for m in (0.3, 0.7, 0.9)] == list(Tier)


def test_a_class_of_fifty_is_quick() -> None:
    bank, view = _case(6, 2000, 100)
    begin = time.process_time()
    for _ in range(50):
        practice_set(bank, view, Tier.RAISED, Constraints())
    assert time.process_time() - begin < 0.2
