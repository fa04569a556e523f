"""Words of bringing in: raw columns, fields to bring in, what became of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

Row = tuple[int, Sequence[str | None]]
"""A row's number at its source (1-based, headings counted) and its cells as text."""


class Kind(StrEnum):
    """What a field's values become."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    CODE = "code"


class Reason(StrEnum):
    """Why a row is rejected."""

    REQUIRED = "required"
    NOT_INTEGER = "not_integer"
    NOT_NUMBER = "not_number"
    NOT_DATE = "not_date"
    NOT_TIME = "not_time"
    NOT_CODE = "not_code"
    TOO_LONG = "too_long"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked before and while reading.

    Attributes:
        file_bytes: Size of the file as it comes.
        unpacked_bytes: Size of what a workbook or Parquet file unpacks to.
        rows: Rows of a table.
        columns: Columns of a table.
        cell_characters: Characters of a cell.
    """

    file_bytes: int = 200 * 1024 * 1024
    unpacked_bytes: int = 2 * 1024 * 1024 * 1024
    rows: int = 5_000_000
    columns: int = 200
    cell_characters: int = 4_000


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as its source has it: heading or column name, and the source's own type ("" for text files)."""

    title: str
    type: str = ""


class Reader(Protocol):
    """An opened source."""

    columns: tuple[RawColumn, ...]

    def rows(self, after: int = 0) -> Iterable[Row]:
        """Yield the rows whose number is above ``after``, in order."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field to bring in.

    Attributes:
        place: Position of the raw column (0-based).
        name: Name it gets, unique among the fields.
        codes: For ``CODE``: what may stand in a cell, and the code it becomes.
        longest: Characters a text may have.
        serial: Whether whole numbers are days since 1899-12-30, as workbooks keep dates.
    """

    place: int
    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    longest: int = 1_000
    serial: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """A piece of a source after conversion: accepted rows typed, rejected rows as they were with reasons.

    Attributes:
        reasons: How many rows by ``(field, reason)``; a row may have several.
        last_row: Number of the last row of the piece.
    """

    accepted_file: Path
    rejected_file: Path
    accepted: int
    rejected: int
    reasons: Mapping[tuple[str, Reason], int]
    last_row: int
