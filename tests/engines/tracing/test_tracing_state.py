"""One step at a time, a whole log at once, rebuilt from responses: always the same state."""

import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.tracing import (
    Level,
    Observation,
    Session,
    TracingSettings,
    TracingState,
    level_after,
    load_state,
    rebuild_pupil,
)
from zhiwei.engines.tracing.log import Block, Structure, run_block
from zhiwei.engines.tracing.tables import Tables

DAY = 86400.0
SETS = ((), (0,), (1,), (0, 2), (1, 2, 3))
CHAIN = {"p1": ["p0"], "p2": ["p1"], "p3": ["p2"]}


def _structure() -> Structure:
    start = np.cumsum([0, *(len(s) for s in SETS)])
    flat = np.array([k for s in SETS for k in s])
    neighbours = [[1], [0, 2], [1, 3], [2]]
    return Structure(
        start.astype(np.int64), flat.astype(np.int64), np.cumsum([0, 1, 2, 2, 1]).astype(np.int64),
        np.array([k for one in neighbours for k in one], np.int64), np.full(len(SETS), math.nan),
    )  # fmt: skip


def _log(rows: int, seed: int) -> Block:
    rng = np.random.default_rng(seed)
    item = rng.integers(0, len(SETS), rows)
    score = rng.choice([0.0, 0.5, 1.0], rows)
    return Block(rng.integers(0, 7, rows), item, item.copy(), score, np.cumsum(rng.exponential(DAY, rows)))


def _observe(state: TracingState, block: Block) -> list[float]:
    rows = zip(block.pupil, block.item, block.score, block.at, strict=True)
    return [
        state.observe(f"u{u}", f"i{i}", [f"p{k}" for k in SETS[i]], float(s), float(t)).probability
        for u, i, s, t in rows
    ]


def test_single_responses_and_the_compiled_pass_give_the_same_state() -> None:
    block, tables, state = _log(400, 1), Tables(TracingSettings()), TracingState(prerequisites=CHAIN)
    logits = run_block(tables, _structure(), block, features=False)[:, 0]
    told = _observe(state, block)
    assert np.allclose(1 / (1 + np.exp(-logits)), told, atol=1e-6)
    for u in range(7):
        assert np.allclose(tables.pupils[u][:10], state.pupils[f"u{u}"][:10], rtol=0, atol=1e-12)
    for k in range(4):
        assert np.allclose(tables.points[k][:3], state.points[f"p{k}"][:3], rtol=0, atol=1e-12)
    kept = tables.pairs.values[tables.pairs.keys >= 0]
    mine = np.array(list(state.pairs.values()))
    order, other = np.lexsort(np.nan_to_num(kept).T), np.lexsort(np.nan_to_num(mine).T)
    assert np.allclose(kept[order], mine[other], rtol=0, atol=1e-9, equal_nan=True)


def test_block_size_does_not_matter() -> None:
    block, whole, parts = _log(300, 2), Tables(TracingSettings()), Tables(TracingSettings())
    all_at_once = run_block(whole, _structure(), block)
    pieces = [run_block(parts, _structure(), block.take(np.arange(a, a + 50))) for a in range(0, 300, 50)]
    assert np.array_equal(all_at_once, np.concatenate(pieces), equal_nan=True)


def test_a_prediction_does_not_depend_on_its_own_or_later_scores() -> None:
    block = _log(200, 3)
    turned = block.score.copy()
    turned[120:] = 1 - turned[120:]
    other = Block(block.pupil, block.item, block.sets, turned, block.at)
    one, two = (run_block(Tables(TracingSettings()), _structure(), b) for b in (block, other))
    assert np.array_equal(one[:121], two[:121], equal_nan=True)
    assert not np.array_equal(one[121:], two[121:], equal_nan=True)


def test_state_survives_the_disk_and_goes_on_alike(tmp_path: Path) -> None:
    state = TracingState(prerequisites=CHAIN)
    _observe(state, _log(100, 4))
    state.save(tmp_path / "state.npz")
    back = load_state(tmp_path / "state.npz", CHAIN)
    assert _observe(state, _log(50, 5)) == _observe(back, _log(50, 5))


def test_a_pupil_is_rebuilt_from_responses_alone_in_five_milliseconds() -> None:
    teacher = TracingState()
    _observe(teacher, _log(300, 6))
    calibrated = {name: list(row) for name, row in teacher.items.items()}
    log = [
        Observation("u", f"i{n % 5}", tuple(f"p{k}" for k in SETS[n % 5]), n % 3 / 2, n * DAY)
        for n in range(200)
    ]
    live = TracingState(shared=False, items=dict(calibrated), points=dict(teacher.points))
    for one in log:
        live.observe(one.pupil, one.item, one.points, one.score, one.at)
    spent = []
    for _ in range(5):
        begin = time.process_time()
        again = rebuild_pupil(log, items=teacher.items, points=teacher.points)
        spent.append(time.process_time() - begin)
    assert again.pupils == live.pupils and again.pairs == live.pairs
    assert teacher.items == calibrated
    assert min(spent) < 0.02  # a wide margin for a busy machine; the benchmark holds the figure itself


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_turning_every_score_round_turns_every_ability(scores: list[float]) -> None:
    plain = TracingSettings(base=0.0)
    one, two = TracingState(plain), TracingState(plain)
    for n, score in enumerate(scores):
        a = one.observe("u", f"i{n % 3}", ["p"], score)
        b = two.observe("u", f"i{n % 3}", ["p"], 1 - score)
        assert a.probability == pytest.approx(1 - b.probability, abs=1e-9)
    assert one.pupils["u"][0] == pytest.approx(-two.pupils["u"][0], abs=1e-9)


def test_evidence_raises_the_estimate_and_lowers_the_doubt() -> None:
    state = TracingState()
    before = state.mastery("u", "p")
    for n in range(10):
        state.observe("u", f"i{n}", ["p"], 1.0, n * 60.0)
    after = state.mastery("u", "p")
    assert after.estimate > before.estimate + 0.2
    assert after.high - after.low < before.high - before.low
    assert (after.n, after.last_seen) == (10, 540.0)


def test_what_is_not_practised_fades_and_is_foretold() -> None:
    state = TracingState()
    for n in range(6):
        state.observe("u", f"i{n}", ["p"], 1.0, n * DAY)
    now, later = state.mastery("u", "p", 5 * DAY), state.mastery("u", "p", 12 * DAY)
    assert now.estimate - later.estimate == pytest.approx(now.forgetting, abs=1e-12)
    assert now.forgetting > 0
    assert later.estimate > state.mastery("nobody", "p").estimate


def test_learning_a_point_moves_its_neighbours_less_than_itself() -> None:
    state = TracingState(prerequisites=CHAIN)
    for n in range(5):
        state.observe("u", f"i{n}", ["p1"], 1.0)
    own, before, far = (state.pairs.get(("u", p), [0.0])[0] for p in ("p1", "p0", "p3"))
    assert own > before > 0.0 == far


def test_simulated_abilities_are_recovered() -> None:
    rng = np.random.default_rng(8)
    pupils, items = rng.normal(0, 1, 300), rng.normal(0, 1, 40)
    user, item = np.repeat(np.arange(300), 60), rng.integers(0, 40, 18000)
    score = (rng.random(18000) < 1 / (1 + np.exp(-(pupils[user] + items[item])))).astype(float)
    zero = np.zeros(18000, np.int64)
    plain = Structure(
        np.array([0, 0]),
        np.zeros(0, np.int64),
        np.zeros(1, np.int64),
        np.zeros(0, np.int64),
        np.full(40, math.nan),
    )
    tables = Tables(TracingSettings(base=0.0))
    run_block(tables, plain, Block(user, item, zero, score, np.full(18000, math.nan)))
    assert np.corrcoef(tables.pupils[:300, 0], pupils)[0, 1] > 0.93
    assert np.corrcoef(tables.items[:40, 0], items)[0, 1] > 0.97
    error = tables.pupils[:300, 0] - pupils
    assert 0.6 < np.mean(error**2) / np.mean(tables.pupils[:300, 1]) < 1.6


@pytest.mark.parametrize("score", [-0.1, 1.01, math.nan])
def test_a_score_outside_its_range_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="outside 0 to 1"):
        TracingState().observe("u", "i", ["p"], score)


def test_settings_below_nought_are_refused() -> None:
    with pytest.raises(ValueError, match="pair_var"):
        TracingSettings(pair_var=-1)


@pytest.mark.parametrize(
    ("sessions", "level"),
    [
        ([], Level.NOT_STARTED),
        ([Session((1.0, 0.0))], Level.ATTEMPTED),
        ([Session((1.0, 1.0, 1.0, 0.0))], Level.FAMILIAR),
        ([Session((1.0, 1.0))], Level.PROFICIENT),
        ([Session((1.0, 1.0)), Session((1.0,), mixed=True)], Level.MASTERED),
        ([Session((1.0, 1.0)), Session((1.0, 0.0), mixed=True)], Level.PROFICIENT),
        ([Session((1.0, 1.0)), Session((0.0,))], Level.PROFICIENT),
    ],
)
def test_plain_rules(sessions: list[Session], level: Level) -> None:
    assert level_after(sessions) is level


def test_predicting_many_equals_predicting_each_and_learns_nothing() -> None:
    state = TracingState(prerequisites={"b": ["a"]})
    for number in range(12):
        state.observe("p", f"i{number % 5}", ["a", "b"][: 1 + number % 2], number % 3 / 2, 1e5 * number)
    before = repr((state.pupils, state.pairs, state.items, state.points, state.repeats))
    asked = [("i0", ("a",)), ("i1", ("a", "b")), ("new", ("a", "unknown")), ("i2", ())]
    for pupil in ("p", "stranger"):
        each = [state.predict(pupil, item, points, 2e6).probability for item, points in asked]
        assert state.chances(pupil, asked, 2e6) == pytest.approx(each, abs=1e-12)
    assert repr((state.pupils, state.pairs, state.items, state.points, state.repeats)) == before


def test_an_items_prior_follows_its_author_until_it_is_met() -> None:
    state = TracingState()
    state.expect_item("hard", 0.2)
    state.expect_item("easy", 0.9)
    hard, easy = (state.predict("p", item, (), None).probability for item in ("hard", "easy"))
    assert (hard, easy) == (pytest.approx(0.2), pytest.approx(0.9))
    state.observe("p", "hard", (), 1.0)
    known = state.item_row("hard")
    state.expect_item("hard", 0.9)
    assert state.item_row("hard") == known
    for wrong in (0.0, 1.0, -0.5):
        with pytest.raises(ValueError, match="between 0 and 1"):
            state.expect_item("other", wrong)
