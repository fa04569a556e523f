"""Tables of a PostgreSQL database: one read-only transaction with time-outs, cells as bounded text, rows streamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg import sql

from zhiwei.data.adapters.reaching import MOST_TABLES, SECONDS, STATEMENT_SECONDS, Target, address_of
from zhiwei.data.errors import SourceInputError
from zhiwei.engines.intake import IntakeError, Limits, RawColumn, Row

TLS = ("verify-full", "require", "disable")
_PIECE = 2_000
_READABLE = """
select n.nspname || '.' || c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
and n.nspname not like 'pg\\_t%%' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
order by 1 limit %s
"""
_COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a
where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and has_column_privilege(a.attrelid, a.attnum,
'select') order by a.attnum
"""
_KEY = """
select a.attname from pg_catalog.pg_index i join pg_catalog.pg_attribute a
on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = %s::regclass and i.indisprimary
order by array_position(i.indkey::int2[], a.attnum)
"""


def tables(target: Target) -> list[str]:
    """Return the tables and views the account may read, as ``schema.table``.

    Raises:
        SourceInputError: Not allowed, not reachable, or the account is refused.
    """
    with _opened(target) as connection:
        return [str(row[0]) for row in connection.execute(_READABLE, [MOST_TABLES])]


class PostgresTable:
    """One table as a source; rows come in the order of its primary key where it has one."""

    def __init__(self, target: Target, table: str, limits: Limits | None = None) -> None:
        self._target, self._limits = target, limits or Limits()
        schema, _dot, name = table.partition(".")
        self._table = sql.Identifier(schema, name)
        with _opened(target) as connection:
            named = self._table.as_string(connection)
            columns = connection.execute(_COLUMNS, [named]).fetchall()
            self._key = [str(row[0]) for row in connection.execute(_KEY, [named])]
        if not 0 < len(columns) <= self._limits.columns:
            raise IntakeError(f"这张表没有可读的列，或超过 {self._limits.columns} 列。")
        self.columns = tuple(RawColumn(str(name)[:60], str(kind)) for name, kind in columns)
        self._names = [str(name) for name, _kind in columns]

    @property
    def resumable(self) -> bool:
        """Whether rows come in the same order each time."""
        return bool(self._key)

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield rows numbered from 1; one more than the limit is refused."""
        longest = self._limits.cell_characters + 1
        cells = sql.SQL(", ").join(
            sql.SQL("left({}::text, {})").format(sql.Identifier(one), sql.Literal(longest))
            for one in self._names
        )
        keys = sql.SQL(", ").join(map(sql.Identifier, self._key))
        ordered = sql.SQL(" order by {}").format(keys) if self._key else sql.SQL("")
        query = sql.SQL("select {} from {}{} offset {}").format(
            cells, self._table, ordered, sql.Literal(after)
        )
        with _opened(self._target) as connection, connection.cursor(name="zhiwei_rows") as cursor:
            cursor.itersize = _PIECE
            try:
                cursor.execute(query)
                for number, row in zip(count(after + 1), cursor, strict=False):
                    if number > self._limits.rows:
                        raise IntakeError(f"超过 {self._limits.rows} 行的上限。")
                    yield number, row
            except psycopg.Error as error:
                raise _told(error) from error


def _place(target: Target) -> dict[str, Any]:
    """Return where to connect: the name for the certificate, and just the address that was checked."""
    return {"host": target.host, "hostaddr": address_of(target), "port": target.port}


@contextmanager
def _opened(target: Target) -> Iterator[psycopg.Connection]:
    place = _place(target)
    try:
        connection = psycopg.connect(
            **place,
            dbname=target.database,
            user=target.username,
            password=target.secret,
            sslmode=target.tls,
            sslrootcert="system" if target.tls == "verify-full" else None,
            gssencmode="disable",
            connect_timeout=SECONDS,
            passfile="/dev/null",
            application_name="zhiwei",
            options=f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_SECONDS}s "
            "-c lock_timeout=5s -c idle_in_transaction_session_timeout=600s",
        )
    except psycopg.Error as error:
        raise SourceInputError(
            "host", "连不上数据库：请核对主机、端口、库名、账号、口令和加密方式。"
        ) from error
    try:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield connection
    except psycopg.Error as error:
        raise _told(error) from error
    finally:
        connection.close()


def _told(error: psycopg.Error) -> IntakeError:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return IntakeError(f"数据库超过 {STATEMENT_SECONDS} 秒没有答复，已停止。")
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.InsufficientPrivilege):
        return IntakeError("没有这张表，或账号不能读它。")
    return IntakeError("从数据库读取时出错，请稍后再试。")
