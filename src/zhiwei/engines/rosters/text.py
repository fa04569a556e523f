"""Tables in text: the encoding is found by content, rows keep their number in the file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from zhiwei.engines.rosters.values import Limits, UnusableRosterError

Row = tuple[int, list[str]]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;，"


def encoding_of(content: bytes) -> str:
    """Return the encoding of a text: UTF-8 (with or without mark), UTF-16 or GB18030.

    Raises:
        UnusableRosterError: None of them; names the first row that cannot be read.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _tried(content, name)
    head = content[:4096]
    if b"\x00" in head and len(content) % 2 == 0:
        odd, even = head[1::2].count(0), head[::2].count(0)
        return _tried(content, "utf-16-le" if odd >= even else "utf-16-be")
    try:
        return _tried(content, "utf-8")
    except UnusableRosterError as first:
        try:
            return _tried(content, "gb18030")
        except UnusableRosterError:
            raise first from None


def _tried(content: bytes, name: str) -> str:
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    row = 1
    for start in range(0, max(len(content), 1), 65536):
        piece = content[start : start + 65536]
        try:
            row += decoder.decode(piece, final=start + 65536 >= len(content)).count("\n")
        except UnicodeDecodeError as error:
            row += piece[: error.start].count(b"\n")
            raise UnusableRosterError("encoding", row=row) from None
    return name


def rows_of(content: bytes, sheet: str, limits: Limits) -> Iterator[Row]:
    """Yield ``(row, cells)`` of a CSV table; a row is one record, as a sheet would count it.

    Raises:
        UnusableRosterError: Encoding, broken quotes, too many rows or columns, a cell too long.
    """
    text = content.decode(encoding_of(content)).removeprefix("\ufeff")
    if "\x00" in text:
        raise UnusableRosterError("binary", sheet=sheet)
    first = text[:4096].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = StringIO(text, newline="")
    del text, content
    yield from _records(csv.reader(lines, delimiter=delimiter, strict=True), sheet, limits)


def _records(reader: Iterable[list[str]], sheet: str, limits: Limits) -> Iterator[Row]:
    number = 0
    source = iter(reader)
    while True:
        number += 1
        try:
            cells = next(source)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnusableRosterError("csv_broken", sheet=sheet, row=number) from error
        check_row(number, cells, sheet, limits)
        yield number, cells


def check_row(number: int, cells: list[str], sheet: str, limits: Limits) -> None:
    """Refuse a row beyond the limits.

    Raises:
        UnusableRosterError: Too many rows or columns, or a cell too long.
    """
    if number > limits.rows:
        raise UnusableRosterError("too_many_rows", sheet=sheet, row=number, limit=limits.rows)
    if len(cells) > limits.columns:
        raise UnusableRosterError("too_many_columns", sheet=sheet, row=number, limit=limits.columns)
    if any(len(cell) > limits.cell_characters for cell in cells):
        raise UnusableRosterError("cell_too_long", sheet=sheet, row=number, limit=limits.cell_characters)
