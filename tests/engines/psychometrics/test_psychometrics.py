"""Item response theory against published values, simulations and identities."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.psychometrics import (
    CalibrationSettings,
    Model,
    ScoreMatrixError,
    calibrate,
    information,
    items_2pl,
    items_polytomous,
    logistic_dif,
    mantel_haenszel,
    mean_sigma,
    mean_squares,
    probabilities,
    read_items,
    read_scores,
    s_x2,
    score_eap,
    score_wle,
    standard_errors,
    stocking_lord,
    sum_score_distribution,
)
from zhiwei.engines.psychometrics.cli import main
from zhiwei.engines.psychometrics.items import Items, curves

# LSAT section 6 (Bock & Lieberman 1970), patterns 00000 … 11111 of 1,000 persons.
LSAT6 = (
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
    10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
)  # fmt: skip
FINE = CalibrationSettings(nodes=81, reach=6.0, tolerance=1e-5)


def _lsat6() -> np.ndarray:
    patterns = [[int(c) for c in f"{i:05b}"] for i in range(32)]
    return np.repeat(patterns, LSAT6, axis=0).astype(np.int16)


def _draw(items: Items, theta: np.ndarray, seed: int) -> np.ndarray:
    p = probabilities(items, theta).transpose(1, 0, 2)
    u = np.random.default_rng(seed).random(p.shape[:2])
    return (u[..., None] > np.cumsum(p, axis=2)).sum(axis=2).clip(0, p.shape[2] - 1).astype(np.int16)


def test_lsat6_one_parameter_as_published() -> None:
    found = calibrate(_lsat6(), Model.ONE, FINE)
    assert found.items.slope == pytest.approx([0.7551] * 5, abs=2e-3)
    assert found.items.difficulty[:, 0] == pytest.approx(
        [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=5e-3
    )
    assert found.log_likelihood == pytest.approx(-2466.938, abs=0.01)


def test_lsat6_two_parameters_as_published() -> None:
    found = calibrate(_lsat6(), Model.TWO, FINE)
    assert found.items.slope == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=3e-3)
    assert found.items.difficulty[:, 0] == pytest.approx(
        [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=1e-2
    )
    assert found.log_likelihood == pytest.approx(-2466.653, abs=0.01)
    error = standard_errors(found, _lsat6())
    assert error.slope == pytest.approx([0.2581, 0.1867, 0.2326, 0.1852, 0.2100], rel=0.15)


@pytest.mark.parametrize("model", [Model.ONE, Model.TWO, Model.GRADED, Model.GENERAL_PARTIAL, Model.PARTIAL])
def test_simulated_items_are_recovered_through_booklets(model: Model) -> None:
    rng = np.random.default_rng(1)
    slope = np.full(15, 1.3) if model.common_slope else rng.uniform(0.8, 1.8, 15)
    if model.dichotomous:
        truth = items_2pl(slope, rng.normal(0, 1, 15))
    else:
        truth = items_polytomous(model, slope, rng.normal(0, 0.5, (15, 1)) + np.array([-1.0, 0.0, 1.0]))
    scores = _draw(truth, rng.normal(size=4000), 2)
    scores[:2000, :5], scores[2000:, 10:] = -1, -1
    found = calibrate(scores, model)
    assert found.converged
    assert np.sqrt(np.mean((found.items.slope - truth.slope) ** 2)) < 0.1
    assert np.sqrt(np.nanmean((found.items.difficulty - truth.difficulty) ** 2)) < 0.12
    error = standard_errors(found, scores)
    z = ((found.items.difficulty - truth.difficulty) / error.difficulty).ravel()
    assert np.nanmean(np.abs(z) < 2.6) > 0.9


def test_three_parameters_are_recovered_with_a_long_test() -> None:
    rng = np.random.default_rng(3)
    truth = items_2pl(rng.uniform(0.9, 1.8, 30), rng.normal(0, 1, 30), np.full(30, 0.2))
    scores = _draw(truth, rng.normal(size=5000), 4)
    found = calibrate(scores, Model.THREE).items
    grid = np.linspace(-2, 2, 9)
    gap = probabilities(found, grid)[:, :, 1] - probabilities(truth, grid)[:, :, 1]
    assert np.sqrt(np.mean(gap**2)) < 0.025


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(Model)))
def test_derivatives_are_those_of_the_probabilities(seed: int, model: Model) -> None:
    rng = np.random.default_rng(seed)
    steps = np.array([1, 1]) if model.dichotomous else np.array([3, 2])
    intercept = -np.sort(rng.normal(size=(2, steps.max())))
    guess = np.full(2, 0.15) if model is Model.THREE else np.zeros(2)
    items = Items(model, rng.uniform(0.5, 2, 2), intercept, guess, steps)
    theta, h = rng.normal(size=3), 1e-5
    now, up, down = (curves(items, theta + d) for d in (0.0, h, -h))
    assert now.p.sum(axis=2) == pytest.approx(1.0)
    assert now.first == pytest.approx((up.p - down.p) / (2 * h), abs=1e-6)
    assert now.second == pytest.approx((up.first - down.first) / (2 * h), abs=1e-6)
    more = Items(model, items.slope + h, intercept, guess, steps)
    assert now.by_parameter[..., 0] == pytest.approx((curves(more, theta).p - now.p) / h, abs=1e-4)


def test_information_of_known_items() -> None:
    items = items_2pl(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    assert information(items, np.array([0.0]))[0] == pytest.approx([0.25])
    assert information(items, np.array([1.0]))[1] == pytest.approx([1.0])


def test_turning_the_scores_round_turns_the_scale_round() -> None:
    truth = items_2pl(np.linspace(0.8, 1.6, 8), np.linspace(-1, 1.5, 8))
    scores = _draw(truth, np.random.default_rng(5).normal(size=1500), 6)
    one, two = calibrate(scores, Model.TWO, FINE), calibrate((1 - scores).astype(np.int16), Model.TWO, FINE)
    assert one.log_likelihood == pytest.approx(two.log_likelihood, abs=1e-2)
    assert one.items.difficulty == pytest.approx(-two.items.difficulty, abs=5e-3)


def test_graded_with_two_categories_is_the_two_parameter_model() -> None:
    scores = _lsat6()
    one, two = calibrate(scores, Model.TWO, FINE), calibrate(scores, Model.GRADED, FINE)
    assert one.items.slope == pytest.approx(two.items.slope, abs=1e-6)


def test_items_nobody_missed_stay_finite() -> None:
    scores = _lsat6()[:, :5].copy()
    scores[:, 0] = 1
    found = calibrate(scores, Model.TWO)
    assert np.isfinite(found.items.slope).all() and np.isfinite(found.items.intercept).all()


@pytest.mark.parametrize("scorer", [score_eap, score_wle])
def test_abilities_are_recovered_and_their_errors_are_honest(scorer) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(7)
    items = items_2pl(rng.uniform(0.8, 2, 40), rng.normal(0, 1, 40))
    theta = rng.normal(size=1500)
    found = scorer(items, _draw(items, theta, 8))
    assert np.corrcoef(found.theta, theta)[0, 1] > 0.93
    z = (found.theta - theta) / found.standard_error
    assert 0.85 < z.std() < 1.15


def test_wle_solves_warms_equation_and_is_finite_at_the_ends() -> None:
    items = items_2pl(np.ones(10), np.linspace(-2, 2, 10))
    scores = np.array([[1] * 10, [0] * 10, [1] * 5 + [0] * 5], np.int16)
    found = score_wle(items, scores)
    assert np.isfinite(found.theta).all()
    assert found.theta[0] == pytest.approx(-found.theta[1], abs=1e-6)
    assert found.theta[2] == pytest.approx(0.0, abs=1e-6)
    shape = curves(items, found.theta[:1])
    pull = (shape.first[:, 0, 1] / shape.p[:, 0, 1]).sum()
    info = shape.information()[:, 0].sum()
    skew = (shape.first * shape.second / shape.p)[:, 0].sum()
    assert pull + skew / (2 * info) == pytest.approx(0.0, abs=0.01)


def test_somebody_given_nothing_gets_the_prior() -> None:
    items = items_2pl(np.ones(3), np.zeros(3))
    scores = np.array([[-1, -1, -1], [1, 0, 1]], np.int16)
    found = score_eap(items, scores)
    assert found.theta[0] == pytest.approx(0.0, abs=1e-6)
    assert found.standard_error[0] == pytest.approx(1.0, abs=1e-3)
    assert np.isnan(score_wle(items, scores).theta[0])


def test_sum_scores_of_equal_items_are_binomial() -> None:
    chances = sum_score_distribution(np.full((4, 1), 0.3))[:, 0]
    assert chances == pytest.approx([0.2401, 0.4116, 0.2646, 0.0756, 0.0081])


def test_fit_tells_a_wild_item_from_good_ones() -> None:
    rng = np.random.default_rng(9)
    items = items_2pl(rng.uniform(0.9, 1.5, 15), rng.normal(0, 1, 15))
    theta = rng.normal(size=3000)
    scores = _draw(items, theta, 10)
    assert np.mean(s_x2(items, scores).p_value > 0.01) > 0.8
    assert mean_squares(items, scores, theta).person_outfit.mean() == pytest.approx(1.0, abs=0.05)
    scores[:, 4] = (np.abs(theta) < 0.7).astype(np.int16)
    found = s_x2(items, scores)
    assert found.p_value[4] < 1e-6
    assert np.argmax(found.statistic) == 4
    squares = mean_squares(items, scores, theta)
    assert squares.item_infit[4] > 1.15
    assert np.delete(squares.item_infit, 4) == pytest.approx(1.0, abs=0.1)


def test_dif_is_found_where_it_is_and_not_elsewhere() -> None:
    rng = np.random.default_rng(11)
    items = items_2pl(rng.uniform(0.9, 1.5, 20), rng.normal(0, 1, 20))
    intercept = items.intercept - 0.9 * (np.arange(20) == 3)[:, None]
    harder = Items(items.model, items.slope, intercept, items.guess, items.steps)
    theta, focal = rng.normal(size=4000), np.arange(4000) % 2 == 1
    scores = np.where(focal[:, None], _draw(harder, theta, 12), _draw(items, theta, 12)).astype(np.int16)
    told = [mantel_haenszel(scores, j, focal) for j in range(20)]
    assert told[3].ets_class == "C" and told[3].delta < -1.5
    assert sum(one.ets_class == "A" for one in told) >= 17
    assert logistic_dif(scores, 3, focal, theta).uniform_p < 1e-6
    assert logistic_dif(scores, 3, focal, theta).group_effect == pytest.approx(-0.9, abs=0.3)
    assert logistic_dif(scores, 8, focal, theta).any_p > 1e-4


def test_mantel_haenszel_by_hand() -> None:
    scores = np.array([[1]] * 30 + [[0]] * 10 + [[1]] * 20 + [[0]] * 20, np.int16)
    scores = np.concatenate([scores, 1 - scores], axis=1)  # everybody's sum is 1: one stratum
    told = mantel_haenszel(scores, 0, np.arange(80) >= 40)
    assert told.odds_ratio == pytest.approx(3.0)
    assert told.delta == pytest.approx(-2.35 * np.log(3))
    with pytest.raises(ValueError, match="both"):
        mantel_haenszel(scores, 0, np.zeros(80, bool))


@pytest.mark.parametrize("link", [mean_sigma, stocking_lord])
def test_linking_finds_the_scale_back(link) -> None:  # type: ignore[no-untyped-def]
    old = items_polytomous(Model.GRADED, np.array([1.0, 1.4, 0.8]), np.array([[-1, 0], [0, 1], [0.5, 2]]))
    new = old.rescaled(1 / 1.25, -0.4 / 1.25)
    found = link(old, new)
    assert (found.scale, found.shift) == pytest.approx((1.25, 0.4), abs=1e-4)
    assert found.items(new).difficulty == pytest.approx(old.difficulty, abs=1e-3)
    assert found.theta(np.array([0.0])) == pytest.approx([0.4], abs=1e-4)


def test_a_change_of_scale_changes_no_probability() -> None:
    items = items_2pl(np.array([1.2, 0.7]), np.array([0.3, -1.0]), np.array([0.2, 0.1]))
    theta = np.linspace(-2, 2, 5)
    assert probabilities(items.rescaled(2, 1), 2 * theta + 1) == pytest.approx(probabilities(items, theta))


def _matrix(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_header_and_identifiers_are_recognised(tmp_path: Path) -> None:
    plain = read_scores(_matrix(tmp_path, "1,0,\n0,1,1\n"))
    assert plain.items == ["i1", "i2", "i3"] and plain.scores.tolist() == [[1, 0, -1], [0, 1, 1]]
    full = read_scores(_matrix(tmp_path, "id\tq1\tq2\n7\t1\tNA\n8\t0\t2\n"))
    assert (full.persons, full.items) == (["7", "8"], ["q1", "q2"])
    assert read_scores(_matrix(tmp_path, "甲,1,0\n乙,0,1\n")).persons == ["甲", "乙"]


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), ("id,a\n", "no rows"), ("a,b\n1,0\n1\n", "row 3"), ("a,b\n1,0\n1,x\n", "column 2"),
     ("a,b\n1,2\n0,1\n", "above 1"), ("a,b\n,\n", "no responses"), ("a,b\n1,0.5\n", "whole score")],
)  # fmt: skip
def test_a_matrix_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    assert main([str(_matrix(tmp_path, text)), "--model", "2pl", "--out", str(tmp_path / "p.csv")]) == 2
    assert why in capsys.readouterr().err


def test_the_command_writes_parameters_and_abilities(tmp_path: Path) -> None:
    lines = ["id,a,b,c,d,e", *(f"s{n}," + ",".join(map(str, row)) for n, row in enumerate(_lsat6().tolist()))]
    source, out, scores = _matrix(tmp_path, "\n".join(lines)), tmp_path / "p.csv", tmp_path / "s.csv"
    assert main([str(source), "--out", str(out), "--scores", str(scores)]) == 0
    with out.open(encoding="utf-8") as rows:
        told = list(csv.DictReader(rows))
    assert [row["item"] for row in told] == list("abcde")
    assert float(told[2]["b"]) == pytest.approx(-0.28, abs=0.01)
    assert len(scores.read_text(encoding="utf-8").splitlines()) == 1001
    names, items, _ = read_items(out)
    assert names == list("abcde") and items.slope == pytest.approx([float(row["a"]) for row in told])


def test_a_bank_without_slopes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScoreMatrixError, match="no column a"):
        read_items(_matrix(tmp_path, "item,b\nx,1\n"))
