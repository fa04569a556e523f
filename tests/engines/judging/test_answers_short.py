"""Short answers: by rubric, by reference, by marks; what to mark next; groups of one meaning."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.judging import (
    Flag,
    Grader,
    Marked,
    Response,
    grader_for,
    item_from_json,
    marked_from_json,
)
from zhiwei.engines.judging.short_answer import choose_next, cross, group_answers

RUBRIC = item_from_json(
    {
        "type": "short_answer",
        "max_score": 4,
        "stem": "为什么光合作用需要阳光？",
        "rubric": [
            {"id": "a", "score": 2, "description": "光提供能量", "accept": ["阳光提供能量", "光能提供能量"]},
            {"id": "b", "score": 2, "description": "叶绿素吸收光能"},
        ],
    }
)
REFERENCE = item_from_json(
    {
        "type": "short_answer",
        "max_score": 1,
        "stem": "Why did the bulb not light?",
        "reference_answers": ["The circuit has a gap so current cannot flow."],
    }
)
BARE = item_from_json({"type": "short_answer", "max_score": 2})
GOOD = [
    "the {} has a gap so current cannot flow",
    "current stops because of the gap in the {}",
    "a gap in the {} stops current",
]
HALF = ["there is a gap in the {}", "the {} has a gap", "some gap in the {}"]
BAD = ["the {} is old", "i do not know about the {}", "the {} was too heavy"]


def _marked(count: int, seed: int = 1) -> list[Marked]:
    rng = random.Random(seed)
    rows = []
    for at in range(count):
        score = at % 3
        text = rng.choice((BAD, HALF, GOOD)[score]).format(rng.choice(["circuit", "wire", "loop", "path"]))
        rows.append(Marked(Response(f"m{at}", text=text), float(score)))
    return rows


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("阳光提供了能量，叶绿素可以吸收光能。", 4),
        ("叶绿体里的叶绿素吸收阳光", 2),
        ("阳光不提供能量", 0),
        ("因为植物喜欢太阳", 0),
    ],
)
def test_rubric_alone_gives_points(text: str, score: float) -> None:
    made = grader_for(RUBRIC).judge(Response("1", text=text))
    assert made.score == score == sum(point.score for point in made.points)
    assert all(text[e.start : e.end] == e.text for e in made.evidence)


def test_saying_the_opposite_is_named() -> None:
    made = grader_for(RUBRIC).judge(Response("1", text="叶绿素不吸收光"))
    assert Flag.CONTRADICTS in made.flags
    assert any(r.code == "short_answer.point_contradicted" for r in made.reasons)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("current cannot flow because the circuit has a gap", 1),
        ("the battery is dead", 0),
        ("the circuit does not have a gap so current can flow", 0),
        ("Why did the bulb not light?", 0),
        ("", 0),
    ],
)
def test_reference_alone(text: str, score: float) -> None:
    assert grader_for(REFERENCE).judge(Response("1", text=text)).score == score


def test_unchecked_judgements_are_left_to_a_person() -> None:
    assert grader_for(REFERENCE).judge(Response("1", text="there is a gap")).defer
    assert grader_for(BARE).judge(Response("1", text="there is a gap")).confidence == 0.0


def test_marks_teach_an_item_that_has_nothing_else() -> None:
    fresh = _marked(30, seed=9)
    made = grader_for(BARE, _marked(30)).judge_many([mark.response for mark in fresh])
    right = sum(j.score == mark.score for j, mark in zip(made, fresh, strict=True))
    assert right >= 26


def test_order_of_responses_changes_nothing() -> None:
    responses = [mark.response for mark in _marked(12, seed=4)]
    grader = grader_for(BARE, _marked(12))
    forward = {j.response_id: j for j in grader.judge_many(responses)}
    assert forward == {j.response_id: j for j in grader.judge_many(responses[::-1])}


def test_points_marked_one_by_one_are_learned_one_by_one() -> None:
    rows = [
        Marked(
            Response(str(at), text="阳光提供能量" if at % 2 else "叶绿素吸收光能"),
            2.0,
            {"a": 2.0 * (at % 2), "b": 2.0 * (1 - at % 2)},
        )
        for at in range(12)
    ]
    made = grader_for(RUBRIC, rows).judge(Response("x", text="阳光提供能量"))
    assert {p.id: p.score for p in made.points} == {"a": 2.0, "b": 0.0}


def test_marks_on_other_questions_are_told_apart() -> None:
    other = marked_from_json({"id": "1", "text": "yes", "score": 1, "reference_answers": ["no"], "stem": "?"})
    same = marked_from_json(
        {
            "id": "1",
            "text": "a gap",
            "score": 1,
            "reference_answers": list(REFERENCE.reference_texts()),
            "stem": REFERENCE.stem,
        }
    )
    made = grader_for(REFERENCE, [other, same]).judge(Response("x", text="a gap"))
    assert (made.parameters["marked"], made.parameters["elsewhere"]) == (1, 1)


@given(st.text(max_size=120))
@settings(max_examples=25, deadline=None)
def test_any_text_is_judged_within_bounds(text: str) -> None:
    graders: list[Grader] = [grader_for(RUBRIC), grader_for(REFERENCE), grader_for(BARE, _marked(6))]
    for grader in graders:
        made = grader.judge(Response("x", text=text))
        assert 0 <= made.score <= made.max_score and 0 <= made.confidence <= 1
        assert all(text[e.start : e.end] == e.text for e in made.evidence)


def test_choosing_skips_what_is_marked_and_spreads_out() -> None:
    responses = [mark.response for mark in _marked(30)]
    chosen = choose_next(responses, ["m0", "m1"], 6)
    assert len(set(chosen)) == 6 and not {"m0", "m1"} & set(chosen)
    assert choose_next(responses, [r.id for r in responses], 3) == []


def test_groups_hold_one_meaning() -> None:
    texts = [
        "x=2",
        "x = 2",
        "x=-2",
        "the circuit has a gap",
        "The circuit has a gap.",
        "there is no gap in the circuit",
        "水沸腾了",
        "水沸腾",
        "水没有沸腾",
        "",
    ]
    groups = group_answers([Response(str(at), text=text) for at, text in enumerate(texts)])
    assert {frozenset(g.ids) for g in groups} >= {
        frozenset("01"),
        frozenset("2"),
        frozenset("34"),
        frozenset("5"),
        frozenset("67"),
        frozenset("8"),
        frozenset("9"),
    }
    assert sorted(at for g in groups for at in g.ids) == sorted(map(str, range(len(texts))))


def test_items_judged_from_the_same_marks_share_models_without_their_own_marks() -> None:
    items = [replace(REFERENCE, id=f"q{n}", stem=f"{REFERENCE.stem} {n}") for n in range(15)]
    lessons = [
        Marked(Response(f"{item.id}-{n}", text=f"a gap {n} stops current"), float(n % 2), item=item)
        for item in items
        for n in range(4)
    ]
    cross._model.cache_clear()
    for item in items:
        grader_for(item, lessons).judge(Response("x", text="there is a gap"))
    assert cross._model.cache_info().misses <= 5
    parts = cross._parts(tuple((cross.item_key(m.item), 1.0, "", 0.0) for m in lessons if m.item))
    assert set(parts.values()) == set(range(5))
