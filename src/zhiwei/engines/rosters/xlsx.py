"""Excel workbooks as a stream of rows: cells keep their kind, so that lost digits and formulas can be told.

Nothing is computed or followed: formulas, macros and links are text to us; entities in the XML are refused.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from zhiwei.engines.rosters.cells import PRECISE_DIGITS
from zhiwei.engines.rosters.gate import unpacked
from zhiwei.engines.rosters.values import Limits, UnusableRosterError


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored: text; ``numeric`` when Excel keeps a number; ``formula`` when it computes."""

    text: str
    numeric: bool = False
    formula: bool = False


@dataclass
class Sheet:
    """One sheet: name, member, and what is only known after its rows were read."""

    name: str
    member: str
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """An opened workbook; ``shared`` are its shared strings."""

    package: zipfile.ZipFile
    sheets: tuple[Sheet, ...]
    shared: tuple[str, ...]
    from_1904: bool


def open_workbook(package: zipfile.ZipFile, limits: Limits) -> Workbook:
    """Read a workbook's list of sheets and its shared strings.

    Raises:
        UnusableRosterError: Not a workbook, or damaged.
    """
    names = set(package.namelist())
    if "xl/workbook.xml" not in names:
        raise UnusableRosterError("not_a_workbook")
    book = _Book()
    _walk(package, "xl/workbook.xml", book, limits)
    links = _Links()
    if "xl/_rels/workbook.xml.rels" in names:
        _walk(package, "xl/_rels/workbook.xml.rels", links, limits)
    sheets = []
    for name, link in book.sheets:
        target = links.targets.get(link, "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if member in names:
            sheets.append(Sheet(name[:60], member))
    shared = _Shared(limits)
    if "xl/sharedStrings.xml" in names:
        _walk(package, "xl/sharedStrings.xml", shared, limits)
    return Workbook(package, tuple(sheets), tuple(shared.texts), book.from_1904)


def rows_of(book: Workbook, sheet: Sheet, limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    """Yield ``(row, cells)`` with the sheet's own row numbers; empty rows are left out.

    Raises:
        UnusableRosterError: Damaged, or beyond the limits.
    """
    handler = _Rows(book.shared, sheet, limits)
    for _piece in _fed(book.package, sheet.member, handler, limits):
        yield from handler.ready
        handler.ready.clear()
    sheet.merged[:] = handler.merged


def _walk(package: zipfile.ZipFile, member: str, handler: _Handler, limits: Limits) -> None:
    for _piece in _fed(package, member, handler, limits):
        pass


def _fed(package: zipfile.ZipFile, member: str, handler: _Handler, limits: Limits) -> Iterator[None]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _forbidden(member)
    try:
        for piece in unpacked(package, member, limits):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise UnusableRosterError("xlsx_damaged", sheet=member) from error


def _forbidden(member: str) -> Callable[..., NoReturn]:
    """No workbook needs a document type; refusing it refuses every entity trick with it."""

    def refuse(*_declared: object) -> NoReturn:
        raise UnusableRosterError("xml_entities", sheet=member)

    return refuse


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


Attributes = dict[str, str]


class _Handler:
    """What the reader tells; a part of a workbook listens to what it needs."""

    def start(self, name: str, attrs: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def characters(self, content: str) -> None:
        """Text stands inside the current element."""


class _Book(_Handler):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attrs: Attributes) -> None:
        if _local(name) == "sheet" and len(self.sheets) < 100:
            link = next((value for key, value in attrs.items() if _local(key) == "id"), "")
            self.sheets.append((attrs.get("name", ""), link))
        elif _local(name) == "workbookPr":
            self.from_1904 = attrs.get("date1904", "0") in {"1", "true"}


class _Links(_Handler):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attrs: Attributes) -> None:
        if _local(name) == "Relationship" and attrs.get("TargetMode", "") != "External":
            self.targets[attrs.get("Id", "")] = attrs.get("Target", "")


class _Shared(_Handler):
    """Shared strings; phonetic runs (``rPh``) are not part of the text."""

    def __init__(self, limits: Limits) -> None:
        self.texts: list[str] = []
        self._limits, self._parts, self._reading, self._phonetic = limits, list[str](), False, False

    def start(self, name: str, attrs: Attributes) -> None:
        del attrs
        local = _local(name)
        if local == "si":
            self._parts = []
        elif local == "rPh":
            self._phonetic = True
        elif local == "t":
            self._reading = not self._phonetic

    def characters(self, content: str) -> None:
        if self._reading:
            self._parts.append(content)

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "t":
            self._reading = False
        elif local == "rPh":
            self._phonetic = False
        elif local == "si":
            text = "".join(self._parts)
            if len(text) > self._limits.cell_characters:
                text = text[: self._limits.cell_characters + 1]
            self.texts.append(text)
            if len(self.texts) > self._limits.rows * 12:
                raise UnusableRosterError("too_many_rows", limit=self._limits.rows)


class _Rows(_Handler):
    def __init__(self, shared: tuple[str, ...], sheet: Sheet, limits: Limits) -> None:
        self.ready: list[tuple[int, list[Cell]]] = []
        self.merged: list[str] = []
        self._shared, self._sheet, self._limits = shared, sheet, limits
        self._row, self._column, self._kind = 0, 0, "n"
        self._cells: list[Cell] = []
        self._parts: list[str] = []
        self._reading = self._formula = self._phonetic = False

    def start(self, name: str, attrs: Attributes) -> None:
        local = _local(name)
        if local == "c":
            self._start_cell(attrs)
        elif local in {"v", "t"}:
            self._reading = not self._phonetic
        elif local == "f":
            self._formula = True
        elif local == "rPh":
            self._phonetic = True
        elif local == "row":
            self._start_row(attrs)
        elif local == "mergeCell" and len(self.merged) < 1000:
            self.merged.append(attrs.get("ref", ""))

    def _start_row(self, attrs: Attributes) -> None:
        given = attrs.get("r", "")
        number = int(given) if given.isascii() and given.isdigit() else self._row + 1
        if number > self._limits.rows:
            raise UnusableRosterError(
                "too_many_rows", sheet=self._sheet.name, row=number, limit=self._limits.rows
            )
        self._row, self._column, self._cells = number, 0, []

    def _start_cell(self, attrs: Attributes) -> None:
        column = _column_of(attrs.get("r", "")) or self._column + 1
        if column > self._limits.columns:
            raise UnusableRosterError(
                "too_many_columns", sheet=self._sheet.name, row=self._row, limit=self._limits.columns
            )
        while len(self._cells) < column - 1:
            self._cells.append(_EMPTY)
        self._column, self._kind = column, attrs.get("t", "n")
        self._parts, self._formula = [], False

    def characters(self, content: str) -> None:
        if self._reading:
            self._parts.append(content)

    def end(self, name: str) -> None:
        local = _local(name)
        if local in {"v", "t"}:
            self._reading = False
        elif local == "rPh":
            self._phonetic = False
        elif local == "c":
            self._cells.append(self._cell())
        elif local == "row" and any(cell.text.strip() or cell.formula for cell in self._cells):
            self.ready.append((self._row, self._cells))

    def _cell(self) -> Cell:
        text = "".join(self._parts)
        if self._kind == "s":
            place = int(text) if text.strip().isdigit() else -1
            text = self._shared[place] if 0 <= place < len(self._shared) else ""
        if len(text) > self._limits.cell_characters:
            raise UnusableRosterError(
                "cell_too_long", sheet=self._sheet.name, row=self._row, limit=self._limits.cell_characters
            )
        numeric = self._kind == "n" and bool(text)
        return Cell(_plain(text) if numeric else text, numeric, self._formula)


_EMPTY = Cell("")


def _plain(text: str) -> str:
    """Write ``2.0230101E7`` (as some programs store whole numbers) as ``20230101``; longer ones lost digits."""
    if "E" not in text and "e" not in text:
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if abs(value) < 10**PRECISE_DIGITS and value.is_integer() else text


def _column_of(reference: str) -> int:
    """Return the column number of ``AB12`` (28); 0 when there is none."""
    number = 0
    for sign in reference[:4]:
        if not ("A" <= sign <= "Z"):
            break
        number = number * 26 + ord(sign) - 64
    return number


def corner_of(reference: str) -> tuple[int, int]:
    """Return the first ``(row, column)`` of a range such as ``B2:C5``; zeros when it cannot be read."""
    first = reference.partition(":")[0].replace("$", "")
    column = _column_of(first)
    digits = first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (int(digits) if digits.isascii() and digits.isdigit() else 0), column
