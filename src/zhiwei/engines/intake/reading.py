"""Files as sources: CSV, Excel workbooks, Parquet. Sizes are checked before anything is unpacked; rows stream."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from zhiwei.engines import rosters
from zhiwei.engines.intake.errors import IntakeError
from zhiwei.engines.intake.values import Limits, RawColumn, Reader, Row

if TYPE_CHECKING:
    import duckdb

_DELIMITERS = ",\t;，|"
_SENTENCES = {
    "encoding": "第 {row} 行的文字编码无法识别，请另存为 UTF-8 后再试。",
    "csv_broken": "第 {row} 行的引号不成对，无法继续读取。",
    "too_many_rows": "超过 {limit} 行的上限，请拆成几份。",
    "too_many_columns": "第 {row} 行超过 {limit} 列的上限。",
    "cell_too_long": "第 {row} 行有一格超过 {limit} 字。",
    "zip_too_large": "文件解开后超过 {limit} MB 的上限。",
    "xml_entities": "文件里有不该有的内容（XML 实体），不能接入。",
    "zip_locked": "文件有密码，请去掉密码后再试。",
}


def open_file(path: Path, media: str, *, limits: Limits | None = None, sheet: str = "") -> Reader:
    """Open a file.

    Args:
        media: ``csv``, ``xlsx`` or ``parquet``.
        sheet: Name of the workbook's sheet; its first one when not given.

    Raises:
        IntakeError: Too large, damaged, without headings, or of a kind that cannot be read.
    """
    bounds = limits or Limits()
    size = path.stat().st_size
    if not size:
        raise IntakeError("文件是空的。")
    if size > bounds.file_bytes:
        raise IntakeError(f"文件超过 {bounds.file_bytes // 1024 // 1024} MB 的上限。")
    if media == "parquet":
        return _Parquet(path, bounds)
    try:
        return _Workbook(path.open("rb"), bounds, sheet) if media == "xlsx" else _Text(path, bounds)
    except rosters.UnusableRosterError as error:
        raise _told(error) from error


def titled(headings: Sequence[str | None]) -> tuple[RawColumn, ...]:
    """Return headings as columns: empty ones get a number, repeated ones are told apart."""
    seen: dict[str, int] = {}
    found = []
    for place, heading in enumerate(headings, start=1):
        title = (heading or "").strip()[:60] or f"列 {place}"
        seen[title] = seen.get(title, 0) + 1
        found.append(RawColumn(title if seen[title] == 1 else f"{title} ({seen[title]})"))
    return tuple(found)


def _told(error: rosters.UnusableRosterError) -> IntakeError:
    facts = {**error.problem.facts, "row": str(error.problem.row)}
    sentence = _SENTENCES.get(error.problem.code, "文件已损坏，或不是它看上去的那种文件。")
    return IntakeError(sentence.format_map({"limit": "", **facts}))


def _bounds(limits: Limits) -> rosters.Limits:
    return rosters.Limits(
        file_bytes=limits.file_bytes,
        unpacked_bytes=limits.unpacked_bytes,
        rows=limits.rows,
        columns=limits.columns,
        cell_characters=limits.cell_characters,
    )


class _Text:
    """A text table with headings in its first row."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, _bounds(limits)
        self._encoding = rosters.encoding_of(path.read_bytes())
        with self._opened() as lines:
            first = lines.read(65_536).split("\n", 1)[0]
        if "\0" in first:
            raise IntakeError("这不是文字表格。")
        self._delimiter = max(_DELIMITERS, key=first.count)
        headings = next(self._all(), None)
        if headings is None:
            raise IntakeError("文件里没有表头。")
        self.columns = titled(headings[1])

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows below the headings."""
        try:
            for number, cells in self._all():
                if number > max(after, 1) and any(cells):
                    yield number, cells
        except rosters.UnusableRosterError as error:
            raise _told(error) from error

    def _opened(self) -> TextIO:
        encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        return self._path.open(encoding=encoding, newline="")

    def _all(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(max(csv.field_size_limit(), self._limits.cell_characters * 4))
        with self._opened() as lines:
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise rosters.UnusableRosterError("csv_broken", row=number) from error
                rosters.check_row(number, cells, "", self._limits)
                yield number, cells


class _Workbook:
    """One sheet of a workbook, headings in its first row that is not empty."""

    def __init__(self, stream: BinaryIO, limits: Limits, sheet: str) -> None:
        self._limits = _bounds(limits)
        self._book = rosters.open_workbook(rosters.open_package(stream, self._limits), self._limits)
        named = [one for one in self._book.sheets if not sheet or one.name == sheet]
        if not named:
            raise IntakeError("工作簿里没有这张表。")
        self._sheet = named[0]
        self.sheets = tuple(one.name for one in self._book.sheets)
        first = next(rosters.rows_of(self._book, self._sheet, self._limits), None)
        if first is None:
            raise IntakeError("这张表是空的。")
        self._head = first[0]
        self.columns = titled([cell.text for cell in first[1]])

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows below the headings."""
        try:
            for number, cells in rosters.rows_of(self._book, self._sheet, self._limits):
                if number > max(after, self._head):
                    yield number, [cell.text for cell in cells]
        except rosters.UnusableRosterError as error:
            raise _told(error) from error


class _Parquet:
    """A Parquet file, read by DuckDB without network or other files; cells come as text."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        described, footer = self._asked("describe select * from {}"), self._asked(_FOOTER)
        unpacked, rows = (int(str(one or 0)) for one in footer[0])
        if unpacked > limits.unpacked_bytes:
            raise IntakeError(f"文件解开后超过 {limits.unpacked_bytes // 1024 // 1024} MB 的上限。")
        if rows > limits.rows:
            raise IntakeError(f"超过 {limits.rows} 行的上限，请拆成几份。")
        if len(described) > limits.columns:
            raise IntakeError(f"超过 {limits.columns} 列的上限。")
        self.columns = tuple(RawColumn(str(row[0])[:60], str(row[1])) for row in described)
        self._names = [str(row[0]) for row in described]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows; the first is row 1."""
        import duckdb

        longest = self._limits.cell_characters
        cells = ", ".join(
            'left("' + one.replace('"', '""') + f'"::varchar, {longest + 1})' for one in self._names
        )
        with self._database() as database:
            try:
                database.execute(
                    f"select file_row_number + 1, {cells} from read_parquet(?, file_row_number = true) "
                    "where file_row_number >= ? order by 1",
                    [str(self._path), after],
                )
                while piece := database.fetchmany(5_000):
                    yield from ((int(row[0]), row[1:]) for row in piece)
            except duckdb.Error as error:
                raise IntakeError("文件已损坏，无法继续读取。") from error

    def _asked(self, query: str) -> list[tuple[object, ...]]:
        import duckdb

        with self._database() as database:
            try:
                literal = "'" + str(self._path).replace("'", "''") + "'"
                return database.execute(query.format(literal)).fetchall()
            except duckdb.Error as error:
                raise IntakeError("文件已损坏，或不是 Parquet 文件。") from error

    def _database(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        database = duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1})
        database.execute(f"set allowed_paths = ['{str(self._path).replace(chr(39), chr(39) * 2)}']")
        database.execute("set enable_progress_bar = false")
        database.execute("set enable_external_access = false")
        database.execute("set lock_configuration = true")
        return database


_FOOTER = (
    "select coalesce(sum(total_uncompressed_size), 0), (select sum(num_rows) from parquet_file_metadata({0})) "
    "from parquet_metadata({0})"
)
