"""The shared face: judgements add up, evidence is verbatim, JSON goes there and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.judging import (
    Flag,
    ItemError,
    PointStatus,
    Response,
    item_from_json,
    judgement,
    judgement_from_json,
    judgement_to_json,
    marked_from_json,
    reason,
    response_from_json,
    scored_point,
)

POINTS = st.lists(st.tuples(st.floats(-5, 20), st.floats(-5, 20)), max_size=6)
SPANS = st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=4)


@given(POINTS, SPANS, st.text(max_size=30), st.floats(0.5, 10), st.floats(-1, 2))
@settings(max_examples=60, deadline=None)
def test_a_judgement_stays_in_range_and_quotes_verbatim(points, spans, text, maximum, confidence):
    made = judgement(
        Response("a", text),
        maximum,
        [scored_point(f"p{n}", *pair) for n, pair in enumerate(points)],
        confidence=confidence,
        engine="test",
        version="1",
        evidence=[(*span, "p0") for span in spans],
        reasons=[reason("answer.blank")],
        flags=[Flag.BLANK],
    )
    assert 0 <= made.score <= maximum
    assert 0 <= made.confidence <= 1
    assert all(text[span.start : span.end] == span.text != "" for span in made.evidence)
    again = judgement_from_json(judgement_to_json(made))
    assert again.points == made.points
    assert again.evidence == made.evidence
    assert again.reasons == made.reasons
    assert again.score == pytest.approx(made.score)


def test_status_is_told_from_the_score():
    statuses = [scored_point("p", score, 2).status for score in (0, 1, 2, 9)]
    assert statuses == [PointStatus.MISSED, PointStatus.PARTIAL, PointStatus.EARNED, PointStatus.EARNED]
    assert scored_point("penalty", -1, -1).status is PointStatus.EARNED


def test_strangers_shapes_are_understood():
    item = item_from_json(
        {
            "type": "简答题",
            "满分": "4",
            "question": "为什么？",
            "answer": "因为光合作用",
            "rubric": ["光合作用", {"text": "氧气", "points": 1, "keywords": "氧气"}, "叶绿体"],
        }
    )
    assert item.type == "short_answer"
    assert [point.score for point in item.rubric] == [1.5, 1, 1.5]
    assert item.rubric[1].accept == ("氧气",)
    assert item.reference_texts() == ("因为光合作用",)
    choice = item_from_json({"type": "choice", "max_score": 1, "options": ["甲", "乙"], "answer": "B"})
    assert [option.id for option in choice.options] == ["A", "B"]


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ([], "an object is needed"),
        ({"max_score": 1}, "type: is missing"),
        ({"type": "riddle", "max_score": 1}, "type: 'riddle' is not a type"),
        ({"type": "essay"}, "max_score: is missing"),
        ({"type": "essay", "max_score": 0}, "max_score: must be above 0"),
        ({"type": "essay", "max_score": "nan"}, "max_score: a number is needed"),
        ({"type": "essay", "max_score": 1, "rubric": [{"id": "a"}, {"id": "a"}]}, "same id"),
        ({"type": "essay", "max_score": 1, "settings": []}, "settings: an object is needed"),
        ({"type": "composite", "max_score": 1}, "parts: a composite item needs"),
    ],
)
def test_items_that_mean_nothing_are_refused(shape, words):
    with pytest.raises(ItemError, match=words):
        item_from_json(shape)


def test_responses_and_marks_are_checked():
    assert response_from_json({"id": 7, "steps": ["a", "b"]}).answer() == "a\nb"
    assert response_from_json({"id": "x", "value": ["a", "b"]}).answer() == "a；b"
    with pytest.raises(ItemError, match="id: is missing"):
        response_from_json({"text": "a"})
    with pytest.raises(ItemError, match="score: is missing"):
        marked_from_json({"id": "x", "text": "a"})
    with pytest.raises(ItemError, match="not between 0 and 2"):
        marked_from_json({"id": "x", "text": "a", "score": 3}, max_score=2)
