"""Questions flowing over A4 pages with room to write, then the answers on a sheet of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from zhiwei.engines.sheets import runs_of, typeset

MOST_QUESTIONS = 200
_LONGEST = 20_000
_MARKDOWN = re.compile(r"\*\*|__(?=\S)(?<!_)(?!_)|^#{1,6}\s+|^>\s?|!\[[^\]]*\]\([^)]*\)", re.MULTILINE)
_BLOCK_FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question on paper.

    Attributes:
        number: As printed.
        source: Where it comes from, small under the number.
        stem: Text; formulas between dollar signs; line breaks make paragraphs.
        choices: Printed one below another, or side by side when short.
        parts: Stems of the parts of a question made of several.
        room_mm: Empty space to write in, millimetres.
        answer: Lines of the right answer; none prints no answer.
        note: Worked solution or remark below the answer.
        drawing: SVG below the stem; sound shapes only, what it links to is not fetched.
    """

    number: str
    stem: str
    source: str = ""
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    room_mm: float = 12.0
    answer: tuple[str, ...] = ()
    note: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: head, questions, and the heading of the answer sheet."""

    title: str
    subtitle: str
    questions: tuple[PaperQuestion, ...]
    answers_title: str = "参考答案"


def render_paper(paper: Paper) -> bytes:
    """Return the paper as PDF (A4), the answers beginning on a page of their own.

    A drawing that the typesetter cannot draw costs its paper nothing but the drawings.

    Raises:
        ValueError: No question, or more than 200.
    """
    if not 1 <= len(paper.questions) <= MOST_QUESTIONS:
        raise ValueError(f"questions: {len(paper.questions)}, between 1 and {MOST_QUESTIONS} are printed")
    try:
        return _typeset(paper)
    except RuntimeError:
        bare = tuple(replace(one, drawing="") for one in paper.questions)
        if bare == paper.questions:
            raise
        return _typeset(replace(paper, questions=bare))


def _typeset(paper: Paper) -> bytes:
    program = files("zhiwei.engines.papers").joinpath("paper.typ").read_text("utf-8")
    return typeset(
        program,
        {
            "title": paper.title,
            "subtitle": paper.subtitle,
            "answers_title": paper.answers_title,
            "questions": [_question(one) for one in paper.questions],
            "answers": [_answer(one) for one in paper.questions if one.answer or one.note],
        },
    )


def _question(one: PaperQuestion) -> dict[str, object]:
    return {
        "number": one.number,
        "source": one.source,
        "stem": paragraphs(one.stem),
        "choices": [runs(choice) for choice in one.choices],
        "columns": _columns(one.choices),
        "parts": [paragraphs(part) for part in one.parts],
        "drawing": one.drawing,
        "room": max(0.0, min(one.room_mm, 240.0)),
    }


def _answer(one: PaperQuestion) -> dict[str, object]:
    return {
        "number": one.number,
        "lines": [runs(line) for line in one.answer],
        "note": paragraphs(one.note),
    }


def _columns(choices: Sequence[str]) -> int:
    longest = max((len(choice) for choice in choices), default=0)
    return 4 if longest <= 9 else 2 if longest <= 22 else 1


def paragraphs(text: str) -> list[list[dict[str, object]]]:
    """Return the lines of a text as pieces that a program draws with ``run``."""
    return [runs(line) for line in text[:_LONGEST].split("\n") if line.strip()]


def runs(text: str) -> list[dict[str, object]]:
    """Return the pieces of one line: words, formulas; signs of Markdown that mean nothing on paper are left out."""
    flat = _BLOCK_FORMULA.sub(lambda found: f"${found.group(1).strip()}$", text[:_LONGEST])
    return runs_of(_MARKDOWN.sub("", flat))
