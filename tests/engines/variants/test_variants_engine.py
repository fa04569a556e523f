"""Arithmetic that runs nothing, and variants that hold together."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.judging import Response, grader_for, item_from_json
from zhiwei.engines.variants import FormulaError, VariantError, draw, evaluate, has_parameters, holds, variant

STARTER = Path(__file__).resolve().parents[3] / "src/zhiwei/curriculum/starter/items"
PATTERNS = [
    item
    for path in sorted(STARTER.glob("*.jsonl"))
    for item in map(json.loads, path.read_text("utf-8").splitlines())
    if has_parameters(item)
]
SIMPLE: dict[str, Any] = {
    "type": "numeric",
    "max_score": 1,
    "stem": "${{a}}+{{b}}={{?}}$",
    "reference_answers": ["{{c}}"],
    "parameters": [{"name": "a", "min": 1, "max": 9}, {"name": "b", "choices": [2, 3.5]}],
    "conditions": ["a > b"],
    "derived": {"c": "a+b"},
}


@pytest.mark.parametrize(
    ("source", "value"),
    [("1+2*3", 7), ("-2^2", -4), ("2^-1", Fraction(1, 2)), ("(1+2)*3", 9), ("7%3", 1), ("sqrt(9/4)", Fraction(3, 2)),
     ("gcd(12, 18)", 6), ("lcm(4,6)", 12), ("abs(-3.5)", Fraction(7, 2)), ("round(22/7, 2)", Fraction(157, 50)),
     ("2**3**2", 512), ("x*y - -1", 7)],
)  # fmt: skip
def test_arithmetic_is_exact(source: str, value: Fraction) -> None:
    assert evaluate(source, {"x": Fraction(2), "y": Fraction(3)}) == value


@pytest.mark.parametrize(
    "source",
    ["", "1+", "(1", "__import__('os')", "x.y", "1/0", "0^-1", "9^99", "sqrt(2)", "z", "f(1)", "1 2", "gcd(1.5,2)",
     "sqrt(1,2)", "lambda: 1", "9^64^2", "(" * 300 + "1" + ")" * 300, "1" * 500, "-" * 300 + "1", "[1]", "a:=1"],
)  # fmt: skip
def test_what_is_not_arithmetic_is_refused_in_words(source: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(source, {})


def test_conditions() -> None:
    values = {"a": Fraction(2), "b": Fraction(3)}
    assert holds("a < b and a != 0", values) and holds("a == 3 or b == 3", values)
    assert not holds("a*b > 6", values)
    with pytest.raises(FormulaError, match="comparison"):
        holds("a", values)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6), st.data())
def test_arithmetic_agrees_with_pythons_fractions(numbers: list[int], data: st.DataObject) -> None:
    signs = [data.draw(st.sampled_from("+-*")) for _ in numbers[1:]]
    source = str(numbers[0]) + "".join(
        f"{sign}({number})" for sign, number in zip(signs, numbers[1:], strict=True)
    )
    assert evaluate(source, {}) == eval(source)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_a_seed_is_a_promise(seed: int) -> None:
    one = variant({**SIMPLE, "stem": "{{a}}"}, seed)
    assert one == variant({**SIMPLE, "stem": "{{a}}"}, seed)
    values = draw(SIMPLE, seed)
    assert values["a"] > values["b"] and values["c"] == values["a"] + values["b"]
    assert "parameters" not in one and one["variant"]["seed"] == seed


@pytest.mark.parametrize("item", PATTERNS, ids=lambda item: item["id"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_pattern_of_the_starter_bank_gives_questions_that_can_be_judged(
    item: dict[str, Any], seed: int
) -> None:
    made = variant(item, seed)
    assert "{{" not in json.dumps(made, ensure_ascii=False)
    judged = item_from_json(made)
    if made["type"] != "composite":
        answer = judged.reference_answers[0]
        given = (
            Response("1", value=list(judged.reference_answers))
            if made["type"] == "blank"
            else Response("1", text=answer if isinstance(answer, str) else "\n".join(map(str, answer)))
        )  # type: ignore[union-attr]
        if made["type"] in {"numeric", "expression"}:
            assert grader_for(judged).judge(given).score == judged.max_score


@pytest.mark.parametrize(
    ("change", "said"),
    [({"parameters": [{"name": "a b", "min": 1, "max": 2}]}, "parameter 1"),
     ({"parameters": [{"name": "a"}]}, "min and max"),
     ({"parameters": [{"name": "a", "min": 1, "max": 1e9, "step": 0.001}]}, "range"),
     ({"conditions": ["a > 99"]}, "500 draws"),
     ({"derived": {"c": "open(1)"}}, "unknown function"),
     ({"stem": "{{nobody}}"}, "nobody")],
)  # fmt: skip
def test_broken_patterns_say_what_is_wrong(change: dict[str, Any], said: str) -> None:
    with pytest.raises(VariantError, match=said):
        variant({**SIMPLE, "stem": "{{a}}", **change}, 1)


def test_an_item_without_parameters_stays_as_it_is() -> None:
    assert variant({"type": "essay", "stem": "{{a}}"}, 3) == {"type": "essay", "stem": "{{a}}"}
