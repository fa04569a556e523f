"""Opens whatever was handed in: the kind is told by content, and bounds are checked before reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import BinaryIO

from zhiwei.engines.rosters import oneroster, sheets, text, xlsx
from zhiwei.engines.rosters.columns import PUPILS, STAFF
from zhiwei.engines.rosters.gate import open_package
from zhiwei.engines.rosters.tables import Package
from zhiwei.engines.rosters.values import (
    Entry,
    Limits,
    Problem,
    Roster,
    RosterFormat,
    UnusableRosterError,
)

HEAD_BYTES = 8
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Line = Entry | Problem


def open_roster(
    stream: BinaryIO,
    *,
    name: str = "",
    school: str = "",
    codes: frozenset[str] = frozenset(),
    today: date,
    limits: Limits | None = None,
) -> Roster:
    """Open a roster: a OneRoster zip, an Excel workbook, or a CSV with Chinese headings.

    Args:
        stream: Seekable; stays open while ``Roster.lines`` is walked.
        name: File name, for messages about a CSV.
        school: Name of the school it is for, to choose among the schools of a package.
        codes: Further identifiers of that school.
        today: The latest day a birthday may have.

    Raises:
        UnusableRosterError: The file as a whole cannot be used.
    """
    bounds = limits or Limits()
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise UnusableRosterError("file_empty")
    if size > bounds.file_bytes:
        raise UnusableRosterError("file_too_large", limit=bounds.file_bytes // (1024 * 1024))
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head == _OLE:
        raise UnusableRosterError("old_xls")
    if head[:4] != b"PK\x03\x04":
        return _text_roster(stream, name, today, bounds)
    package = open_package(stream, bounds)
    if "xl/workbook.xml" in package.namelist():
        book = xlsx.open_workbook(package, bounds)
        return Roster(
            RosterFormat.SHEET,
            partial(_book_lines, book, today, bounds),
            tuple(one.name for one in book.sheets),
        )
    tables = Package(package, bounds)
    version = oneroster.format_of(tables)
    lines = partial(oneroster.entries, tables, school=school, codes=codes, today=today)
    return Roster(version, lines, ("orgs", "users", "classes", "enrollments"))


def _text_roster(stream: BinaryIO, name: str, today: date, limits: Limits) -> Roster:
    sheet = name[:60] or "csv"

    def lines() -> Iterator[Line]:
        stream.seek(0)
        rows = text.rows_of(stream.read(), sheet, limits)
        plain = ((number, [xlsx.Cell(cell) for cell in cells]) for number, cells in rows)
        yield from sheets.entries(plain, sheet, plain=True, today=today)

    return Roster(RosterFormat.CSV, lines, (sheet,))


def _book_lines(book: xlsx.Workbook, today: date, limits: Limits) -> Iterator[Line]:
    """Walk the sheets 学生 and 教职工; when neither is there, every sheet whose headings are known."""
    named = [sheet for sheet in book.sheets if sheet.name.strip() in {PUPILS, STAFF}]
    used = False
    for sheet in named or book.sheets:
        for line in _sheet_lines(book, sheet, today, limits):
            if not (isinstance(line, Problem) and line.code == "headings" and len(book.sheets) > 1):
                used = True
                yield line
    if not used:
        yield Problem("no_people")


def _sheet_lines(book: xlsx.Workbook, sheet: xlsx.Sheet, today: date, limits: Limits) -> Iterator[Line]:
    rows = xlsx.rows_of(book, sheet, limits)
    yield from sheets.entries(rows, sheet.name, from_1904=book.from_1904, today=today)
    for reference in sheet.merged:
        row, _column = xlsx.corner_of(reference)
        yield Problem("merged", row, reference.partition(":")[0], sheet.name, {"value": reference})
