"""Tables of a SQLite file: read-only and immutable, nothing but reading allowed, stopped when it takes too long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

from zhiwei.data.adapters.reaching import MOST_TABLES, STATEMENT_SECONDS
from zhiwei.engines.intake import IntakeError, Limits, RawColumn, Row

_PIECE = 2_000
_STEPS = 100_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_FUNCTIONS = frozenset({"substr", "typeof", "hex", "quote", "cast"})
_LARGEST_VALUE = 4 * 1024 * 1024


def tables(path: Path) -> list[str]:
    """Return the names of the tables; views are left out, since they run what the file's maker wrote.

    Raises:
        IntakeError: Not a SQLite file, or damaged.
    """
    with _opened(path) as database:
        rows = database.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' "
            "order by name limit ?",
            [MOST_TABLES],
        )
        return [str(row[0]) for row in rows]


class SqliteTable:
    """One table as a source; rows come by their row id."""

    resumable = True

    def __init__(self, path: Path, table: str, limits: Limits | None = None) -> None:
        self._path, self._limits = path, limits or Limits()
        if path.stat().st_size > self._limits.file_bytes:
            raise IntakeError(f"文件超过 {self._limits.file_bytes // 1024 // 1024} MB 的上限。")
        if table not in tables(path):
            raise IntakeError("文件里没有这张表。")
        self._table = _name(table)
        with _opened(path) as database:
            found = [row[1:3] for row in database.execute(f"pragma table_info({self._table})").fetchall()]
        if not 0 < len(found) <= self._limits.columns:
            raise IntakeError(f"这张表没有可读的列，或超过 {self._limits.columns} 列。")
        self.columns = tuple(RawColumn(str(name)[:60], str(kind)) for name, kind in found)
        self._names = [str(name) for name, _kind in found]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield rows numbered from 1."""
        longest = self._limits.cell_characters + 1
        cells = ", ".join(f"substr({_name(one)}, 1, {longest})" for one in self._names)
        with _opened(self._path) as database:
            cursor = database.execute(f"select {cells} from {self._table} limit -1 offset ?", [after])  # noqa: S608
            for number in count(after + 1):
                row = cursor.fetchone()
                if row is None:
                    return
                if number > self._limits.rows:
                    raise IntakeError(f"超过 {self._limits.rows} 行的上限。")
                yield number, [_cell(one) for one in row]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    began = time.monotonic()
    try:
        database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, timeout=5)
    except sqlite3.Error as error:
        raise IntakeError("这不是 SQLite 文件。") from error
    try:
        database.execute("pragma trusted_schema = off")
        database.execute("pragma query_only = on")
        database.execute("pragma cell_size_check = on")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
        database.set_authorizer(_allow)
        database.set_progress_handler(lambda: time.monotonic() - began > STATEMENT_SECONDS, _STEPS)
        yield database
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise IntakeError("SQLite 文件已损坏，或读取用时过长。") from error
    finally:
        database.close()


def _allow(action: int, first: str | None, second: str | None, *_rest: str | None) -> int:
    """Allow reading; of pragmas and functions only those that reading needs."""
    named = action == sqlite3.SQLITE_FUNCTION and second in {*_FUNCTIONS, "like"}
    listing = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if action in _ALLOWED or named or listing else sqlite3.SQLITE_DENY


def _cell(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else str(value)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
