"""Adaptive tests: precise, short, balanced, and sparing of their items."""

from pathlib import Path

import numpy as np
import pytest

from zhiwei.engines.adaptive import CatSettings, control_exposure, next_step, prepare, simulate
from zhiwei.engines.adaptive.cli import main
from zhiwei.engines.psychometrics import Items, Model, information, items_2pl, items_polytomous


def _bank(count: int = 200, seed: int = 1) -> Items:
    rng = np.random.default_rng(seed)
    return items_2pl(rng.uniform(0.8, 2.0, count), rng.normal(0, 1.2, count))


def test_adaptive_items_measure_better_than_items_at_random() -> None:
    rng, items = np.random.default_rng(2), _bank()
    theta = rng.normal(size=800)
    best = simulate(prepare(items), theta, CatSettings(15), rng)
    random = simulate(prepare(items), theta, CatSettings(15, top=200), rng)
    error = [np.sqrt(np.mean((s.theta - theta) ** 2)) for s in (best, random)]
    assert error[0] < 0.85 * error[1]
    assert best.standard_error.mean() == pytest.approx(error[0], rel=0.15)


def test_the_first_item_is_the_most_informative_at_the_prior_mean() -> None:
    items = _bank()
    step = next_step(prepare(items), [], CatSettings(), np.random.default_rng(0))
    assert step.next_item == int(np.argmax(information(items, np.array([0.0]))[:, 0]))
    assert (step.theta, step.standard_error) == (pytest.approx(0.0, abs=1e-5), pytest.approx(1.0, abs=1e-2))


def test_no_item_comes_twice_and_the_live_test_repeats_the_simulated_one() -> None:
    items, rng = _bank(60), np.random.default_rng(3)
    pool, settings = prepare(items), CatSettings(12)
    told = simulate(pool, rng.normal(size=20), settings, rng)
    for person in range(20):
        assert len(set(told.items[person])) == 12
        given = list(zip(told.items[person].tolist(), told.scores[person].tolist(), strict=True))
        for n in range(12):
            assert next_step(pool, given[:n], settings, rng).next_item == given[n][0]
        last = next_step(pool, given, settings, rng)
        assert last.next_item is None
        assert last.theta == pytest.approx(told.theta[person], abs=1e-4)


def test_a_precise_enough_test_ends_early() -> None:
    rng = np.random.default_rng(4)
    told = simulate(prepare(_bank(400)), rng.normal(size=300), CatSettings(60, 5, stop_error=0.35), rng)
    early = told.lengths < 60
    assert early.mean() > 0.9 and told.lengths.min() >= 5
    assert (told.standard_error[early] <= 0.35).all()
    assert ((told.items >= 0).sum(axis=1) == (told.scores >= 0).sum(axis=1)).all()


def test_content_areas_get_their_shares() -> None:
    rng, items = np.random.default_rng(5), _bank(90)
    pool = prepare(items, content=[j % 3 for j in range(90)], target=[0.5, 0.3, 0.2])
    told = simulate(pool, rng.normal(size=100), CatSettings(20), rng)
    areas = told.items % 3
    for area, want in ((0, 10), (1, 6), (2, 4)):
        assert np.abs((areas == area).sum(axis=1) - want).max() <= 1


def test_an_area_that_runs_out_does_not_stop_the_test() -> None:
    rng = np.random.default_rng(6)
    pool = prepare(_bank(30), content=[0] * 2 + [1] * 28, target=[0.5, 0.5])
    assert (simulate(pool, rng.normal(size=10), CatSettings(20), rng).lengths == 20).all()


def test_exposure_control_holds_items_down_at_little_cost() -> None:
    rng = np.random.default_rng(7)
    pool, settings = prepare(_bank(150)), CatSettings(12)
    theta = rng.normal(size=2000)
    free = simulate(pool, theta, settings, rng)
    held = simulate(control_exposure(pool, settings, 0.25, rng), theta, settings, rng)
    loose = simulate(pool, theta, CatSettings(12, top=5), rng)
    assert free.exposure(150).max() > 0.9
    assert held.exposure(150).max() < 0.32
    assert loose.exposure(150).max() < free.exposure(150).max()
    assert np.sqrt(np.mean((held.theta - theta) ** 2)) < 1.2 * np.sqrt(np.mean((free.theta - theta) ** 2))


@pytest.mark.parametrize("model", [Model.GRADED, Model.GENERAL_PARTIAL])
def test_polytomous_banks_work_and_their_answers_follow_the_curves(model: Model) -> None:
    rng = np.random.default_rng(8)
    steps = np.sort(rng.normal(0, 1, (60, 3)), axis=1)
    steps[:10, 2] = np.nan
    items = items_polytomous(model, rng.uniform(0.8, 1.6, 60), steps)
    theta = rng.normal(size=600)
    told = simulate(prepare(items), theta, CatSettings(15), rng)
    assert np.corrcoef(told.theta, theta)[0, 1] > 0.93
    assert ((told.theta - theta) / told.standard_error).std() == pytest.approx(1.0, abs=0.12)
    assert told.scores.max() == 3 and told.scores[told.items < 10].max(initial=0) <= 2


def test_a_bank_used_up_ends_the_test() -> None:
    rng = np.random.default_rng(9)
    told = simulate(prepare(_bank(5)), rng.normal(size=4), CatSettings(10), rng)
    assert (told.lengths == 5).all()
    given = [(j, 1) for j in range(5)]
    assert next_step(prepare(_bank(5)), given, CatSettings(10), rng).next_item is None


def test_impossible_wishes_are_refused() -> None:
    rng, pool = np.random.default_rng(0), prepare(_bank(20))
    with pytest.raises(ValueError, match="least"):
        CatSettings(5, 6)
    with pytest.raises(ValueError, match="exposure"):
        control_exposure(pool, CatSettings(15), 0.2, rng)
    with pytest.raises(ValueError, match="no item 20"):
        next_step(pool, [(20, 1)], CatSettings(), rng)
    with pytest.raises(ValueError, match="shares"):
        prepare(_bank(3), content=[0, 1, 2], target=[1.0])


def test_the_command_tells_error_and_exposure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = _bank(60)
    lines = [
        f"q{j},{a},{b},{'xy'[j % 2]}"
        for j, (a, b) in enumerate(zip(items.slope, items.difficulty[:, 0], strict=True))
    ]
    (tmp_path / "bank.csv").write_text("\n".join(["item,a,b,content", *lines]), encoding="utf-8")
    out = tmp_path / "out.csv"
    assert main([str(tmp_path / "bank.csv"), "--examinees", "50", "--length", "10", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "RMSE" in told and "mean length 10.00" in told
    assert len(out.read_text(encoding="utf-8").splitlines()) == 51
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "no such file" in capsys.readouterr().err
