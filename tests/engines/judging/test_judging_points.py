"""Rubric points of short answers: the scope of a negation, and the words a phrase turns on."""

from __future__ import annotations

import pytest

from zhiwei.engines.judging import Response, grader_for, item_from_json
from zhiwei.engines.text import decisive_words, lacks_decisive


def earned(text: str, *points: list[str], reference: str = "", reject: tuple[str, ...] = ()) -> list[bool]:
    rubric = [
        {"id": f"p{n}", "score": 1, "description": p[0], "accept": p, "reject": list(reject)}
        for n, p in enumerate(points)
    ]
    shape = {"type": "short_answer", "max_score": len(points), "stem": "?", "rubric": rubric}
    shape |= {"reference_answers": [reference]} if reference else {}
    return [p.score > 0 for p in grader_for(item_from_json(shape)).judge(Response("1", text)).points]


def test_a_negation_denies_only_its_own_statement() -> None:
    text = "He was excited because he could hardly sleep and looked at the clock again."
    assert earned(text, ["was excited"], ["could hardly sleep"]) == [True, True]


@pytest.mark.parametrize(
    "text", ["植物不释放氧气", "植物释放氧气是不对的", "不是因为释放氧气", "植物没有释放氧气"]
)
def test_a_denied_phrase_earns_nothing(text: str) -> None:
    assert earned(text, ["释放氧气"]) == [False]


def test_a_phrase_denied_in_the_reference_is_to_be_denied() -> None:
    reference = "We didn't go to the park last weekend."
    points = [["didn't go to the park"], ["last weekend"]]
    assert earned(reference, *points, reference=reference) == [True, True]
    assert earned("We went to the park last weekend.", *points, reference=reference)[0] is False


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("一部分机械能转化为内能。", "机械能减少"),
        ("流速大压强大", "流速大，压强小"),
        ("水蒸发时放热", "蒸发吸热"),
        ("电流增大", "电流减小"),
        ("弹力变强", "弹力变弱"),
        ("温度下降", "温度升高"),
        ("The pressure rises.", "the pressure falls"),
    ],
)
def test_a_phrase_without_its_decisive_word_is_not_said(text: str, phrase: str) -> None:
    assert earned(text, [phrase]) == [False]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("机械能变小", "机械能减少"),
        ("流速大，所以压强小", "流速大压强小"),
        ("电流变大了", "电流增大"),
        ("蒸发要吸收热量", "蒸发吸热"),
        ("The pressure goes up.", "the pressure rises"),
    ],
)
def test_other_words_of_the_same_direction_say_it(text: str, phrase: str) -> None:
    assert earned(text, [phrase]) == [True]


def test_parallel_phrases_of_two_points_are_told_apart() -> None:
    points = [["不思考就会迷惑", "不思考就会困惑"], ["不学习就会有害", "不学习就会疑惑"]]
    assert earned("学习却不思考就会迷惑。", *points) == [True, False]
    assert earned("不思考就会迷惑，不学习就会有害", *points) == [True, True]


def test_a_rejected_phrase_is_looked_for_within_a_clause() -> None:
    assert earned("增大受力面积，减小压强。", ["增大受力面积减小压强"], reject=("增大压强",)) == [True]
    assert earned("增大受力面积可以增大压强", ["增大受力面积减小压强"], reject=("增大压强",)) == [False]


def test_decisive_words_are_found_and_missed() -> None:
    assert decisive_words("流速大，压强小") == ("大", "小")
    assert lacks_decisive("机械能减少", "机械能转化为内能")
    assert not lacks_decisive("氧气", "二氧化碳")
