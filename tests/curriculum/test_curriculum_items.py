"""The starter bank keeps to the item format, refers to real points, and repeats nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

STARTER = Path(__file__).resolve().parents[2] / "src/zhiwei/curriculum/starter"
LEAST = {"math": 200, "physics": 90, "chinese": 50, "english": 60}
TYPES = {
    "single_choice", "multiple_choice", "true_false", "blank", "numeric", "expression", "solution",
    "matching", "ordering", "short_answer", "essay", "file", "composite",
}  # fmt: skip
LEVELS = {"remember", "understand", "apply", "analyse", "evaluate", "create"}
SVG_TAGS = {"svg", "line", "polygon", "polyline", "circle", "path", "text", "rect", "ellipse", "g"}


@cache
def items() -> list[dict]:  # type: ignore[type-arg]
    lines = [
        line
        for path in sorted((STARTER / "items").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines]


@cache
def graph() -> dict[str, dict]:  # type: ignore[type-arg]
    files = (STARTER / "graph").glob("*.json")
    return {p["key"]: p for path in files for p in json.loads(path.read_text("utf-8"))["points"]}


def with_parts() -> list[dict]:  # type: ignore[type-arg]
    return [one for item in items() for one in [item, *item.get("parts", [])]]


def test_the_bank_is_large_enough_in_every_subject_and_type() -> None:
    counts = Counter(item["subject"] for item in items())
    assert all(counts[subject] >= least for subject, least in LEAST.items())
    assert len(items()) >= 400
    assert {item["type"] for item in items()} == TYPES
    assert sum("parameters" in item for item in items()) >= 8


def test_ids_are_unique_and_every_item_is_complete() -> None:
    assert not [i for i, n in Counter(item["id"] for item in items()).items() if n > 1]
    for item in items():
        assert item["licence"] == "CC-BY-4.0", item["id"]
        assert item["explanation"].strip(), item["id"]
        assert item["cognitive_level"] in LEVELS, item["id"]
        assert 0 < item["difficulty"] < 1, item["id"]
        assert item["competencies"], item["id"]
        assert item["max_score"] > 0, item["id"]
        assert item["language"] in {"zh", "en"}, item["id"]
    for item in with_parts():
        assert item["stem"].strip(), item["id"]
        assert item["stem"].count("$") % 2 == 0, item["id"]
        assert item["explanation"].count("$") % 2 == 0, item["id"]


def test_every_point_and_misconception_is_in_the_graph() -> None:
    codes: dict[str, set[str]] = {}
    for point in graph().values():
        codes.setdefault(point["subject"], set()).update(m["code"] for m in point["misconceptions"])
    for item in items():
        assert item["points"], item["id"]
        assert [key for key in item["points"] if key not in graph()] == [], item["id"]
        named = {s["misconception"] for s in item.get("samples", []) if "misconception" in s}
        assert named <= codes[item["subject"]], item["id"]


def test_scores_add_up() -> None:
    for item in with_parts():
        if item["type"] == "composite":
            assert sum(part["max_score"] for part in item["parts"]) == item["max_score"], item["id"]
        if item.get("rubric") and "min_points" not in item.get("settings", {}):
            total = sum(p["score"] for p in item["rubric"] if p["score"] > 0)
            assert total == pytest.approx(item["max_score"]), item["id"]
        if item["type"] == "blank":
            shares = item["settings"]["blanks"]
            assert sum(b["score"] for b in shares) == pytest.approx(item["max_score"]), item["id"]
            assert len(shares) == len(item["reference_answers"]), item["id"]
        if item["type"] == "essay":
            weights = [trait["weight"] for trait in item["settings"]["traits"]]
            assert sum(weights) == pytest.approx(1.0), item["id"]


def test_every_item_is_proven_by_samples() -> None:
    for item in items():
        if item["type"] == "file":
            continue
        samples = item["samples"]
        kinds = {s["kind"] for s in samples}
        assert len(samples) >= 3, item["id"]
        assert {"full", "wrong"} <= kinds, item["id"]
        assert any("misconception" in s for s in samples if s["kind"] == "wrong"), item["id"]
        if item["type"] in {
            "solution",
            "short_answer",
            "essay",
            "composite",
            "matching",
        } and "min_points" not in (item.get("settings") or {}):
            assert "partial" in kinds, item["id"]
        for s in samples:
            assert 0 <= s["score"] <= item["max_score"], item["id"]
            assert (s["score"] == item["max_score"]) == (s["kind"] == "full"), (item["id"], s)


def test_choices_have_sound_options_and_keys() -> None:
    for item in with_parts():
        if item["type"] not in {"single_choice", "multiple_choice"}:
            continue
        ids = [o["id"] for o in item["options"]]
        texts = [o["text"] for o in item["options"]]
        assert len(set(ids)) == len(ids) >= 3, item["id"]
        assert len(set(texts)) == len(texts), item["id"]
        assert set(item["reference_answers"]) < set(ids), item["id"]


def test_the_right_choice_is_not_always_in_the_same_place() -> None:
    places = Counter(i["reference_answers"][0] for i in items() if i["type"] == "single_choice")
    assert max(places.values()) / sum(places.values()) < 0.45


def test_figures_are_plain_svg() -> None:
    figures = [item["figure"] for item in with_parts() if "figure" in item]
    assert figures
    for figure in figures:
        assert figure["kind"] == "svg"
        for node in ET.fromstring(figure["svg"]).iter():
            assert node.tag.rpartition("}")[2] in SVG_TAGS
            assert not [name for name in node.attrib if name.lower().startswith("on") or "href" in name]


def grams(text: str) -> set[str]:
    plain = re.sub(r"[\s，。；：、？（）“”$\\{}_*]|text|frac", "", text)
    return {plain[i : i + 3] for i in range(len(plain) - 2)}


def test_no_two_items_ask_nearly_the_same() -> None:
    marked = [
        (i["id"], grams(i["stem"] + "".join(o["text"] for o in i["options"]) if _choice(i) else i["stem"]))
        for i in items()
    ]
    near = [
        (a, b)
        for (a, x), (b, y) in combinations(marked, 2)
        if min(len(x), len(y)) > 6 and len(x & y) / len(x | y) > 0.75
    ]
    assert near == []


def _choice(item: dict) -> bool:  # type: ignore[type-arg]
    return item["type"] in {"single_choice", "multiple_choice"}
