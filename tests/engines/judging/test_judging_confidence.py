"""Confidence: what it promises, it keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.judging import ItemError, Marked, Response, grader_for, item_from_json
from zhiwei.engines.judging.calibrated import agrees, out_of_fold
from zhiwei.engines.judging.confidence import (
    Calibration,
    expected_calibration_error,
    fit_calibration,
    release_threshold,
    risk_coverage,
)


def overconfident(n: int, seed: int) -> tuple[list[float], list[bool]]:
    """Answers right with probability c² that claim c."""
    draw = np.random.default_rng(seed)
    claimed = draw.uniform(0.3, 0.99, n)
    return claimed.tolist(), (draw.uniform(size=n) < claimed**2).tolist()


def test_without_marks_a_confidence_stays_as_it_is():
    assert Calibration().apply([0.2, 0.9]) == pytest.approx([0.2, 0.9])
    assert fit_calibration([], []).apply([0.7]) == pytest.approx([0.7])


@pytest.mark.parametrize("n", [50, 150, 1000])
def test_overconfidence_is_corrected_on_answers_not_seen(n):
    calibration = fit_calibration(*overconfident(n, 1))
    raw, right = overconfident(4000, 2)
    before = expected_calibration_error(raw, right)
    after = expected_calibration_error(calibration.apply(raw).tolist(), right)
    assert before > 0.15
    assert after < (0.05 if n == 1000 else 0.12)


def test_calibration_error_by_hand():
    assert expected_calibration_error([0.95, 0.95, 0.15, 0.15], [True, False, False, False]) == pytest.approx(
        0.3
    )
    assert expected_calibration_error([], []) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_maps_are_monotone_and_tables_add_up(rows):
    raw, right = [r for r, _ in rows], [h for _, h in rows]
    mapped = fit_calibration(raw, right).apply(np.linspace(0, 1, 21))
    assert np.all(np.diff(mapped) >= -1e-12)
    assert np.all((mapped >= 0) & (mapped <= 1))
    table = risk_coverage(raw, right)
    assert table[-1].coverage == 1
    assert table[-1].error_rate == pytest.approx(1 - sum(right) / len(right))
    assert all(point.at_most >= point.error_rate for point in table)


def test_release_needs_enough_proof():
    few = risk_coverage([0.99] * 10, [True] * 10)
    many = risk_coverage([0.99] * 100 + [0.5] * 20, [True] * 100 + [False] * 20)
    assert release_threshold(few, 0.05) == 0.95
    assert release_threshold(many, 0.05) == 0.99
    assert many[0].at_most == pytest.approx(1 - 0.1 ** (1 / 100), abs=1e-6)


def test_marks_that_contradict_the_key_lower_confidence_and_defer():
    item = item_from_json({"type": "blank", "max_score": 1, "answer": "氧气"})
    wrong_key = [Marked(Response(str(n), f"答{n}"), 1.0) for n in range(40)]
    _, right = out_of_fold(item, wrong_key, seed=0)
    assert not any(right)
    judged = grader_for(item, wrong_key).judge(Response("x", "别的"))
    assert judged.confidence < 0.3
    assert judged.defer
    trusted = grader_for(item).judge(Response("x", "氧气"))
    assert not trusted.defer
    assert trusted.confidence >= 0.95
    assert grader_for(item, tolerated_error=0.001).judge(Response("x", "氧气")).defer


def test_tolerated_error_must_be_a_share():
    item = item_from_json({"type": "blank", "max_score": 1, "answer": "氧气"})
    with pytest.raises(ItemError, match="between 0 and 1"):
        grader_for(item, tolerated_error=1.5)


@pytest.mark.parametrize(
    ("score", "mark", "maximum", "same"),
    [(1, 1, 2, True), (1.5, 1, 2, False), (0.5, 1, 1, False), (57, 60, 60, False), (58, 60, 60, True)],
)
def test_agreement(score, mark, maximum, same):
    assert agrees(score, mark, maximum) is same
