"""Attempts to get marks without an answer, on a rubric item, a reference item, and one learned from marks.

An honest answer that deserves little is taken as the base; each attempt adds to it (or stands alone), and must not
gain. An essay of nothing but an instruction must not beat two honest sentences. The figures are the share of attempts
that gained, the worst gain in shares of full marks, and how many were left to a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Grader, Item, ItemType, Marked, Response, grader_for, item_from_json

CASES = Path(__file__).resolve().parent / "data" / "abuse.json"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer that tries to gain; ``base``: the honest part it adds to (empty when it stands alone)."""

    kind: str
    base: str
    text: str


def rows(data: Path, quick: bool) -> list[Row]:
    """The rows of this section: one kind of attempt after the other."""
    del data, quick
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    gains: dict[str, list[tuple[float, bool]]] = {}
    for case in cases["items"]:
        item = item_from_json(case["item"])
        marked = [Marked(Response(f"m{n}", text=t), s) for n, (t, s) in enumerate(case.get("marked", []))]
        grader = grader_for(item, marked)
        for attempt in attempts(case, item, cases["instructions"]):
            gains.setdefault(attempt.kind, []).append(_gain(grader, item, attempt))
    return [row for kind, found in gains.items() for row in _rows(kind, found)]


def attempts(case: dict[str, list[str]], item: Item, instructions: Sequence[str]) -> list[Attempt]:
    """All attempts on one item."""
    weak = case["weak"][0]
    alone = weak if item.type is ItemType.ESSAY else ""
    found = [Attempt("instruction alone", alone, text) for text in instructions]
    found += [Attempt("instruction before an answer", weak, f"{text} {weak}") for text in instructions]
    found += [Attempt("instruction after an answer", weak, f"{weak} {text}") for text in instructions]
    found += [
        Attempt("question pasted", "", item.stem),
        Attempt("question pasted", weak, f"{item.stem} {weak}"),
    ]
    found += [Attempt("heap of words", "", text) for text in case["salad"]]
    found += [Attempt("reference negated", "", text) for text in case["negated"]]
    return found


def _gain(grader: Grader, item: Item, attempt: Attempt) -> tuple[float, bool]:
    base = grader.judge(Response("1", text=attempt.base)).score if attempt.base else 0.0
    made = grader.judge(Response("1", text=attempt.text))
    return (made.score - base) / item.max_score, made.defer


def _rows(kind: str, found: Sequence[tuple[float, bool]]) -> list[Row]:
    gained = sum(gain > 1e-9 for gain, _ in found) / len(found)
    name = f"{kind} ({len(found)})"
    return [
        Row("abuse", f"{name}: gained", gained, None, 0.0, higher_is_better=False),
        Row("abuse", f"{name}: worst gain", max(0.0, *(gain for gain, _ in found)), None, 0.0,
            higher_is_better=False),
        Row("abuse", f"{name}: left to a person", sum(defer for _, defer in found) / len(found)),
    ]  # fmt: skip
