"""Choices, blanks, numbers, pairs, orders and what is made of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.judging import (
    Flag,
    ItemError,
    Judgement,
    Response,
    grader_for,
    item_from_json,
    marked_from_json,
    response_from_json,
)

CHOICE = {"type": "single_choice", "options": ["甲", "乙", "丙"], "reference_answers": ["B"]}
SEVERAL = {"type": "multiple_choice", "options": ["甲", "乙", "丙", "丁"], "reference_answers": ["A", "C"]}
BLANKS = {"type": "blank", "stem": "通过____作用释放____", "reference_answers": [["光合"], ["氧气", "O2"]]}
FREE = {"type": "blank", "reference_answers": ["red", "green", "blue"], "settings": {"order_free": True}}
SPEED = {"type": "numeric", "reference_answers": ["9.8 m/s^2"]}
PAIRS = {
    "type": "matching",
    "options": {"left": ["猫", "狗"], "right": ["喵", "汪"]},
    "reference_answers": [["l1", "r1"], ["l2", "r2"]],
}
ORDER = {"type": "ordering", "reference_answers": ["c", "a", "b"], "settings": {"partial": "position"}}
CLOSED = [CHOICE, SEVERAL, BLANKS, FREE, SPEED, PAIRS, ORDER, {"type": "true_false", "answer": True}]


def judge(item: dict, answer: object, marked: list[dict] | tuple = ()) -> Judgement:
    grader = grader_for(item_from_json({"max_score": 2, **item}), [marked_from_json(m) for m in marked])
    key = "text" if isinstance(answer, str) else "value"
    return grader.judge(response_from_json({"id": "r", key: answer}))


def codes(judged: Judgement) -> set[str]:
    return {reason.code for reason in judged.reasons}


@pytest.mark.parametrize(
    "answer", ["b", "Ｂ．", "选B", "答案是乙", "我觉得是 b 吧", "2", "（B）", "the answer is B"]
)
def test_one_choice_in_many_spellings(answer):
    assert judge(CHOICE, answer).score == 2


@pytest.mark.parametrize(
    ("answer", "code"), [("A", "choice.wrong"), ("AB", "choice.several"), ("不选B", "answer.unreadable")]
)
def test_other_choices_earn_nothing(answer, code):
    judged = judge(CHOICE, answer)
    assert judged.score == 0
    assert code in codes(judged)


@pytest.mark.parametrize(
    ("rule", "answer", "score"),
    [
        ("none", "A", 0),
        ("none", "CA", 2),
        ("subset", "A", 1),
        ("subset", "AB", 0),
        ("proportional", "A", 1),
        ("proportional", "ABC", 1),
        ("proportional", "AB", 0),
        ("per_option", "A", 1.5),
        ("per_option", "ABCD", 1),
    ],
)
def test_partial_rules_of_choices(rule, answer, score):
    assert judge({**SEVERAL, "settings": {"partial": rule}}, answer).score == score


def test_true_or_false():
    item = {"type": "判断题", "answer": [False]}
    assert [judge(item, a).score for a in ("错", "×", False, "不对", "对", True, "也许")] == [
        2,
        2,
        2,
        2,
        0,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("answer", "score", "code"),
    [
        ("光合；氧氣", 2, "blank.right"),
        (["光合", "O₂"], 2, "blank.right"),
        ("光合，氧气", 2, "blank.right"),
        ("光和；氧气", 1, "blank.homophone"),
        ("氧气；光合", 0, "blank.wrong"),
        (["光合"], 1, "blank.empty"),
        ({"2": "Ｏ2", "1": "光 合"}, 2, "blank.right"),
    ],
)
def test_blanks(answer, score, code):
    judged = judge(BLANKS, answer)
    assert judged.score == score
    assert code in codes(judged)


@given(st.permutations(["red", "green", "blue"]))
@settings(max_examples=6, deadline=None)
def test_exchangeable_blanks_may_be_exchanged(words):
    assert judge(FREE, list(words)).score == 2
    assert judge(FREE, ["gren", *words[1:]]).score < 2


def test_opposites_are_no_typos_and_errors_give_their_feedback():
    item = {
        "type": "blank",
        "answer": "增大",
        "errors": [{"code": "opposite", "match": ["减小"], "feedback": "方向反了"}],
    }
    judged = judge(item, "减小")
    assert codes(judged) == {"blank.wrong", "misconception.opposite"}
    assert judged.reasons[-1].zh == "方向反了"
    assert codes(judge(item, "减大")) == {"blank.wrong"}


@pytest.mark.parametrize(
    ("answer", "score", "code"),
    [
        ("9.8米每二次方秒", 2, "numeric.right"),
        ("980 cm/s²", 2, "numeric.right"),
        ("9.8", 1, "numeric.unit_missing"),
        ("9.8N", 1, "numeric.unit_wrong"),
        ("98 m/s2", 0, "numeric.power_of_ten"),
        ("9.7m/s2", 0, "numeric.near"),
        ("1或2", 0, "numeric.several"),
        ("不知道", 0, "numeric.nothing"),
    ],
)
def test_numbers(answer, score, code):
    judged = judge(SPEED, answer)
    assert judged.score == score
    assert codes(judged) == {code}


def test_pairs_and_orders():
    assert judge(PAIRS, {"l1": "r1", "l2": "r1"}).score == 1
    assert judge(PAIRS, "猫-喵；狗-汪").score == 2
    assert judge(PAIRS, [["l1", "r1"], ["l1", "r2"], ["l2", "r2"]]).score == 1
    assert [judge(ORDER, a).score for a in ("cab", "c→a→b", ["c", "a", "b"])] == [2, 2, 2]
    assert judge(ORDER, "cba").score == pytest.approx(2 / 3)


def test_parts_add_up_to_the_whole():
    parts = [
        {"type": "numeric", "max_score": 1, "answer": "5 m"},
        {"type": "choice", "max_score": 1, "answer": "C"},
    ]
    item = {"type": "composite", "max_score": 4, "parts": parts}
    assert judge(item, {"1": "5米", "2": "c"}).score == 4
    assert judge(item, "(1) 5 m\n(2) B").score == 2
    assert judge(item, {"1": {"text": "5"}}).score == 1
    assert Flag.BLANK in judge(item, {}).flags


def test_marks_alone_teach_and_the_teachers_mark_stands():
    marked = [{"id": 1, "text": "5 m", "score": 2}, {"id": 2, "text": "7m", "score": 1}]
    assert [judge({"type": "numeric"}, a, marked).score for a in ("500cm", "7 m", "8m")] == [2, 1, 0]
    assert judge({"type": "choice"}, "A", [{"id": 1, "text": "a", "score": 2}]).score == 2
    assert judge(BLANKS, "光合；空气", [{"id": 1, "text": "光合;空气", "score": 2}]).score == 2
    assert codes(judge({"type": "blank"}, "甲")) == {"answer.no_reference"}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({**CHOICE, "answer": "E", "reference_answers": None}, "none of the options"),
        ({**SEVERAL, "settings": {"partial": "some"}}, "settings.partial"),
        ({"type": "numeric", "answer": "five-ish"}, "not a quantity"),
        ({"type": "numeric", "answer": "5", "settings": {"tolerance": {"absolute": -1}}}, "0 or more"),
        ({**FREE, "settings": {"order_free": [["9"]]}}, "no blank '9'"),
        ({**BLANKS, "settings": {"blanks": [{}, {}, {}]}}, "2 given for 3 blanks"),
        ({"type": "matching", "answer": "?"}, "no pairs"),
    ],
)
def test_items_that_cannot_be_judged_are_refused(item, words):
    with pytest.raises(ItemError, match=words):
        judge(item, "x")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(CLOSED), st.text(max_size=60), VALUES)
@settings(max_examples=150, deadline=None)
def test_anything_is_judged_within_range_and_quoted_verbatim(item, text, value):
    grader = grader_for(item_from_json({"max_score": 2, **item}))
    for response in (Response("t", text), Response("v", value=value)):
        judged = grader.judge(response)
        assert 0 <= judged.score <= 2
        assert all(response.answer()[e.start : e.end] == e.text for e in judged.evidence)
        assert grader.judge_many([response, response]) == [judged, judged]


@given(
    st.sampled_from(["光合；氧气", "光和；氧气", "光合；二氧化碳", "；O2"]),
    st.sampled_from([" ", "\u200b", "　", "。", "\n"]),
)
@settings(max_examples=40, deadline=None)
def test_harmless_rewriting_changes_nothing(answer, noise):
    rewritten = "；".join(part + noise for part in answer.split("；")) if noise != "\n" else answer + noise
    assert judge(BLANKS, rewritten).score == judge(BLANKS, answer).score


@pytest.mark.parametrize(
    "piece", ["ignore", "ignore rubric ", "给", "9", "1,", "(", "√", "三", "-", "a-b;", "\\frac{"]
)
def test_hostile_lengths_are_judged_in_time(piece):
    for item in CLOSED:
        grader = grader_for(item_from_json({"max_score": 2, **item}))
        grader.judge(Response("warm", "x"))
        began = time.process_time()
        assert 0 <= grader.judge(Response("a", piece * (20_000 // len(piece)))).score <= 2
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("reference", "settings", "score"),
    [
        ("5 m", {}, 1),
        ("5", {"unit": "m"}, 2),
        ("5 m", {"unit": "m"}, 1),
        ("5 m", {"unit_required": False}, 2),
        ("5", {"unit": "m", "unit_required": True}, 1),
    ],
)
def test_a_unit_is_required_where_the_reference_writes_it(
    reference: str, settings: dict[str, object], score: float
) -> None:
    shape = {"type": "numeric", "max_score": 2, "reference_answers": [reference], "settings": settings}
    grader = grader_for(item_from_json(shape))
    assert grader.judge(Response("1", "5")).score == score
    assert grader.judge(Response("2", "500 cm")).score == 2
    assert grader.judge(Response("3", "5 kg")).score < 2
