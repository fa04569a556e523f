"""Whose page it is and which: from the code, else the bubbles, else unknown. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiwei.engines.scanning.values import Reading, Roster
from zhiwei.engines.sheets import BLANK_SHEET, CheckedCode, Template


@dataclass(frozen=True)
class Identity:
    """Who and which page, how it is known, and what stands against it."""

    work: str
    pupil: str
    sheet: str
    page: int
    how: str
    doubts: tuple[str, ...]


def page_number(code: CheckedCode | None, page_mark: int, template: Template) -> int:
    """The template page: told by code or mark, which must agree; 0 when they do not or neither tells."""
    from_code = code.code.page if code else 0
    if from_code and page_mark and from_code != page_mark:
        return 0
    number = from_code or page_mark
    return number if template.page(number) else 0


def identify(
    code: CheckedCode | None, number: int, readings: Sequence[Reading], template: Template, roster: Roster
) -> Identity:
    """Join what code, marks and number bubbles say.

    Args:
        code: the page's code, or None.
        number: the template page, 0 unknown.
        readings: of this page; the pupil's number is among those of the first page.
        template: the work's template.
        roster: pupil numbers to pupil codes.
    """
    doubts = [] if number else ["unknown_page"]
    if code and code.signature == "bad":
        return Identity("", "", "", number, "none", (*doubts, "bad_signature"))
    if code and code.code.work != template.work:
        return Identity(code.code.work, code.code.pupil, "", code.code.page, "code", ("other_work",))
    told = code.code.pupil if code else ""
    sheet = told if told.startswith(BLANK_SHEET) else ""
    named = "" if sheet else told
    by_bubbles, sure = _by_number(readings, roster)
    if named:
        if sure and by_bubbles and by_bubbles != named:
            doubts.append("number_disagrees")
        return Identity(template.work, named, "", number, "code", tuple(doubts))
    if by_bubbles and sure:
        return Identity(template.work, by_bubbles, sheet, number, "number", tuple(doubts))
    return Identity(template.work, "", sheet, number, "none", (*doubts, "unknown_pupil"))


def _by_number(readings: Sequence[Reading], roster: Roster) -> tuple[str, bool]:
    for reading in readings:
        if reading.kind == "number" and reading.values:
            return roster.get(reading.values[0], ""), not reading.unsure
    return "", False
