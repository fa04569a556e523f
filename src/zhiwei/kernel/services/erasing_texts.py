"""Every text and JSON column that a tenant has: blotting one person out, and looking for them afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

from zhiwei.kernel.erasure import Subject
from zhiwei.kernel.rules.blotting import Blotter

OWN_TABLES = frozenset({"kernel_person", "kernel_account"})
"""Rows of people and accounts: the person's own go as rows, others may bear the same name."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database with its searchable columns by type; ``grows`` when it is append-only.

    ``key`` is ``id``, or the row's place where a table has no such column.
    """

    name: str
    columns: Mapping[str, str]
    grows: bool
    key: str


def tables() -> list[Table]:
    """Return every table with a text, JSON or text-list column; those of tenants, and the platform's own."""
    from zhiwei.kernel.tenancy import tenant_models

    grows = {one._meta.db_table for one in tenant_models() if getattr(one, "append_only", False)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'public' and is_generated = 'NEVER'"
            " and (data_type in ('text', 'character varying', 'jsonb', 'json')"
            " or (data_type = 'ARRAY' and udt_name in ('_text', '_varchar'))) order by 1, 2"
        )
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in cursor.fetchall():
            found.setdefault(table, {})[column] = kind
        cursor.execute(
            "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'id'"
        )
        keyed = {row[0] for row in cursor.fetchall()}
    return [
        Table(name, columns, name in grows, "id" if name in keyed else "ctid::text")
        for name, columns in found.items()
    ]


def blot_out(subject: Subject, blotter: Blotter) -> dict[str, int]:
    """Blot the person out of every column that can be changed; returns how many rows by table."""
    counts: dict[str, int] = {}
    for table in tables():
        if not table.grows and table.name not in OWN_TABLES and not _is_framework(table.name):
            changed = sum(_blot_row(table, row, subject, blotter) for row in _hits(table, subject, blotter))
            if changed:
                counts[table.name] = changed
    return counts


def remaining(subject: Subject, blotter: Blotter) -> tuple[dict[str, int], dict[str, int]]:
    """Search everything again; returns what is still there by table, and what the trail keeps by law."""
    still: dict[str, int] = {}
    kept: dict[str, int] = {}
    for table in tables():
        rows = [row for row in _hits(table, subject, blotter) if not _is_namesake(table, row, subject)]
        named = sum(1 for row in rows if any(_names(value, subject, blotter) for value in row[1:]))
        if named:
            (kept if table.grows else still)[table.name] = named
    return still, kept


def _is_framework(name: str) -> bool:
    return name.startswith(("django_", "procrastinate_"))


def _is_namesake(table: Table, row: tuple[object, ...], subject: Subject) -> bool:
    """Tell whether a hit is another person's own row: two people may bear one name."""
    return table.name == "kernel_account" or (table.name == "kernel_person" and row[0] != subject.person_id)


def _names(value: object, subject: Subject, blotter: Blotter) -> bool:
    if isinstance(value, str):
        return blotter.found(value)
    return blotter.value(value, subject.person_id) != value


def _hits(table: Table, subject: Subject, blotter: Blotter) -> Iterator[tuple[object, ...]]:
    """Yield ``(key, column values …)`` of the rows that may name the person, found by the database."""
    columns = [sql.Identifier(name) for name in table.columns]
    tests = [sql.SQL("{}::text ilike any(%(terms)s)").format(column) for column in columns]
    tests += [
        sql.SQL("{} @? %(path)s::jsonpath").format(sql.Identifier(name))
        for name, kind in table.columns.items()
        if kind == "jsonb"
    ]
    query = sql.SQL("select {}, {} from {} where {}").format(
        sql.SQL(table.key),
        sql.SQL(", ").join(columns),
        sql.Identifier(table.name),
        sql.SQL(" or ").join(tests),
    )
    terms = [f"%{_escaped(term)}%" for term in blotter.terms] or ["\\"]
    path = f"$.**.person_id ? (@ == {subject.person_id})"
    with connection.cursor() as cursor:
        cursor.execute(query, {"terms": terms, "path": path})
        kinds = list(table.columns.values())
        for row in cursor.fetchall():
            yield row[0], *(_parsed(value, kind) for value, kind in zip(row[1:], kinds, strict=True))


def _parsed(value: object, kind: str) -> object:
    return json.loads(value) if kind in {"jsonb", "json"} and isinstance(value, str) else value


def _blot_row(table: Table, row: tuple[object, ...], subject: Subject, blotter: Blotter) -> int:
    changes: dict[str, Any] = {}
    for (name, kind), value in zip(table.columns.items(), row[1:], strict=True):
        fresh = blotter.text(value) if isinstance(value, str) else blotter.value(value, subject.person_id)
        if fresh != value:
            changes[name] = Jsonb(fresh) if kind in {"jsonb", "json"} else fresh
    if not changes:
        return 0
    settings = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changes)
    query = sql.SQL("update {} set {} where {}::text = %s").format(
        sql.Identifier(table.name), settings, sql.SQL(table.key)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*changes.values(), str(row[0])])
    return 1


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
