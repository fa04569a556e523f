"""A response log from a file, block by block, so that its size does not matter."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zhiwei.engines.tracing.columns import (
    Columns,
    delimiter_of,
    find_columns,
    read_score,
    read_skills,
    read_time,
)
from zhiwei.engines.tracing.drive import ITEM_SPACE, MOST_POINTS, POINT_SPACE
from zhiwei.engines.tracing.errors import TraceError
from zhiwei.engines.tracing.log import Block, Structure

csv.field_size_limit(1 << 20)
_LOOK_AHEAD = 500


@dataclass(slots=True)
class Vocabulary:
    """Names to codes, growing as a log is read; shared by the training log and the log to predict."""

    item_points: dict[str, tuple[str, ...]] | None = None
    users: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    sets: dict[tuple[int, ...], int] = field(default_factory=lambda: {(): 0})
    cells: dict[str, int] = field(default_factory=dict)
    numbers: list[float] = field(default_factory=list)

    def item(self, name: str) -> int:
        """Return an item's code."""
        code = self.items.setdefault(name, len(self.items))
        if code == len(self.numbers):
            self.numbers.append(
                float(name) if name.isascii() and name.isdigit() and len(name) < 16 else math.nan
            )
        return code

    def set_of(self, item: str, cell: str) -> int:
        """Return the code of the point set of a response: the q-matrix's, else the row's own skills."""
        if self.item_points is not None and item in self.item_points:
            cell = "q\0" + item
            names = self.item_points[item]
        else:
            names = ()
        code = self.cells.get(cell)
        if code is None:
            names = names or read_skills(cell.removeprefix("q\0" + item))
            ids = tuple(
                sorted(self.points.setdefault(name, len(self.points)) for name in names[:MOST_POINTS])
            )
            code = self.cells[cell] = self.sets.setdefault(ids, len(self.sets))
        return code

    def structure(self) -> Structure:
        """Return the point sets and item numbers known so far, without links."""
        sizes = [len(ids) for ids in self.sets]
        flat = [point for ids in self.sets for point in ids]
        return Structure(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.array(flat, np.int64),
            np.zeros(len(self.points) + 1, np.int64),
            np.zeros(0, np.int64),
            np.array(self.numbers, np.float64),
        )


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block with the rows as they stood, and what was wrong with some of them (row number, reason)."""

    block: Block
    rows: list[list[str]]
    broken: list[tuple[int, str]]


@dataclass(slots=True)
class LogReader:
    """Reads one log; ``header`` and ``columns`` are known once it is open."""

    path: Path
    vocabulary: Vocabulary
    header: list[str] = field(init=False)
    delimiter: str = field(init=False)
    columns: Columns = field(init=False)
    timed: bool = field(init=False)

    def __post_init__(self) -> None:
        if not self.path.is_file():
            raise TraceError(f"{self.path}: no such file")
        with self.path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            first = lines.readline(1 << 20)
            start = [line for _, line in zip(range(_LOOK_AHEAD), lines, strict=False)]
        self.delimiter = delimiter_of(first)
        self.header = next(csv.reader([first], delimiter=self.delimiter), [])
        self.columns = find_columns(self.header, str(self.path))
        at = self.columns.time
        cells = (row[at] for row in csv.reader(start, delimiter=self.delimiter) if 0 <= at < len(row))
        self.timed = len(set(cells)) > 1  # a column that never changes tells no time

    def blocks(self, sizes: Iterator[int]) -> Iterator[RawBlock]:
        """Yield blocks of the sizes asked for until the log ends."""
        with self.path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            rows = csv.reader(lines, delimiter=self.delimiter)
            next(rows, None)
            taken: list[list[str]] = []
            first, size = 2, next(sizes)
            try:
                for row in rows:
                    if row:
                        taken.append(row)
                    if len(taken) == size:
                        yield self._encode(taken, first)
                        first, taken, size = first + len(taken), [], next(sizes)
            except csv.Error as error:
                raise TraceError(f"{self.path}: near row {first + len(taken)}: {error}") from None
            if taken:
                yield self._encode(taken, first)

    def _encode(self, rows: list[list[str]], first: int) -> RawBlock:
        """Turn cells into codes; a broken row is predicted as far as it goes and never learned from."""
        known, columns = self.vocabulary, self.columns
        codes = np.zeros((3, len(rows)), np.int64)
        numbers = np.full((2, len(rows)), math.nan)
        broken: list[tuple[int, str]] = []
        for r, row in enumerate(rows):
            reason = self._why_broken(row)
            if reason:
                broken.append((first + r, reason))
                row = row + [""] * (columns.count - len(row))  # noqa: PLW2901
            user, item = row[columns.user].strip(), row[columns.item].strip()
            codes[0, r] = known.users.setdefault(user, len(known.users))
            codes[1, r] = known.item(item)
            codes[2, r] = known.set_of(item, row[columns.skills] if columns.skills >= 0 else "")
            numbers[0, r] = -1.0 if reason else read_score(row[columns.correct])
            numbers[1, r] = read_time(row[columns.time]) if self.timed else math.nan
        if len(known.points) >= POINT_SPACE or len(known.items) >= ITEM_SPACE:
            raise TraceError(f"{self.path}: more than {POINT_SPACE} skills")
        return RawBlock(Block(codes[0], codes[1], codes[2], numbers[0], numbers[1]), rows, broken)

    def _why_broken(self, row: list[str]) -> str:
        columns = self.columns
        if len(row) <= max(columns.user, columns.item, columns.correct, columns.skills, columns.time):
            return f"{len(row)} cells where {columns.count} were expected"
        if not row[columns.user].strip():
            return "user_id is empty"
        if not row[columns.item].strip():
            return "item_id is empty"
        if math.isnan(read_score(row[columns.correct])):
            return f"correct '{row[columns.correct][:40]}' is not a number from 0 to 1"
        return ""
