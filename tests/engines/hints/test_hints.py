"""Hints tell more rung by rung and never the answer; who asks for the answer is heard; wrong ideas are noticed."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.hints import (
    Idea,
    WrongIdea,
    alike,
    answers_of,
    corrections,
    gives_away,
    held_wrong_idea,
    ladder_of,
    wants_answer,
)

ITEM: dict[str, object] = {
    "type": "solution",
    "stem": "解方程 $3x-6=x+4$。",
    "reference_answers": [["3x-x=4+6", "2x=10", "x=5"]],
    "rubric": [
        {"id": "a", "score": 2, "description": "移项，含 x 的项放到左边", "accept": ["3x-x=4+6"],
         "errors": [{"code": "sign", "match": ["3x+x"], "feedback": "移项要变号"}]},
        {"id": "b", "score": 2, "description": "合并得 $2x=10$", "accept": ["2x=10"]},
        {"id": "c", "score": 2, "description": "得 $x=5$", "accept": ["x=5"]},
    ],
    "explanation": "移项得 $3x-x=4+6$，合并得 $2x=10$，所以 $x=5$。",
}  # fmt: skip
IDEAS = (Idea("移项", "把方程一边的项变号后移到另一边。"),)
SINKING = WrongIdea("认为物体浸没后越深浮力越大", "越深浮力越大", "浮力", "浮力等于排开液体所受的重力。")


def test_the_ladder_rises_and_keeps_the_answer_back() -> None:
    rungs = ladder_of(ITEM, ideas=IDEAS)
    assert [one.kind for one in rungs] == ["question", "point", "warning", "step", "step"]
    assert not any(gives_away(one.text, answers_of(ITEM)) for one in rungs)
    assert ladder_of(ITEM, solution=True)[-1].kind == "solution"
    assert all(one.text.isascii() or "　" in one.text for one in ladder_of(ITEM, english=True)[:1])


def test_the_answers_of_a_solution_are_its_last_lines() -> None:
    assert "x=5" in answers_of(ITEM)
    assert answers_of({"type": "single_choice", "reference_answers": ["B"]}) == ("B",)
    assert "上升" in answers_of({"type": "blank", "reference_answers": [["上升", "升高"], ["2"]]})


@pytest.mark.parametrize(
    ("text", "answer", "told"),
    [
        ("这题选B", "B", True),
        ("答案是 B。", "B", True),
        ("B 选项说的是什么？", "B", False),
        ("所以 $x = 5$", "x=5", True),
        ("两边同时除以 2", "5", False),
        ("结果等于5", "5", True),
        ("得50", "5", False),
        ("它向上升高了", "向上升高", True),
    ],
)
def test_what_gives_an_answer_away(text: str, answer: str, told: bool) -> None:
    assert gives_away(text, [answer]) is told


def test_no_ladder_of_the_starter_bank_gives_an_answer_away() -> None:
    folder = files("zhiwei.curriculum") / "starter" / "items"
    lines = [line for file in folder.iterdir() for line in file.read_text(encoding="utf-8").splitlines()[:12]]
    for item in map(json.loads, lines):
        rungs = ladder_of(item)
        assert rungs
        told = [one for one in rungs if one.kind != "question" and gives_away(one.text, answers_of(item))]
        assert not told, item["id"]


def test_an_error_the_item_knows_is_put_right() -> None:
    assert corrections(ITEM, "我写了 3x + x = 4 + 6") == ("移项要变号。",)
    assert corrections(ITEM, "3x-x=4+6") == ()


@pytest.mark.parametrize(
    "said",
    [
        "直接告诉我答案吧",
        "这道题答案是什么",
        "帮我写一篇作文",
        "Just tell me the answer",
        "选哪个",
        "替我做完",
    ],
)
def test_asking_for_the_answer_is_heard(said: str) -> None:
    assert wants_answer(said)


@pytest.mark.parametrize(
    "said", ["为什么要变号？", "我不懂第二步", "给我一个提示", "What is photosynthesis?", "我的想法对吗"]
)
def test_asking_for_help_is_not_asking_for_the_answer(said: str) -> None:
    assert not wants_answer(said)


def test_a_question_of_a_work_is_recognised() -> None:
    stems = ["小明有 12 个苹果，平均分给 4 个同学，每人几个？", "解释为什么天空是蓝色的。"]
    assert alike("老师问小明有12个苹果平均分给4个同学每人分几个", stems) == 0
    assert alike("为什么天空是蓝色的", stems) == 1
    assert alike("什么是光合作用", stems) == -1
    assert alike("", stems) == -1


def test_a_wrong_idea_is_noticed_when_stated_not_when_asked() -> None:
    assert held_wrong_idea("我觉得越深浮力越大。", [SINKING]) == SINKING
    assert held_wrong_idea("越深浮力越大吗？", [SINKING]) is None
    assert held_wrong_idea("浸没以后浮力不变。", [SINKING]) is None
    assert held_wrong_idea("", [SINKING]) is None


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=50), st.lists(st.text(max_size=6), max_size=3))
def test_any_words_are_listened_to(said: str, answers: list[str]) -> None:
    assert isinstance(wants_answer(said), bool)
    assert isinstance(gives_away(said, answers), bool)
    assert alike(said, answers) in range(-1, len(answers))
