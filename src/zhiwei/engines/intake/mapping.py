"""Suggesting what a source's columns are: by name, by another name, by what stands in the cells, by likeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from zhiwei.engines.intake.elements import Element, code_list, elements, folded
from zhiwei.engines.intake.errors import IntakeError
from zhiwei.engines.intake.values import Field, Kind, RawColumn

_SHAPES = (
    ("身份证件号", re.compile(r"[1-9]\d{16}[\dXx]")),
    ("联系电话", re.compile(r"1[3-9]\d{9}")),
    ("电子邮箱", re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.I)),
)
_DATE = re.compile(r"(19|20)\d{2}([-/.年]\d{1,2}[-/.月]\d{1,2}日?|[01]\d[0-3]\d)")
_INTEGER, _NUMBER = re.compile(r"-?\d{1,15}"), re.compile(r"-?\d{1,15}(\.\d+)?")
_LIKE = 0.8
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a column may be.

    Attributes:
        element: Name of the standard element; "" when none is like it.
        why: ``name``, ``alias``, ``cells``, ``like`` or "".
        kind: What its values should become.
        level: How sensitive (1 to 4).
    """

    element: str
    why: str
    kind: Kind
    level: int


def suggest(columns: Sequence[RawColumn], sample: Sequence[Sequence[str | None]]) -> list[Suggestion]:
    """Return one suggestion a column; an element is suggested for one column only, the surest."""
    found: list[Suggestion] = []
    taken: set[str] = set()
    for place, column in enumerate(columns):
        cells = [row[place].strip() for row in sample if place < len(row) and row[place]]  # type: ignore[union-attr]
        element, why = _element_for(column.title, cells)
        if element is None or element.name in taken:
            found.append(Suggestion("", "", _kind_of(cells, column.type), 3 if cells else 2))
        else:
            taken.add(element.name)
            found.append(Suggestion(element.name, why, _fitting(element, cells), element.level))
    return found


def check_fields(fields: Sequence[Field], columns: int) -> None:
    """Refuse fields that cannot be brought in together.

    Raises:
        IntakeError: None, a name twice or empty or reserved, or a place that is not there.
    """
    if not fields:
        raise IntakeError("至少要接入一列。", field="fields")
    seen: set[str] = set()
    for one in fields:
        if not one.name.strip() or len(one.name) > 60 or one.name.startswith("_"):
            raise IntakeError(f"字段名「{one.name}」不能用：1–60 字，不以下划线开头。", field="name")
        if one.name.casefold() in seen:
            raise IntakeError(f"字段名「{one.name}」用了两次。", field="name")
        if not 0 <= one.place < columns:
            raise IntakeError(f"「{one.name}」对应的列不存在。", field="place")
        seen.add(one.name.casefold())


def _element_for(title: str, cells: Sequence[str]) -> tuple[Element | None, str]:
    known, plain = elements(), folded(title)
    named = _by_name().get(plain)
    if named:
        return known[named], "name" if folded(named) == plain else "alias"
    for element, shape in _SHAPES:
        if cells and sum(bool(shape.fullmatch(one)) for one in cells) >= _NEARLY * len(cells):
            return known[element], "cells"
    likeness, like = max(
        ((SequenceMatcher(None, plain, name).ratio(), element) for name, element in _by_name().items()),
        default=(0.0, ""),
    )
    return (known[like], "like") if likeness >= _LIKE and len(plain) > 2 else (None, "")


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for one in elements().values():
        for name in (*one.aliases, one.name):
            found[folded(name)] = one.name
    return {name: element for name, element in found.items() if name}


def _fitting(element: Element, cells: Sequence[str]) -> Kind:
    """Return the element's kind where the cells are of it; else text, so that nothing is rejected unseen."""
    if element.kind is Kind.CODE:
        codes = code_list(element.codes)
        return Kind.CODE if _all(cells, lambda one: one in codes) else Kind.TEXT
    if element.kind is Kind.DATE:
        return Kind.DATE if _all(cells, _DATE.fullmatch) else Kind.TEXT
    if element.kind is Kind.NUMBER:
        return Kind.NUMBER if _all(cells, _NUMBER.fullmatch) else Kind.TEXT
    return element.kind


def _kind_of(cells: Sequence[str], native: str) -> Kind:
    if "timestamp" in native.casefold():
        return Kind.TIME
    if not cells or any(len(one) > 1 and one.startswith("0") and one.isdigit() for one in cells):
        return Kind.TEXT
    for kind, shape in ((Kind.DATE, _DATE), (Kind.INTEGER, _INTEGER), (Kind.NUMBER, _NUMBER)):
        if all(shape.fullmatch(one) for one in cells):
            return kind
    return Kind.TEXT


def _all(cells: Sequence[str], fits: object) -> bool:
    """Whether nearly all cells fit; a few wrong ones are what rejecting is for."""
    good = sum(bool(fits(one)) for one in cells)  # type: ignore[operator]
    return good >= _NEARLY * len(cells)
