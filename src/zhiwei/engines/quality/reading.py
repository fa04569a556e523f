"""Looking at what a run found: a page of failing rows, and those rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zhiwei.engines.quality.session import columns_of, folders_of, session
from zhiwei.engines.quality.sql import files, literal, name
from zhiwei.engines.quality.values import Limits, Table

MOST_CHARACTERS = 500
_SMALL = Limits(memory="256MB", threads=1)


def failing_rows(failing: Path, rule: int, *, offset: int = 0, limit: int = 50) -> list[int]:
    """Return numbers of rows that break the rule at a place of the run, in order."""
    with session([failing.parent], failing.parent, _SMALL) as database:
        found = database.execute(
            f"select row from {files([failing])} where rule = {int(rule)} order by row "
            f"limit {int(limit)} offset {int(offset)}"
        ).fetchall()
    return [int(row[0]) for row in found]


def rows_at(
    table: Table, rows: Sequence[int], columns: Sequence[str], *, work: Path
) -> dict[int, tuple[str | None, ...]]:
    """Return the cells of some rows as text, by row number; columns that are not there are left empty."""
    if not rows or not table.parts:
        return {}
    wanted = ", ".join(str(int(row)) for row in rows)
    with session(folders_of(table), work, _SMALL) as database:
        there = columns_of(database, table)
        cells = ", ".join(
            f"left({there[one].plain}::varchar, {MOST_CHARACTERS})" if one in there else "null"
            for one in columns
        )
        found = database.execute(
            f"select {name(table.row)}, {cells or literal('')} from {files(table.parts)} "
            f"where {name(table.row)} in ({wanted}) order by 1"
        ).fetchall()
    return {int(row[0]): tuple(row[1:]) for row in found}
