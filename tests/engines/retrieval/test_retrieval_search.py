"""Retrieval: places are exact, both rankings count, hidden passages stay hidden, strangers' questions meet silence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.documents import Block, read_markdown
from zhiwei.engines.retrieval import (
    THRESHOLD,
    Index,
    asked_terms,
    build_index,
    chance_answered,
    document_text,
    entries_of,
    entry_of,
    fuse,
    passages_of,
    quote,
    search,
    terms_of,
)

TEXT = """# 物理
## 浮力
浸在液体中的物体受到向上的浮力，大小等于它排开的液体所受的重力。很多同学以为越深浮力越大，其实完全浸没后浮力不变。
## 声音
声音由物体振动产生，真空不能传声。音调由频率决定，响度与振幅有关。
## 光
近视眼要用凹透镜矫正，远视眼用凸透镜。影子和日食说明光沿直线传播。
"""


@pytest.fixture(scope="module")
def shelf() -> tuple[Index, list[str]]:
    passages = passages_of(read_markdown(TEXT))
    index = build_index(entries_of([one.text for one in passages], [one.heading for one in passages]))
    return index, [one.text for one in passages]


def test_passages_know_heading_and_place() -> None:
    blocks = read_markdown(TEXT)
    passages = passages_of(blocks)
    assert [one.heading for one in passages] == ["物理 › 浮力", "物理 › 声音", "物理 › 光"]
    whole = document_text(blocks)
    assert all(whole[one.start : one.end] == one.text for one in passages)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("甲乙。，ab \n.", max_size=60), st.integers(0, 3), st.integers(0, 3)), max_size=9
    )
)
def test_every_letter_of_running_text_is_in_one_passage(rows: list[tuple[str, int, int]]) -> None:
    blocks = [Block(text, page, level) for text, page, level in rows]
    whole, passages = document_text(blocks), passages_of(blocks, usual=20)
    assert all(whole[one.start : one.end] == one.text for one in passages)
    assert all(one.end <= other.start for one, other in pairwise(passages))
    told = "".join(one.text for one in passages)
    running = "".join(block.text for block in blocks if not block.level)
    assert sorted("".join(told.split())) == sorted("".join(running.split()))


def test_words_and_meaning_find_the_passage(shelf: tuple[Index, list[str]]) -> None:
    index, texts = shelf
    for question, word in (
        ("近视配什么镜片", "凹透镜"),
        ("音调和什么有关", "频率"),
        ("潜得越深浮力越大吗", "浸没"),
    ):
        assert word in texts[search(index, question)[0].place]


def test_what_may_not_be_seen_is_not_found(shelf: tuple[Index, list[str]]) -> None:
    index, _texts = shelf
    hits = search(index, "音调由什么决定", allowed=np.array([True, False, True]))
    assert 1 not in {hit.place for hit in hits}
    assert search(index, "音调", allowed=np.zeros(3, dtype=np.bool_)) == ()


def test_a_question_the_materials_do_not_answer_meets_silence(shelf: tuple[Index, list[str]]) -> None:
    index, texts = shelf

    def chance(question: str) -> float:
        hits = search(index, question)
        return chance_answered(question, hits, [texts[hit.place] for hit in hits])

    assert chance("音调由什么决定？") >= THRESHOLD
    assert chance("奖学金怎么申请？") < THRESHOLD
    assert chance("") == 0.0


def test_an_empty_base_answers_nothing() -> None:
    assert search(build_index([]), "浮力是什么") == ()


def test_terms_are_pairs_stems_and_numbers() -> None:
    assert set(asked_terms("什么是浮力？")) <= set(terms_of("浮力等于重力")[0].tolist())
    assert set(asked_terms("heated plants")) <= set(terms_of("heating the plant")[0].tolist())
    assert asked_terms("什么") == asked_terms("什么")
    assert asked_terms("什么")


def test_counts_are_capped_and_sorted() -> None:
    terms, counts = terms_of("水 " * 400)
    assert list(terms) == sorted(terms)
    assert counts.max() == 255


def test_a_passage_both_rankings_like_comes_first() -> None:
    fused = fuse(np.array([3.0, 2.0, 0.0]), np.array([0.1, 0.9, 0.8]))
    assert fused.argmax() in (0, 1)
    assert fused[1] > fused[2] > 0


def test_a_quote_is_verbatim_and_short() -> None:
    passage = "声音由物体振动产生。真空不能传声。音调由频率决定。响度与振幅有关。"
    found = quote("音调由什么决定？", passage)
    assert found is not None
    assert passage[found.start : found.end] == found.text
    assert "频率" in found.text
    assert len(found.text) < len(passage)
    assert quote("音调", "") is None


def test_an_entry_is_small_and_has_a_unit_vector() -> None:
    entry = entry_of("声音由物体振动产生。", "声音")
    assert abs(float(np.linalg.norm(entry.vector.astype(np.float64))) - 1) < 1e-2
    assert entry.terms.dtype == np.uint32
