"""Moodle questions answered by a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiwei.engines.exchange.building import numeric, partial_marks, with_unit
from zhiwei.engines.exchange.moodle_frames import frame
from zhiwei.engines.exchange.moodle_source import MoodleSource
from zhiwei.engines.exchange.values import Content, NotUnderstoodError


@dataclass(frozen=True, slots=True)
class _Row:
    """A number with its share of the marks in %, its tolerance and its feedback."""

    text: str
    share: float
    width: float
    said: str


def number_of(source: MoodleSource) -> Content:
    """A number with tolerance and unit; other numbers become common errors with their marks and feedback."""
    rows = [
        _Row(
            source.plain(one),
            float(one.get("fraction", "0")),
            float(one.findtext("tolerance", "0") or 0),
            source.said(one),
        )
        for one in source.question.findall("answer")
    ]
    right = [row for row in rows if row.share >= 100 and row.text != "*"]
    if not right:
        raise NotUnderstoodError("has no number worth all marks")
    unit = _unit(source)
    content = numeric(source.stem, with_unit(right[0].text, unit), right[0].width, score=source.score)
    same = [row for row in right[1:] if row.width == right[0].width]
    content["reference_answers"] += [with_unit(row.text, unit) for row in same]
    numbers = {row.text for row in right}
    others = [row for row in rows if row.share < 100 and row.text not in {"*", *numbers}]
    errors = partial_marks(
        [(with_unit(row.text, unit), row.share, row.said) for row in others], source.score, "wrong"
    )
    content.update({"errors": errors} if errors else {})
    source.notes += _lost(rows, right, numbers)
    if len(source.question.findall("units/unit")) > 1:
        source.notes.append("further units left out; units are converted here")
    return content


def _unit(source: MoodleSource) -> str:
    carried = frame(source.raw("questiontext"))
    unit = carried.get("unit", source.question.findtext("units/unit/unit_name", "")).strip()
    if not re.fullmatch(r"[^<>&{}]{0,40}", unit):
        raise NotUnderstoodError(f"has the unit '{unit[:40]}', which is none")
    return unit


def _lost(rows: list[_Row], right: list[_Row], numbers: set[str]) -> list[str]:
    near = [row for row in rows if 0 < row.share < 100 and row.text in numbers]
    other = [row for row in right if row.width != right[0].width]
    lost = [f"marks of {row.share:g}% within {row.width:g} of {row.text} left out" for row in near]
    lost += [f"right number of another tolerance left out: {row.text}" for row in other]
    said = any(row.said for row in rows if row.text == "*" or row.text in numbers)
    return lost + (["feedback to right numbers and to any other left out"] if said else [])
