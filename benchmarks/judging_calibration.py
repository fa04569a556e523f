"""Whether confidence means what it says, item type by item type, and what releasing would risk.

Short answers are those of the training parts that were not marked, essays those of one fold; mathematics are the
hand-written pairs; worked solutions are the right and wrong ones of *Verify-then-Generate*, where agreeing means
telling full marks from less. Closed types stand in the section ``closed``, the test parts of the answer sets in
theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import judging_essays, judging_maths
from benchmarks.judging_answers import ITEMS, Task, tasks
from benchmarks.judging_data import Stated, there
from benchmarks.judging_frame import Row
from benchmarks.judging_steps import FILE
from zhiwei.engines.judging import Item, ItemType, Judgement, Marked, Response, grader_for
from zhiwei.engines.judging.confidence import risk_coverage

HELD = 300
TOLERATED = (0.1, 0.2)


def rows(data: Path, quick: bool) -> list[Row]:
    """The rows of this section."""
    work = tasks(data, ITEMS[:2] if quick else ITEMS)
    found = [_row("expression, third pairs", _expressions()), _row("solution", _solutions(data, quick))]
    for count in (20, 50, 100):
        found += _answers(work, count, 1 if quick else 2)
    if not quick:
        found += [_essays(data, count) for count in (50, 100)]
    return found


def _row(name: str, stated: Stated) -> Row:
    return Row("calibration", f"{name}: error", stated.error(), None, 0.05, higher_is_better=False)


def _expressions() -> Stated:
    stated = Stated.empty()
    for pair in judging_maths.load("third"):
        if pair.get("test") or pair.get("form"):
            continue
        item = Item(ItemType.EXPRESSION, 1.0, reference_answers=(str(pair["reference"]),))
        made = grader_for(item).judge(Response("1", text=str(pair["student"])))
        stated.add([made], [float(bool(pair["equal"]))], 0.5)
    return stated


def _solutions(data: Path, quick: bool) -> Stated:
    lines = json.loads(there(data / FILE, "Verify-then-Generate").read_text(encoding="utf-8"))
    stated = Stated.empty()
    for one in lines[: 60 if quick else 300]:
        reference = one["reference_solution"].split("\n")
        item = Item(ItemType.SOLUTION, 2.0, stem=one["problem"], reference_answers=(list(reference),))
        grader = grader_for(item)
        right = tuple(re.split(r"(?<=[.!?])\s+", one["student_correct_response"]))
        for steps, truth in ((right, True), (tuple(one["student_incorrect_solution"]), False)):
            made = grader.judge(Response("1", steps=steps))
            stated.sure.append(made.confidence)
            stated.right.append((made.score == item.max_score) == truth)
    return stated


def _answers(work: Sequence[Task], count: int, draws: int) -> list[Row]:
    stated = Stated.empty()
    released = {tolerated: list[tuple[int, int, int]]() for tolerated in TOLERATED}
    for task in work:
        for draw in range(draws):
            order = np.random.default_rng(100 + draw).permutation(len(task.texts))
            shown, held = order[:count], order[count : count + HELD]
            marked = [Marked(Response(f"m{n}", text=task.texts[n]), task.scores[n]) for n in shown]
            responses = [Response(str(n), text=task.texts[n]) for n in held]
            truth = [task.scores[n] for n in held]
            stated.add(grader_for(task.item, marked).judge_many(responses), truth, 0.5)
            if draw == 0 and count == 100:
                for tolerated, counts in released.items():
                    grader = grader_for(task.item, marked, tolerated_error=tolerated)
                    counts.append(_released(grader.judge_many(responses), truth))
    found = [_row(f"short answers, {count} marks", stated)]
    found += [row for tolerated, counts in released.items() if counts for row in _risk(tolerated, counts)]
    return [*found, *_coverage(stated)] if count == 100 else found


def _released(made: Sequence[Judgement], truth: Sequence[float]) -> tuple[int, int, int]:
    """How many were judged, released, and released with another mark than the teacher's."""
    out = [(j.score, t) for j, t in zip(made, truth, strict=True) if not j.defer]
    return len(made), len(out), sum(abs(score - mark) >= 0.5 for score, mark in out)


def _risk(tolerated: float, counts: Sequence[tuple[int, int, int]]) -> list[Row]:
    judged, out, wrong = (sum(column) for column in zip(*counts, strict=True))
    name = f"short answers, 100 marks, {tolerated:.0%} tolerated"
    return [
        Row("calibration", f"{name}: released", out / judged),
        Row(
            "calibration",
            f"{name}: error among them",
            wrong / max(out, 1),
            None,
            tolerated,
            higher_is_better=False,
        ),
    ]


def _coverage(stated: Stated) -> list[Row]:
    """Error among the surest fifth, two fifths … of the answers."""
    table = risk_coverage(stated.sure, stated.right)
    found = []
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        point = min(table, key=lambda one: abs(one.coverage - share))
        found.append(
            Row("calibration", f"short answers, 100 marks, surest {share:.0%}: error", point.error_rate)
        )
    return found


def _essays(data: Path, count: int) -> Row:
    errors = [judging_essays.run(task, count, 1).stated.error() for task in judging_essays.english(data)]
    return Row(
        "calibration",
        f"essays, {count} marks: error",
        float(np.mean(errors)),
        None,
        0.05,
        higher_is_better=False,
    )
