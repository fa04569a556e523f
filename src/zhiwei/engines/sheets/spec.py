"""What a teacher asks for: a title, questions with the room each needs, and perhaps the pupils by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhiwei.engines.sheets.codes import BLANK_SHEET
from zhiwei.engines.sheets.errors import SheetError
from zhiwei.engines.sheets.paper import PAPERS

KINDS = ("choice", "digits", "letter", "blank", "lines", "grid", "free")
"""What a pupil is given to answer in: bubbles, digit boxes, a box for one letter, ruled blanks, ruled lines,
a grid for an essay, or an empty box."""

_CODE = re.compile(r"[A-Z0-9-]{1,24}")

_KIND_OF_ITEM = {
    "single_choice": "choice",
    "multiple_choice": "choice",
    "true_false": "choice",
    "numeric": "digits",
    "blank": "blank",
    "expression": "blank",
    "matching": "blank",
    "ordering": "blank",
    "short_answer": "lines",
    "essay": "grid",
    "solution": "free",
}


def answer_space_for(item_type: str) -> str:
    """The answer space that suits an item type of the item format; a free box when none is better."""
    return _KIND_OF_ITEM.get(item_type, "free")


@dataclass(frozen=True)
class Question:
    """One question on the sheet.

    Attributes:
        key: unique in the work; returned with every reading.
        kind: one of :data:`KINDS`.
        label: printed number, e.g. ``"12"``; the key when empty.
        points: full marks, printed when above 0.
        options: choices (``choice``) or allowed letters (``letter``).
        multiple: more than one bubble may be filled.
        text: the question itself, plain text with simple ``$LaTeX$``; optional.
        size: room asked for: digit boxes, number of blanks, ruled lines, essay characters, or the height
            of a free box in millimetres. 0 lets the layout choose by kind and points.
    """

    key: str
    kind: str
    label: str = ""
    points: float = 0.0
    options: tuple[str, ...] = ("A", "B", "C", "D")
    multiple: bool = False
    text: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SheetError(f"question '{self.key}': kind '{self.kind}' is not one of {', '.join(KINDS)}")
        if not 0 <= self.size <= 5000:
            raise SheetError(f"question '{self.key}': size {self.size} is outside 0–5000")
        if self.kind in {"choice", "letter"} and not 1 <= len(self.options) <= 10:
            raise SheetError(f"question '{self.key}': needs 1–10 options, has {len(self.options)}")


@dataclass(frozen=True)
class Pupil:
    """One pupil whose sheet is made in advance: ``code`` goes into the QR code, the rest is printed."""

    code: str
    name: str = ""
    number: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code) or self.code.startswith(BLANK_SHEET):
            raise SheetError(f"pupil code '{self.code[:40]}': use 1–24 capital letters, digits or '-'")


@dataclass(frozen=True)
class SheetSpec:
    """A whole answer sheet.

    Attributes:
        work: code of the work, 1–24 capital letters, digits or ``-``; goes into every QR code.
        title: printed large at the top.
        questions: in printed order.
        pupils: one sheet each with the name printed; empty for blank sheets.
        paper: a key of :data:`~zhiwei.engines.sheets.paper.PAPERS`.
        double_sided: pad every pupil's sheet to whole leaves; None takes the paper's habit.
        number_digits: columns of bubbles for the pupil's number, 0 for none, at most 12.
        subtitle: a second line (subject, date, time allowed).
        blank_copies: sheets without a name, made besides the named ones (one when there are no pupils).
    """

    work: str
    title: str
    questions: tuple[Question, ...]
    pupils: tuple[Pupil, ...] = ()
    paper: str = "A4"
    double_sided: bool | None = None
    number_digits: int = 8
    subtitle: str = ""
    blank_copies: int = field(default=0)

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.work):
            raise SheetError(f"work code '{self.work[:40]}': use 1–24 capital letters, digits or '-'")
        if self.paper not in PAPERS:
            raise SheetError(f"paper '{self.paper}' is not one of {', '.join(PAPERS)}")
        if not 0 <= self.number_digits <= 12:
            raise SheetError(f"number_digits {self.number_digits} is outside 0–12")
        if not self.questions:
            raise SheetError("questions: at least one is needed")
        _refuse_repeats([question.key for question in self.questions], "question key")
        _refuse_repeats([pupil.code for pupil in self.pupils], "pupil code")


def _refuse_repeats(keys: list[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise SheetError(f"{what} '{key}' appears twice")
        seen.add(key)
