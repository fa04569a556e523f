"""A slip for one pupil: own answers with what was earned, what is missing and why, as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from zhiwei.engines.papers.typeset import MOST_QUESTIONS, paragraphs, runs
from zhiwei.engines.sheets import typeset


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One question of a slip; texts may hold formulas between dollar signs.

    Attributes:
        number: As printed.
        score: Such as ``3 / 4``.
        right: Full marks.
        stem: What was asked.
        answer: The pupil's own answer, line by line; none prints that nothing was answered.
        good: What was done well.
        missing: What is missing and why.
        comment: The teacher's words.
        solution: The right answer, where it may be shown.
        knowledge: Names of knowledge points.
    """

    number: str
    score: str
    right: bool
    stem: str
    answer: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    comment: str = ""
    solution: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A pupil's slip. ``words`` are the fixed words on it, in the reader's language, by the keys of ``WORDS``."""

    title: str
    subtitle: str
    score: str
    lines: tuple[SlipLine, ...]
    words: dict[str, str]


WORDS = ("answer", "blank", "good", "missing", "comment", "solution", "closing")


def render_slip(slip: Slip) -> bytes:
    """Return the slip as PDF (A4).

    Raises:
        ValueError: No question, more than 200, or a fixed word is not given.
    """
    if not 1 <= len(slip.lines) <= MOST_QUESTIONS:
        raise ValueError(f"questions: {len(slip.lines)}, between 1 and {MOST_QUESTIONS} are printed")
    missing = [one for one in WORDS if one not in slip.words]
    if missing:
        raise ValueError(f"words: {', '.join(missing)} not given")
    program = files("zhiwei.engines.papers").joinpath("slip.typ").read_text("utf-8")
    return typeset(
        program,
        {
            "title": slip.title,
            "subtitle": slip.subtitle,
            "score": slip.score,
            "words": {one: slip.words[one] for one in WORDS},
            "lines": [_line(one) for one in slip.lines],
        },
    )


def _line(one: SlipLine) -> dict[str, object]:
    return {
        "number": one.number,
        "score": one.score,
        "right": one.right,
        "stem": paragraphs(one.stem),
        "answer": _rows(one.answer),
        "good": _rows(one.good),
        "missing": _rows(one.missing),
        "comment": paragraphs(one.comment),
        "solution": _rows(one.solution),
        "knowledge": "、".join(one.knowledge),
    }


def _rows(texts: Sequence[str]) -> list[list[dict[str, object]]]:
    return [runs(text) for text in texts]
