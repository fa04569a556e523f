"""SciEntsBank and Beetle through the public door: two-way and three-way accuracy.

Marks on all training questions are at hand; a question of the unseen answers has its own among them. An answer is
judged correct when it gets the mark, contradictory when it gets none and is flagged ``contradicts``, else incorrect.
The peer judges from the reference answers alone, without any mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.judging_data import Question, Stated, questions
from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Flag, Item, ItemType, Judgement, Marked, Response, grader_for

BOUNDS = {
    ("sciEntsBank", "unseen-answers"): ((0.787, 0.82), (0.733, 0.77)),
    ("sciEntsBank", "unseen-questions"): ((0.737, 0.77), (0.660, 0.70)),
    ("beetle", "unseen-answers"): ((0.845, 0.87), (None, None)),
    ("beetle", "unseen-questions"): ((0.767, 0.80), (None, None)),
}


def scientsbank(data: Path, quick: bool) -> list[Row]:
    """The rows of SciEntsBank."""
    return _corpus(data, "seb", "sciEntsBank", quick)


def beetle(data: Path, quick: bool) -> list[Row]:
    """The rows of Beetle."""
    return _corpus(data, "beetle", "beetle", quick)


def _corpus(data: Path, name: str, corpus: str, quick: bool) -> list[Row]:
    marks = [mark for question in questions(data, corpus, "training") for mark in marks_of(question)]
    found = []
    for part in ("unseen-answers", "unseen-questions"):
        fresh = questions(data, corpus, part)[: 12 if quick else None]
        found += _part(name, corpus, part, fresh, marks)
    return found


def _part(name: str, corpus: str, part: str, fresh: Sequence[Question], marks: Sequence[Marked]) -> list[Row]:
    two, three, unaided, stated = list[bool](), list[bool](), list[bool](), Stated.empty()
    for question in fresh:
        item = item_of(question)
        answers = [Response(str(n), text=text) for n, text in enumerate(question.answers)]
        truth = [float(label == "correct") for label in question.labels]
        made = grader_for(item, marks).judge_many(answers)
        stated.add(made, truth, 0.5)
        two += [j.score == t for j, t in zip(made, truth, strict=True)]
        three += [label_of(j) == label for j, label in zip(made, question.labels, strict=True)]
        alone = grader_for(item).judge_many(answers)
        unaided += [j.score == t for j, t in zip(alone, truth, strict=True)]
    (floor, aim), (floor_three, aim_three) = BOUNDS[corpus, part]
    return [
        Row(name, f"{part}: 2-way accuracy", float(np.mean(two)), floor, aim, peer=float(np.mean(unaided))),
        Row(name, f"{part}: 3-way accuracy", float(np.mean(three)), floor_three, aim_three),
        Row(name, f"{part}: calibration error", stated.error(), None, 0.05, higher_is_better=False),
    ]


def label_of(made: Judgement) -> str:
    """The three-way label a judgement stands for."""
    if made.score > 0:
        return "correct"
    return "contradictory" if Flag.CONTRADICTS in made.flags else "incorrect"


def item_of(question: Question) -> Item:
    """The question as an item of one mark."""
    return Item(
        ItemType.SHORT_ANSWER,
        1.0,
        id=question.id,
        stem=question.stem,
        reference_answers=question.references,
    )


def marks_of(question: Question) -> list[Marked]:
    """The answers of a training question as a teacher's marks."""
    item = item_of(question)
    return [
        Marked(
            Response(f"{question.id}-{n}", text=text),
            float(label == "correct"),
            item=item,
            contradicts=label == "contradictory",
        )
        for n, (text, label) in enumerate(zip(question.answers, question.labels, strict=True))
    ]
