"""Graders of expressions and worked solutions."""

from __future__ import annotations

import pytest

from zhiwei.engines.judging import Flag, ItemError, Judgement, Response, build_grader, item_from_json


def judged(shape: dict[str, object], answer: str) -> Judgement:
    return build_grader(item_from_json(shape)).judge(Response("r", text=answer))


EXPRESSION: dict[str, object] = {"type": "expression", "max_score": 4, "reference_answers": ["(x-1)(x+1)"]}


def test_equal_expressions_earn_full_marks_and_others_say_why() -> None:
    assert judged(EXPRESSION, "x²-1").score == 4
    wrong = judged(EXPRESSION, "1-x²")
    assert wrong.score == 0
    assert [reason.code for reason in wrong.reasons] == ["expression.sign_error"]


def test_wrong_form_keeps_half() -> None:
    shape = {**EXPRESSION, "settings": {"form": "factored"}}
    assert judged(shape, "x²-1").score == 2
    assert judged(shape, "(1+x)(x-1)").score == 4


def test_a_bare_value_stands_for_the_solved_equation() -> None:
    assert judged({"type": "expression", "max_score": 1, "reference_answers": ["x=1"]}, "1").score == 1


def test_what_cannot_be_read_is_flagged_and_bad_items_refused() -> None:
    assert judged(EXPRESSION, "x+)(").flags == frozenset({Flag.UNREADABLE})
    with pytest.raises(ItemError, match="form"):
        build_grader(item_from_json({**EXPRESSION, "settings": {"form": "nice"}}))
    with pytest.raises(ItemError, match="cannot be read"):
        build_grader(item_from_json({**EXPRESSION, "reference_answers": ["x+)("]}))


SOLUTION: dict[str, object] = {
    "type": "solution",
    "max_score": 4,
    "stem": "解方程 2x+2=8",
    "reference_answers": [["2x=6", "x=3"]],
    "rubric": [
        {"id": "a", "score": 2, "accept": ["2x=6"]},
        {"id": "b", "score": 2, "accept": ["x=3"], "follow_through": True},
    ],
}


def test_solution_points_follow_through_and_other_routes() -> None:
    assert judged(SOLUTION, "2x=8-2\nx=3").score == 4
    followed = judged(SOLUTION, "2x=8+2\nx=5")
    assert followed.score == 2
    assert followed.reasons[0].code == "solution.term_not_negated"
    assert judged(SOLUTION, "x+1=4\nx=3").score == 4
    assert all(span.text == "2x=8+2\nx=5"[span.start : span.end] for span in followed.evidence)


def test_solution_without_rubric() -> None:
    shape = {key: value for key, value in SOLUTION.items() if key != "rubric"}
    assert judged(shape, "2x=6\nx=3").score == 4
    assert 0 < judged(shape, "2x=6\nx=4").score < 4
    assert judged(shape, "我不会").score == 0
