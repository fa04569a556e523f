"""Classical test theory against published values, identities and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiwei.engines.classical import (
    ClassicalError,
    OptionVerdict,
    compare_means,
    item_figures,
    mean_interval,
    option_figures,
    reliability,
    share_interval,
)
from zhiwei.engines.classical.trust import asymptotic_variance

NEWCOMBE_1998 = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""Table I of Newcombe, Two-sided confidence intervals for the single proportion, method 3."""


@pytest.mark.parametrize(("count", "n", "low", "high"), NEWCOMBE_1998)
def test_share_interval_as_published(count: int, n: int, low: float, high: float) -> None:
    found = share_interval(count, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_welch_as_scipy_has_it() -> None:
    a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31.3]
    found = compare_means(a, b)
    peer = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert found is not None and found.clear
    assert (found.low, found.high) == (pytest.approx(peer.low), pytest.approx(peer.high))


def test_alpha_is_kr20_for_right_and_wrong() -> None:
    answers = np.random.default_rng(1).integers(0, 2, (40, 9)).astype(float)
    answers[:, 1:] = np.where(np.random.default_rng(2).random((40, 8)) < 0.6, answers[:, :1], answers[:, 1:])
    found = reliability(answers, np.ones(9))
    p = answers.mean(axis=0)
    kr20 = 9 / 8 * (1 - (p * (1 - p)).sum() / answers.sum(axis=1).var())
    assert found is not None and found.alpha == pytest.approx(kr20)
    assert found.measurement == pytest.approx(answers.sum(axis=1).std(ddof=1) * np.sqrt(1 - kr20))


@settings(max_examples=25)
@given(k=st.integers(2, 12), rho=st.floats(0.05, 0.9))
def test_error_of_alpha_for_parallel_items(k: int, rho: float) -> None:
    covariance = np.full((k, k), rho) + (1 - rho) * np.eye(k)
    alpha = k * rho / (1 + (k - 1) * rho)
    assert asymptotic_variance(covariance) == pytest.approx(2 * k / (k - 1) * (1 - alpha) ** 2)


def test_the_interval_of_alpha_covers_the_truth() -> None:
    generator, k, rho = np.random.default_rng(5), 6, 0.4
    truth, inside = k * rho / (1 + (k - 1) * rho), 0
    for _ in range(300):
        drawn = np.sqrt(rho) * generator.normal(size=(150, 1)) + np.sqrt(1 - rho) * generator.normal(
            size=(150, k)
        )
        found = reliability(np.clip(drawn + 10, 0, 20), np.full(k, 20.0))
        assert found is not None
        inside += found.low <= truth <= found.high
    assert 0.91 <= inside / 300 <= 0.985


def test_facility_and_discrimination_of_a_small_table() -> None:
    table = np.array([[1, 2, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 2, 0]], dtype=float)
    first, second, third = item_figures(table, [1, 2, 3])
    assert (first.facility, first.full, first.zero) == (pytest.approx(0.6), 3, 2)
    rest = table[:, 1:].sum(axis=1)
    assert first.discrimination == pytest.approx(np.corrcoef(table[:, 0], rest)[0, 1])
    assert first.upper_lower == 1.0 and second.facility == pytest.approx(0.6)
    assert third.discrimination is None and third.facility == 0.0


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=4, max_size=30))
def test_figures_stay_in_range_and_ignore_the_order_of_persons(rows: list[list[int]]) -> None:
    table = np.array(rows, dtype=float)
    figures = item_figures(table, [4, 4, 4])
    for one in figures:
        assert one.facility is not None and 0 <= one.facility <= 1
        assert one.discrimination is None or -1 <= one.discrimination <= 1
        assert one.upper_lower is None or -1 <= one.upper_lower <= 1
    turned = item_figures(table[::-1], [4, 4, 4])
    assert [one.facility for one in figures] == pytest.approx([one.facility for one in turned])


def test_missing_scores_are_left_out_not_zero() -> None:
    table = np.array([[1, np.nan], [1, 2], [0, 0], [1, 2]], dtype=float)
    first, second = item_figures(table, [1, 2])
    assert (first.n, second.n) == (4, 3)
    assert second.facility == pytest.approx(2 / 3)
    (nobody,) = item_figures(np.full((3, 1), np.nan), [1])
    assert nobody.facility is None and nobody.n == 0


def test_distractors() -> None:
    chosen = [frozenset(one) for one in ("A", "A", "A", "B", "B", "C", "C", "A", "", "AC")]
    rest = [0.9, 0.8, 0.85, 0.1, 0.2, 0.95, 0.9, 0.7, 0.3, 0.6]
    a, b, c, d = option_figures(chosen, rest, "ABCD", frozenset("A"))
    assert (a.verdict, a.count) == (OptionVerdict.KEY, 5)
    assert (b.verdict, b.upper, b.lower) == (OptionVerdict.WORKS, 0.0, pytest.approx(2 / 3))
    assert c.verdict is OptionVerdict.DRAWS_THE_STRONG and d.verdict is OptionVerdict.IDLE


@pytest.mark.parametrize(
    ("scores", "full"),
    [([[1, 2]], [1]), ([1, 2], [1, 2]), ([[2]], [1]), ([[-1]], [1]), ([[0]], [0]), ([[np.inf]], [1])],
)
def test_scores_that_make_no_sense_are_refused(scores: list[object], full: list[float]) -> None:
    with pytest.raises(ClassicalError):
        item_figures(scores, full)  # type: ignore[arg-type]
    with pytest.raises(ClassicalError):
        reliability(scores, full)  # type: ignore[arg-type]


def test_too_little_tells_nothing() -> None:
    assert reliability([[1.0, 0.0]], [1, 1]) is None
    assert reliability([[1.0], [0.0], [1.0]], [1]) is None
    assert reliability([[1.0, 1.0]] * 5, [1, 1]) is None
    assert compare_means([1.0], [1.0, 2.0]) is None
    assert mean_interval([]) is None
    alone = mean_interval([0.5])
    assert alone is not None and alone.low is None


def test_what_is_no_share_or_no_key_is_refused() -> None:
    with pytest.raises(ClassicalError):
        share_interval(3, 2)
    with pytest.raises(ClassicalError):
        share_interval(0, 0)
    with pytest.raises(ClassicalError):
        option_figures([frozenset("A")], [0.5], "AB", frozenset("C"))
    with pytest.raises(ClassicalError):
        option_figures([frozenset("A")], [0.5, 0.6], "AB", frozenset("A"))
