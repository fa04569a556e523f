"""A DuckDB of one's own: bounded memory, no network, no files but the tables and the working folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zhiwei.engines.quality.errors import QualityError
from zhiwei.engines.quality.sql import Column, files, literal
from zhiwei.engines.quality.values import Limits, Table

if TYPE_CHECKING:
    import duckdb


@contextmanager
def session(folders: Sequence[Path], work: Path, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that spills to ``work`` and sees nothing but ``folders`` and ``work``."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as database:
        seen = ", ".join(literal(f"{one.resolve()}/") for one in {*folders, work})
        database.execute(f"set temp_directory = {literal(str(work / 'spill'))}")
        database.execute(f"set allowed_directories = [{seen}]")
        database.execute("set preserve_insertion_order = false")
        database.execute("set enable_progress_bar = false")
        database.execute("set enable_external_access = false")
        database.execute("set lock_configuration = true")
        yield database


def folders_of(*tables: Table) -> list[Path]:
    """Return the folders tables lie in."""
    return sorted({part.parent for table in tables for part in table.parts})


def columns_of(database: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Column]:
    """Return the columns of a table by name, without the row's number.

    Raises:
        QualityError: There is no part, or it cannot be read.
    """
    import duckdb

    if not table.parts:
        raise QualityError("这份数据还没有可检查的内容。")
    try:
        found = database.execute(f"describe select * from {files(table.parts)}").fetchall()
    except duckdb.Error as error:
        raise QualityError("这份数据无法读取。") from error
    return {str(row[0]): Column(str(row[0]), str(row[1])) for row in found if row[0] != table.row}
