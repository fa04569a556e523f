"""Out and in again: nothing is lost that both can say, and what is lost is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiwei.engines.exchange import read_questions, write_moodle, write_qti

STARTER = Path(__file__).resolve().parents[3] / "src/zhiwei/curriculum/starter/items"
ITEMS = [
    json.loads(line)
    for path in sorted(STARTER.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
WORDS = (
    st.text("abc xyz 水火山石$<>&\"'", min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
UNIQUE = st.lists(WORDS, min_size=2, max_size=5, unique=True)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["single_choice", "multiple_choice", "true_false", "blank", "numeric", "essay"])
    )
    item: dict[str, Any] = {"id": "q", "title": "t", "type": kind, "max_score": draw(st.integers(1, 20)),
                            "stem": draw(WORDS)}  # fmt: skip
    if kind.endswith("choice"):
        texts = draw(UNIQUE)
        item["options"] = [{"id": "ABCDE"[n], "text": text} for n, text in enumerate(texts)]
        most = 1 if kind == "single_choice" else len(texts)
        item["reference_answers"] = sorted(
            draw(st.sets(st.sampled_from("ABCDE"[: len(texts)]), min_size=1, max_size=most))
        )
        if kind == "multiple_choice":
            item["settings"] = {"partial": "per_option"}
    elif kind == "true_false":
        item["reference_answers"] = [draw(st.booleans())]
    elif kind == "blank":
        item["stem"] += " ____"
        item["reference_answers"] = [draw(UNIQUE)]
        item["settings"] = {"blanks": [{"id": "b1", "score": float(item["max_score"]), "kind": "text"}]}
    elif kind == "numeric":
        item["reference_answers"] = [str(draw(st.integers(-999, 999)))]
        item["settings"] = {"tolerance": {"absolute": draw(st.sampled_from([0.5, 2.0]))}}
    return item


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions(), st.sampled_from([write_qti, write_moodle]))
def test_what_both_can_say_comes_back_the_same(item: dict[str, Any], write: Any) -> None:
    written = write([item])
    assert not written.notes
    (back,) = read_questions("x", written.data).taken
    assert back.content == item


@pytest.mark.parametrize("write", [write_qti, write_moodle])
def test_the_starter_bank_goes_out_and_every_loss_is_told(write: Any) -> None:
    written = write(ITEMS)
    back = {one.content["id"]: one.content for one in read_questions("x", written.data).taken}
    told = {name for name, _note in written.notes}
    left_out = {name for name, note in written.notes if note.startswith("left out")}
    assert set(back) | left_out == {item["id"] for item in ITEMS} and len(back) > 0.9 * len(ITEMS)
    for item in ITEMS:
        came = back.get(item["id"], {})
        for key in ("type", "max_score", "reference_answers", "options", "explanation"):
            if came and came.get(key) != item.get(key) and item["type"] not in {"ordering", "matching"}:
                assert item["id"] in told, (item["id"], key)


@pytest.mark.parametrize("write", [write_qti, write_moodle])
def test_pairs_and_orders_come_back_as_texts(write: Any) -> None:
    for item in ITEMS:
        if item["type"] == "matching":
            assert _pairs(_back(write, item)) == _pairs(item)
        if item["type"] == "ordering":
            assert _order(_back(write, item)) == _order(item)


def _back(write: Any, item: dict[str, Any]) -> dict[str, Any]:
    (one,) = read_questions("x", write([item]).data).taken
    return one.content


def _pairs(item: dict[str, Any]) -> set[tuple[str, str]]:
    text = {one["id"]: one["text"] for side in item["options"].values() for one in side}
    return {(text[left], text[right]) for left, right in item["reference_answers"]}


def _order(item: dict[str, Any]) -> list[str]:
    text = {one["id"]: one["text"] for one in item["options"]}
    return [text[key] for key in item["reference_answers"]]
