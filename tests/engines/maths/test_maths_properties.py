"""Identities made at random are accepted, perturbed ones refused; own pairs; any text is answered."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.maths import judge

LEAVES = st.sampled_from(["x", "y", "2", "3", "(x+1)", "sin(x)", "1/(x^2+1)", "√(x^2+1)"])
SUMS = st.lists(LEAVES, min_size=2, max_size=4)
SMALL = settings(max_examples=25, deadline=None)
PAIRS = Path(__file__).parents[3] / "benchmarks" / "data" / "maths_pairs.jsonl"


@SMALL
@given(SUMS, LEAVES)
def test_distribution_is_accepted_and_a_small_change_refused(parts: list[str], factor: str) -> None:
    left = f"{factor}*({'+'.join(parts)})"
    right = "+".join(f"{part}*{factor}" for part in reversed(parts))
    assert judge(left, right).equal
    assert judge(right, left).equal
    assert not judge(left, right + "+1e-13").equal
    assert not judge(f"({left})*(1+10^(-14))", right).equal


@SMALL
@given(st.integers(-9, 9), st.integers(-9, 9))
def test_roots_make_equations(a: int, b: int) -> None:
    equation = f"x^2-({a + b})*x+({a * b})=0"
    if a != b:
        assert judge(equation, f"x={a}或x={b}").equal
    assert not judge(equation, f"x={a}或x={b + 1}").equal
    assert judge(f"x={b},x={a}", f"x={a}或x={b}").equal


@SMALL
@given(st.integers(-9, 9), st.integers(1, 9), st.sampled_from(["()", "[]", "(]", "[)"]))
def test_intervals_agree_with_inequalities(low: int, width: int, ends: str) -> None:
    text = f"{ends[0]}{low},{low + width}{ends[1]}"
    signs = ["<" if end in "()" else "≤" for end in ends]
    assert judge(f"{low}{signs[0]}x{signs[1]}{low + width}", text, test="interval").equal
    assert not judge(text, f"{ends[0]}{low},{low + width + 1}{ends[1]}").equal


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="x1+-*/^()[]{}|=<>,√π\\ se", max_size=60))
def test_any_text_is_answered_in_time(text: str) -> None:
    start = time.perf_counter()
    judge(text, "x^2+1")
    judge("x^2+1", text)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("accepted", [True, False])
def test_own_pairs(accepted: bool) -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    chosen = [pair for pair in pairs if pair["equal"] is accepted]
    assert len(chosen) > 150
    wrong = [
        pair["id"]
        for pair in chosen
        if judge(
            pair["student"], pair["reference"], test=pair.get("test", ""), form=pair.get("form", "")
        ).equal
        is not accepted
    ]
    assert wrong == []
