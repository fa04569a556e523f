"""Typed readers of environment settings that fail loudly and name the remedy.

Every setting the house reads is declared in ``SETTINGS``; a test compares it with ``docs/settings.md``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


class SettingError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True)
class Setting:
    """One environment setting: its name, what it is for, and its default in words."""

    name: str
    purpose: str
    default: str


SETTINGS: tuple[Setting, ...] = (
    Setting("ZHIWEI_DATA", "data folder: key, database, files, logs", "./data"),
    Setting(
        "ZHIWEI_DATABASE_URL", "PostgreSQL of one's own (owner role)", "embedded server in the data folder"
    ),
    Setting("ZHIWEI_MASTER_KEY_FILE", "file with the master key (64 hex digits)", "DATA/key"),
    Setting("ZHIWEI_MASTER_KEY_COMMAND", "command that prints the master key instead of a file", "none"),
    Setting(
        "ZHIWEI_S3_BUCKET", "bucket of an S3-compatible object store for files", "files in the data folder"
    ),
    Setting("ZHIWEI_S3_ENDPOINT", "address of the object store", "Amazon S3"),
    Setting("ZHIWEI_S3_REGION", "region of the object store", "us-east-1"),
    Setting("ZHIWEI_S3_ACCESS_KEY", "access key; otherwise the client's own ways", "none"),
    Setting("ZHIWEI_S3_SECRET_KEY", "secret key", "none"),
    Setting("ZHIWEI_S3_PREFIX", "folder within the bucket", "none"),
    Setting("ZHIWEI_HOST", "address the web server listens on", "127.0.0.1"),
    Setting("ZHIWEI_PORT", "port the web server listens on", "8000"),
    Setting(
        "ZHIWEI_ORIGIN", "public address of the site, e.g. https://zw.example.edu.cn", "http://HOST:PORT"
    ),
    Setting("ZHIWEI_WEB_WORKERS", "web processes", "1"),
    Setting("ZHIWEI_WEB_THREADS", "threads of a web process", "4"),
    Setting("ZHIWEI_JOB_WORKERS", "worker processes", "1"),
    Setting(
        "ZHIWEI_SECOND_FACTOR",
        "at least whom a second factor is asked of: off, privileged, staff",
        "privileged",
    ),
    Setting(
        "ZHIWEI_IDENTITY_HOSTS", "hosts in the own network that may vouch for people, with commas", "none"
    ),
    Setting(
        "ZHIWEI_GATEWAY_PORT", "port of a process of its own for /v1 (models); 0: the web server answers", "0"
    ),
    Setting("ZHIWEI_GATEWAY_THREADS", "calls to models at once in that process", "64"),
    Setting(
        "ZHIWEI_AI_PRIVATE_NETWORKS",
        "inner addresses model servers may have: 127.0.0.1:11434,10.8.0.0/16",
        "none",
    ),
    Setting("ZHIWEI_SOURCE_HOSTS", "databases that may be read: db.school.lan:5432,10.1.2.3:5432", "none"),
    Setting("ZHIWEI_SOURCE_FOLDER", "folder whose SQLite files may be read", "none"),
    Setting("ZHIWEI_DEBUG", "1 shows templates unminified and reloads them; never in service", "0"),
    Setting("ZHIWEI_VENV", "folder of the virtual environment that ./zhiwei makes", ".venv"),
    Setting("ZHIWEI_BACKUP_PASSPHRASE", "passphrase of backups; asked for when not set", "asked"),
    Setting("ZHIWEI_SHARED_DATA", "folder of public benchmark data", "../shared/data"),
)
FACTOR_RULES = ("off", "privileged", "staff")
_NAMES = {setting.name for setting in SETTINGS}
_INNER = {"ZHIWEI_AS_OWNER"}


def text(name: str, default: str) -> str:
    """Return a setting as text; an empty value counts as not set."""
    assert name in _NAMES, f"undeclared setting {name}"
    return os.environ.get(name, "").strip() or default


def whole(name: str, default: int, *, low: int, high: int) -> int:
    """Return a setting as a whole number within ``low … high``.

    Raises:
        SettingError: The value is not a whole number or out of range.
    """
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError:
        raise SettingError(f"{name}={raw!r} 应为整数（{low}–{high}） / must be a whole number") from None
    if not low <= value <= high:
        raise SettingError(f"{name}={value} 超出范围 {low}–{high} / out of range")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return a setting as yes or no (``1/0``, ``true/false``, ``yes/no``).

    Raises:
        SettingError: The value is none of these.
    """
    raw = text(name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name}={raw!r} 应为 1 或 0 / must be 1 or 0")


def choice(name: str, default: str, among: tuple[str, ...]) -> str:
    """Return a setting that is one of a few words.

    Raises:
        SettingError: The value is none of them.
    """
    value = text(name, default)
    if value not in among:
        raise SettingError(f"{name}={value!r} 应为 {' / '.join(among)} 之一 / must be one of these")
    return value


def object_store() -> dict[str, str] | None:
    """Return the settings of the object store; ``None`` keeps files in the data folder.

    Raises:
        SettingError: Some are set, but not the bucket; or the endpoint is no address.
    """
    names = ("bucket", "endpoint", "region", "access_key", "secret_key", "prefix")
    given = {name: text(f"ZHIWEI_S3_{name.upper()}", "") for name in names}
    found = {name: value for name, value in given.items() if value}
    if found and not given["bucket"]:
        raise SettingError("ZHIWEI_S3_BUCKET 未设置 / is missing: other ZHIWEI_S3 settings are there")
    if given["endpoint"] and not given["endpoint"].startswith(("http://", "https://")):
        raise SettingError("ZHIWEI_S3_ENDPOINT 应以 http:// 或 https:// 开头 / must start with http(s)://")
    return found or None


def check_all() -> None:
    """Read every setting that has a form, so that a wrong one is named before anything starts.

    Raises:
        SettingError: The first wrong or unknown setting.
    """
    whole("ZHIWEI_PORT", 8000, low=1, high=65535)
    whole("ZHIWEI_WEB_WORKERS", 1, low=1, high=64)
    whole("ZHIWEI_WEB_THREADS", 4, low=1, high=64)
    whole("ZHIWEI_JOB_WORKERS", 1, low=1, high=64)
    whole("ZHIWEI_GATEWAY_PORT", 0, low=0, high=65535)
    whole("ZHIWEI_GATEWAY_THREADS", 64, low=1, high=2048)
    flag("ZHIWEI_DEBUG")
    choice("ZHIWEI_SECOND_FACTOR", "privileged", FACTOR_RULES)
    object_store()
    origin = text("ZHIWEI_ORIGIN", "")
    if origin and not origin.startswith(("http://", "https://")):
        raise SettingError(
            f"ZHIWEI_ORIGIN={origin!r} 应以 http:// 或 https:// 开头 / must start with http(s)://"
        )
    unknown = sorted(
        name for name in os.environ if name.startswith("ZHIWEI_") and name not in _NAMES | _INNER
    )
    if unknown:
        raise SettingError(
            f"未知设置 / unknown setting: {', '.join(unknown)}；请改正或去掉（docs/settings.md） / correct or remove it"
        )
