"""``zhiwei doctor``: says what is wrong with this installation and what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from zhiwei.config import env
from zhiwei.config.place import current

Finding = tuple[str, bool, str]


def main(argv: Sequence[str]) -> int:
    """Print a line for each check; 0 when nothing is wrong."""
    del argv
    bad = 0
    for name, passed, said in findings():
        print(f"{'ok    ' if passed else 'WRONG '} {name}: {said}")
        bad += not passed
    return 1 if bad else 0


def findings() -> Iterator[Finding]:
    """Yield ``(what, whether it is right, what was found and the remedy)``."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("settings", _settings),
        ("data folder", _folder),
        ("key", _key),
        ("free space", _space),
        ("port", _port),
        ("front-end files", _assets),
        ("database", _database),
        ("object store", _object_store),
    ]
    for name, check in checks:
        try:
            yield name, True, check()
        except (env.SettingError, OSError, RuntimeError) as error:
            yield name, False, str(error)


def _python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036 - the interpreter may be older than what we ask for
        raise env.SettingError(
            f"{sys.version.split()[0]}：需要 Python 3.11 或更新 / needs Python 3.11 or newer"
        )
    return sys.version.split()[0]


def _settings() -> str:
    env.check_all()
    return f"{len(env.SETTINGS)} known settings"


def _folder() -> str:
    root = current().root
    probe = root if root.exists() else root.parent
    if not os.access(probe, os.W_OK):
        raise env.SettingError(f"{probe} 不可写，请改 ZHIWEI_DATA 或调整权限 / not writable")
    return str(root)


def _key() -> str:
    place = current()
    if not place.has_key():
        return "将在首次启动时生成 / made at first start"
    number = len(place.master_keys())
    if place.keys.command:
        return f"{number} from the command"
    mode = place.key_file.stat().st_mode & 0o777
    if mode & 0o077:
        raise env.SettingError(f"{place.key_file} 权限过宽（{mode:o}），请运行 chmod 600 / too open")
    return "32 bytes, 0600" + (f", and {number - 1} older" if number > 1 else "")


def _space() -> str:
    root = current().root
    free = shutil.disk_usage(root if root.exists() else Path.cwd()).free / 1e9
    if free < 2:
        raise env.SettingError(f"只剩 {free:.1f} GB，请腾出空间 / too little space left")
    return f"{free:.0f} GB"


def _port() -> str:
    host, port = env.text("ZHIWEI_HOST", "127.0.0.1"), env.whole("ZHIWEI_PORT", 8000, low=1, high=65535)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((host, port)) == 0:
            return f"{host}:{port} 已有程序在监听（可能就是知微） / something listens already"
    return f"{host}:{port} free"


def _assets() -> str:
    vendor = Path(__file__).parents[2] / "ui" / "static" / "vendor"
    if not (vendor / "htmx.js").exists():
        raise env.SettingError(
            "缺少前端文件，请运行 ./zhiwei doctor 前先运行 ./zhiwei start / run ./zhiwei start once"
        )
    return f"{sum(1 for _ in vendor.rglob('*'))} files"


def _object_store() -> str:
    given = env.object_store()
    if given is None:
        return "文件在数据目录 / files in the data folder"
    from zhiwei.kernel.errors import ZhiweiError
    from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings

    try:
        return ObjectStore(ObjectStoreSettings(**given)).check()
    except FileNotFoundError as error:
        raise env.SettingError(f"桶 {given['bucket']} 不存在 / no such bucket") from error
    except ZhiweiError as error:
        raise env.SettingError(error.message) from error


def _database() -> str:
    place = current()
    if not os.environ.get("ZHIWEI_DATABASE_URL") and not place.database.exists():
        return "将在首次启动时建立 / made at first start"
    import psycopg

    from zhiwei.config import database

    try:
        place.prepare()
        with database.running(place) as url, psycopg.connect(url) as connection:
            row = connection.execute("show server_version").fetchone()
    except psycopg.Error as error:
        raise env.SettingError(
            f"连不上数据库，请检查 ZHIWEI_DATABASE_URL / cannot connect: {error}"
        ) from error
    return f"PostgreSQL {row[0] if row else '?'}"
