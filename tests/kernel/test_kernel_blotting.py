"""Blotting: the person's terms go, longer names and numbers of others stay, lengths stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.kernel.rules.blotting import BLOT, blotter, telling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王芳同学表现很好", "○○同学表现很好"),
        ("王芳芳和王芳", "王芳芳和○○"),
        ("学号20230101，不是202301011", "学号○○○○○○○○，不是202301011"),
        ("wangfang@x / WANGFANG", "○○○○○○○○@x / ○○○○○○○○"),
        ("没有提到任何人", "没有提到任何人"),
    ],
)
def test_the_terms_go_and_what_only_looks_alike_stays(text: str, expected: str) -> None:
    wipe = blotter(["王芳", "20230101", "wangfang", "7", "王"], ["王芳芳", "李四"])
    assert wipe.text(text) == expected and wipe.found(text) == (text != expected)


def test_json_loses_texts_and_ids() -> None:
    wipe = blotter(["王芳"])
    value = {
        "person_id": 7,
        "n": 7,
        "person_ids": [6, 7],
        "marks": [7, "王芳"],
        "王芳": {"a": True, "b": None},
    }
    assert wipe.value(value, 7) == {
        "person_id": 0, "n": 7, "person_ids": [6], "marks": [7, "○○"], "○○": {"a": True, "b": None},
    }  # fmt: skip


def test_without_telling_terms_nothing_is_touched() -> None:
    wipe = blotter(["7", "王", ""])
    assert wipe.terms == () and not wipe.found("王7") and wipe.text("王7") == "王7"


names = st.text(alphabet="王李张芳伟一二", min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(names, min_size=1, max_size=3),
    st.lists(names, max_size=4),
    st.text("王李张芳伟一二，a1", max_size=40),
)
def test_lengths_stay_and_a_second_pass_finds_nothing(terms: list[str], others: list[str], text: str) -> None:
    wipe = blotter(terms, others)
    once = wipe.text(text)
    assert len(once) == len(text) and not wipe.found(once)
    assert all(theirs in (mine, BLOT) for mine, theirs in zip(text, once, strict=True))
    assert all(telling(term) for term in wipe.terms)
