"""What columns hold: one scan for figures and shapes, a second for the commonest values of columns with few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zhiwei.engines.quality.cells import PATTERNS, citizen_id
from zhiwei.engines.quality.session import columns_of, folders_of, session
from zhiwei.engines.quality.sql import Column, source
from zhiwei.engines.quality.values import ColumnProfile, Limits, Table

if TYPE_CHECKING:
    import duckdb

FEW = 20
_EXACT = 2_000
_TENTHS = "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"


def profile(table: Table, *, work: Path, limits: Limits | None = None) -> list[ColumnProfile]:
    """Return the profile of every column but the row's number.

    Raises:
        QualityError: The table cannot be read.
    """
    with session(folders_of(table), work, limits or Limits()) as database:
        columns = columns_of(database, table)
        return [_profiled(database, table, title, column) for title, column in columns.items()]


def _profiled(database: duckdb.DuckDBPyConnection, table: Table, title: str, column: Column) -> ColumnProfile:
    shapes = _shapes(column)
    asked = [
        "count(*)",
        f"count(*) filter (where not {column.filled})",
        _distinct(column.plain),
        f"left(min({column.plain})::varchar, 60)",
        f"left(max({column.plain})::varchar, 60)",
        f"min(length({column.text})) filter (where {column.filled})",
        f"max(length({column.text})) filter (where {column.filled})",
        f"avg({column.number})" if column.is_number else "null",
        f"approx_quantile({column.number}, {_TENTHS})" if column.is_number else "null",
        *(f"count(*) filter (where {column.filled} and {shape})" for shape in shapes.values()),
    ]
    row = database.execute(f"select {', '.join(asked)} from {source(table, [column])}").fetchone() or (0,) * 9
    filled = int(row[0]) - int(row[1])
    return ColumnProfile(
        title,
        column.type,
        rows=int(row[0]),
        missing=int(row[1]),
        distinct=int(row[2] or 0),
        low=str(row[3] or ""),
        high=str(row[4] or ""),
        shortest=int(row[5] or 0),
        longest=int(row[6] or 0),
        mean=None if row[7] is None else float(row[7]),
        common=_common(database, table, column) if 0 < int(row[2] or 0) <= FEW else (),
        shapes={shape: many / filled for shape, many in zip(shapes, row[9:], strict=True) if filled},
        edges=_edges(row[8]),
    )


def _distinct(plain: str) -> str:
    exact, about = f"count(distinct {plain})", f"approx_count_distinct({plain})"
    return f"case when count(*) <= {_EXACT} then {exact} else {about} end"


def _edges(tenths: Sequence[float] | None) -> tuple[float, ...]:
    """Return the different inner edges of ten equally filled bins."""
    return tuple(sorted({round(float(one), 6) for one in tenths})) if tenths else ()


def _shapes(column: Column) -> Mapping[str, str]:
    if not column.is_text:
        return {}
    told = {
        shape: f"regexp_full_match({column.text}, '{pattern}')"
        for shape, pattern in PATTERNS.items()
        if shape != "name"
    }
    return {
        **told,
        "citizen_id": citizen_id(column),
        "number": f"{column.number} is not null",
        "date": f"{column.day} is not null",
    }


def _common(database: duckdb.DuckDBPyConnection, table: Table, column: Column) -> tuple[tuple[str, int], ...]:
    found = database.execute(
        f"select left({column.text}, 60) as v, count(*) as n from {source(table, [column])} where {column.filled} "
        f"group by v order by n desc, v limit {FEW}"
    ).fetchall()
    return tuple((str(value), int(many)) for value, many in found)
