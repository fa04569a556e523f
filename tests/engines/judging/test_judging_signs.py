"""A sign is part of an answer, whatever else is forgiven."""

from __future__ import annotations

import pytest

from zhiwei.engines.judging import Marked, Response, grader_for, item_from_json
from zhiwei.engines.judging.plain import comparable
from zhiwei.engines.quantities import Unread, read_quantity


def score(accepts: list[str], text: str, **settings: object) -> float:
    blank = {"id": "b", "score": 2, **settings}
    shape = {"type": "blank", "max_score": 2, "reference_answers": [accepts], "settings": {"blanks": [blank]}}
    return grader_for(item_from_json(shape)).judge(Response("1", text)).score


@pytest.mark.parametrize("text", ["5", "±5", "+5", "5.0", "五", "(5)", "|-5|", "5-"])
def test_a_blank_never_loses_the_minus_of_its_reference(text: str) -> None:
    assert score(["-5"], text) == 0
    assert score(["-5"], text, kind="text") == 0


@pytest.mark.parametrize("text", ["-5", "−5", "－５", "- 5", "负5", "负五", "（-5）", "x=-5"])
def test_a_minus_may_be_written_in_many_ways(text: str) -> None:
    assert score(["-5"], text) == 2


@pytest.mark.parametrize("text", ["-5", "±5", "5或-5", "\\pm5", "正负5", "- 5", "—5"])
def test_a_blank_never_takes_a_sign_too_many(text: str) -> None:
    assert score(["5"], text) == 0
    assert score(["5"], text, kind="text") == 0


def test_signs_of_temperatures_letters_and_ions_count_in_texts() -> None:
    assert score(["-4℃", "零下4℃"], "4℃", kind="text") == 0
    assert score(["-4℃", "零下4℃"], "－4 ℃", kind="text") == 2
    assert score(["-x"], "x", kind="text") == score(["OH⁻"], "OH", kind="text") == 0
    assert score(["a-b"], "a·b", kind="text") == 0
    assert score(["±5", "5和-5"], "±5", kind="text") == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("well-known", "well known"), ("- 苹果", "苹果"), ("——苹果——", "苹果"), ("T-shirt", "t shirt")],
)
def test_dashes_between_and_before_words_are_forgiven(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_a_mark_on_a_number_does_not_teach_its_opposite() -> None:
    item = item_from_json({"type": "blank", "max_score": 2, "reference_answers": [["-5"]]})
    grader = grader_for(item, [Marked(Response("m", "-5"), 2.0)])
    assert grader.judge(Response("1", "5")).score == 0


def test_both_signs_are_two_numbers() -> None:
    assert read_quantity("±5") == read_quantity("x=\\pm 3") == Unread("several")
