"""Sheets with Chinese headings: each row becomes one entry, or the problems that keep it from being used."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from zhiwei.engines.rosters import cells
from zhiwei.engines.rosters.columns import PUPILS, Headings, find_headings
from zhiwei.engines.rosters.subjects import subject_of
from zhiwei.engines.rosters.values import ClassRef, Entry, Guardian, Post, Problem
from zhiwei.engines.rosters.xlsx import Cell

Line = Entry | Problem
Value = TypeVar("Value")
HEADING_ROWS = 8
NAME_LENGTH, KEY_LENGTH = 60, 40
_SPLIT = re.compile(r"[、,，;；/\n]+")


@dataclass
class _Seen:
    """What the rows so far have shown: identifiers with their row, and how wide they are."""

    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    widths: Counter[int] = field(default_factory=Counter)
    zero_widths: set[tuple[str, int]] = field(default_factory=set)
    bare: list[tuple[int, str, str]] = field(default_factory=list)


def entries(
    rows: Iterable[tuple[int, list[Cell]]],
    sheet: str,
    *,
    from_1904: bool = False,
    plain: bool = False,
    today: date,
) -> Iterator[Line]:
    """Yield the entries and problems of one sheet in its order.

    Args:
        plain: The cells come from text, where a number that lost its zeros cannot be told by its kind.

    A sheet without known headings yields nothing but the problem ``headings``.
    """
    source = iter(rows)
    found = _headings(source)
    if found is None:
        yield Problem("headings", sheet=sheet)
        return
    yield from _heading_problems(found, sheet)
    if found.missing or found.twice:
        return
    reader = _Reader(found, sheet, from_1904=from_1904, plain=plain, today=today)
    for row, values in source:
        yield from reader.read(row, values)
    yield from reader.lost_zeros()


def _headings(source: Iterator[tuple[int, list[Cell]]]) -> Headings | None:
    for tried, (row, values) in enumerate(source, start=1):
        found = find_headings(row, [cell.text for cell in values])
        if found is not None or tried >= HEADING_ROWS:
            return found
    return None


def _heading_problems(found: Headings, sheet: str) -> Iterator[Problem]:
    for heading in found.missing:
        yield Problem("heading_missing", found.row, heading, sheet)
    for heading in found.twice:
        yield Problem("heading_twice", found.row, heading, sheet)


class _Reader:
    def __init__(self, headings: Headings, sheet: str, *, from_1904: bool, plain: bool, today: date) -> None:
        self.headings, self.sheet, self.plain = headings, sheet, plain
        self.from_1904, self.today = from_1904, today
        self.seen = _Seen()
        self.problems: list[Problem] = []

    def read(self, row: int, values: list[Cell]) -> Iterator[Line]:
        """Yield the row's entry when nothing is wrong with it, else its problems."""
        used = {name: values[at] for name, at in self.headings.places.items() if at < len(values)}
        if not any(cell.text.strip() or cell.formula for cell in used.values()) or _is_advice(values):
            return
        self.problems = []
        for name, cell in used.items():
            if cell.formula:
                self._add("formula", row, name)
        entry = None
        if not self.problems:
            entry = self._pupil(row, used) if self.headings.kind == PUPILS else self._staff(row, used)
        yield from self.problems
        if entry is not None and not self.problems:
            yield entry

    def lost_zeros(self) -> Iterator[Problem]:
        """Yield numbers kept as numbers, shorter than those of the sheet that begin with 0."""
        for row, name, value in self.seen.bare:
            if any(kind == name and len(value) < width for kind, width in self.seen.zero_widths):
                yield Problem("leading_zeros", row, self.headings.names[name], self.sheet, {"value": value})

    def _add(self, code: str, row: int, name: str, **facts: object) -> None:
        heading = self.headings.names.get(name, name)
        self.problems.append(
            Problem(code, row, heading, self.sheet, {key: str(value)[:60] for key, value in facts.items()})
        )

    def _pupil(self, row: int, used: dict[str, Cell]) -> Entry:
        number, source = self._key(row, used, "number"), self._key(row, used, "source_key")
        name = self._name(row, used, "name")
        if not _text(used, "number") and not _text(used, "source_key"):
            self._add("empty", row, "number" if "number" in self.headings.places else "source_key")
        place = self._class(row, used)
        birth = self._value(
            row,
            used,
            "birth_on",
            lambda cell: cells.date_of(cell.text, from_1904=self.from_1904, today=self.today),
        )
        guardians = self._guardians(row, used, source or number)
        posts = (Post("pupil", place),) if place else ()
        return Entry(
            "pupil",
            self.sheet,
            row,
            name,
            source,
            number,
            self._sex(row, used),
            birth,
            None,
            posts,
            guardians,
        )

    def _staff(self, row: int, used: dict[str, Cell]) -> Entry:
        number, name = self._key(row, used, "number"), self._name(row, used, "name")
        if not _text(used, "number"):
            self._add("empty", row, "number")
        subject = subject_of(_text(used, "subject"))
        posts = [Post("teacher", one, subject) for one in self._named(row, used, "classes")]
        posts += [Post("class_teacher", one) for one in self._named(row, used, "heads")]
        lead = _text(used, "lead")
        if lead in {"是", "1", "y", "yes", "Y", "√"} and subject:
            posts.append(Post("subject_lead", None, subject))
        elif lead not in {"", "否", "0", "n", "no", "N", "×", "是", "1", "y", "yes", "Y", "√"}:
            self._add("yes_or_no", row, "lead", value=lead)
        sex, phone = self._sex(row, used), self._phone(row, used)
        return Entry(
            "staff", self.sheet, row, name, "", number, sex, None, phone, tuple(dict.fromkeys(posts))
        )

    def _name(self, row: int, used: dict[str, Cell], name: str) -> str:
        value = re.sub(r"\s+", " ", _text(used, name))
        if re.search(r"[\u4e00-\u9fff]\s", value):
            value = value.replace(" ", "")
        if not value:
            self._add("empty", row, name)
        elif len(value) > NAME_LENGTH:
            self._add("too_long", row, name, limit=NAME_LENGTH)
        elif not value.isprintable() or value.isdigit():
            self._add("name_signs", row, name, value=value)
        return value

    def _key(self, row: int, used: dict[str, Cell], name: str) -> str:
        value = (
            self._value(row, used, name, lambda cell: cells.number_of(cell.text, numeric=cell.numeric)) or ""
        )
        if not value:
            return ""
        first = self.seen.rows.setdefault((name, value), row)
        if first != row:
            self._add("twice", row, name, value=value, first=first)
        if value.startswith("0"):
            self.seen.zero_widths.add((name, len(value)))
        elif used[name].numeric or (self.plain and value.isdigit()):
            self.seen.widths[len(value)] += 1
            if self.seen.widths[len(value)] <= 200:
                self.seen.bare.append((row, name, value))
        return value

    def _class(self, row: int, used: dict[str, Cell]) -> ClassRef | None:
        text, grade_text = _text(used, "class"), _text(used, "grade")
        grade = cells.grade_of(grade_text)
        if grade_text and grade is None:
            self._add("grade", row, "grade", value=grade_text)
        if not text:
            self._add("empty", row, "class")
            return None
        return self._ref(row, "class", text, grade)

    def _ref(self, row: int, name: str, text: str, grade: int | None) -> ClassRef:
        full = cells.class_name(grade, text)
        if len(full) > NAME_LENGTH:
            self._add("too_long", row, name, limit=NAME_LENGTH)
        named = re.match(r"[一二三四五六七八九]年级|[初高][一二三]|小学?[一二三四五六]", full)
        return ClassRef(full, full, grade or (cells.grade_of(named.group()) if named else None))

    def _named(self, row: int, used: dict[str, Cell], name: str) -> list[ClassRef]:
        words = [word.strip() for word in _SPLIT.split(_text(used, name)) if word.strip()]
        return [self._ref(row, name, word, None) for word in words[:40] if word not in {"否", "无"}]

    def _guardians(self, row: int, used: dict[str, Cell], child: str) -> tuple[Guardian, ...]:
        phone = self._phone(row, used) or ""
        if not _text(used, "guardian"):
            return ()
        name = self._name(row, used, "guardian")
        key = guardian_key(name, phone, child)
        return (Guardian(key, name, _text(used, "relation")[:20], phone),)

    def _sex(self, row: int, used: dict[str, Cell]) -> str | None:
        return self._value(row, used, "sex", lambda cell: cells.sex_of(cell.text))

    def _phone(self, row: int, used: dict[str, Cell]) -> str | None:
        return self._value(row, used, "phone", lambda cell: cells.phone_of(cell.text, numeric=cell.numeric))

    def _value(
        self, row: int, used: dict[str, Cell], name: str, parse: Callable[[Cell], Value]
    ) -> Value | None:
        if name not in used:
            return None
        try:
            return parse(used[name])
        except cells.UnusableValueError as error:
            self._add(error.code, row, name, value=used[name].text.strip())
            return None


def guardian_key(name: str, phone: str, child: str) -> str:
    """Return a stable key: parents of two children are one person when name and phone agree."""
    text = f"{name}|{phone}" if phone else f"{name}|of|{child}"
    return f"guardian:{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def _text(used: dict[str, Cell], name: str) -> str:
    return used[name].text.strip() if name in used else ""


def _is_advice(values: list[Cell]) -> bool:
    """Tell the template's own line of advice from a row of data."""
    return any("必填" in cell.text for cell in values[:4])
