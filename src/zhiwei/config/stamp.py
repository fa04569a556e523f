"""What a database was last migrated to, kept in the database itself, so that starting again need not look twice.

The stamp is a comment on the schema ``public``: it travels with a backup, so a restored older database is
migrated, and it is written only after migrations and walls went through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

SOURCE = Path(__file__).parents[1]
PREFIX = "zhiwei tables "
SOURCES = ("*/migrations/*.py", "*/models/*.py", "*/models.py", "kernel/walls.py", "kernel/tenancy.py",
           "config/settings.py", "config/database.py")  # fmt: skip
LIBRARIES = ("django", "procrastinate")


def wanted(source: Path = SOURCE) -> str:
    """Return the stamp of this version of the code: a hash of all that shapes the tables."""
    digest = hashlib.sha256()
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in _files(source):
        digest.update(path.relative_to(source).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return PREFIX + digest.hexdigest()[:32]


def _files(source: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(source.glob(pattern))


def is_current(url: str) -> bool:
    """Tell whether the database bears this version's stamp."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    return bool(row) and row is not None and row[0] == wanted()


def put(url: str) -> None:
    """Stamp the database (as its owner)."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("comment on schema public is {}").format(sql.Literal(wanted())))
