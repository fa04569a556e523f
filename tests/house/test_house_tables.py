"""An empty database gets its tables at once; they are those that the migrations make one after another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from zhiwei.config import database
from zhiwei.config.tables import found_when_empty

FACTS = {
    "columns": """
        select table_name, column_name, udt_name, is_nullable, character_maximum_length, is_identity, column_default
        from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace""",
    "indexes": """
        select tablename, regexp_replace(indexdef, ' INDEX \\S+ ON ', ' INDEX ON ') from pg_indexes
        where schemaname = 'public'""",
    "functions": "select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace",
    "applied": "select app, name from django_migrations",
}


@contextmanager
def empty_database(server: str, name: str) -> Iterator[None]:
    """Turn this process's connection to a new database, as its owner, and back."""
    with psycopg.connect(server, autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({**database.django_database(server, as_owner=True), "NAME": name})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def facts() -> dict[str, list[tuple[object, ...]]]:
    """What a database consists of, in an order of its own."""
    found = {}
    with connection.cursor() as cursor:
        for name, question in FACTS.items():
            cursor.execute(question)
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def test_tables_made_at_once_are_those_of_the_migrations(
    embedded_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    del django_db_setup
    with django_db_blocker.unblock():
        with empty_database(embedded_server, "tables_at_once"):
            assert found_when_empty(connection)
            assert not found_when_empty(connection)
            at_once = facts()
        with empty_database(embedded_server, "tables_replayed"):
            call_command("migrate", verbosity=0, interactive=False)
            replayed = facts()
    for name in FACTS:
        assert at_once[name] == replayed[name], name
