"""Where a connection may lead: only to ``host:port`` pairs and the folder that the platform's operator named.

A page can therefore not be used to knock at other machines, at the cloud's metadata or at the house's own database.
The name is resolved once and the connection goes to just that address, so that a name that changes gains nothing.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhiwei.data.errors import SourceInputError

SECONDS = 5
STATEMENT_SECONDS = 120
MOST_TABLES = 500
NAME = re.compile(r"[^\s\"'`;=\\/\0]{1,63}")


@dataclass(frozen=True, slots=True)
class Target:
    """A database to read: ``secret`` is shown to nobody and kept nowhere in the open."""

    kind: str
    host: str
    port: int = 0
    database: str = ""
    username: str = ""
    secret: str = ""
    tls: str = ""


def address_of(target: Target) -> str:
    """Return the address to connect to.

    Raises:
        SourceInputError: The operator has not named this host and port, or there is no such host.
    """
    if f"{target.host.lower()}:{target.port}" not in settings.SOURCE_HOSTS:
        raise SourceInputError("host", "平台运维没有允许从这台主机和端口取数，请联系平台运维。")
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceInputError("host", "找不到这台主机。") from error
    return str(found[0][4][0])


def file_of(target: Target) -> Path:
    """Return the SQLite file within the operator's folder.

    Raises:
        SourceInputError: No folder is named, the file lies outside it (links followed), or is not there.
    """
    if not settings.SOURCE_FOLDER:
        raise SourceInputError("host", "平台运维没有设置可读的 SQLite 文件夹，请联系平台运维。")
    folder = Path(settings.SOURCE_FOLDER).resolve()
    path = (folder / target.host).resolve()
    if "\0" in target.host or not path.is_relative_to(folder) or not path.is_file():
        raise SourceInputError("host", "可读的文件夹里没有这个文件。")
    return path


def checked_name(name: str, field: str) -> str:
    """Return a name of a database or account that is nothing but a name.

    Raises:
        SourceInputError: It is empty, too long, or holds signs that mean something to a driver.
    """
    if not NAME.fullmatch(name):
        raise SourceInputError(field, "必填，最多 63 字，不含空格、引号、等号和斜杠。")
    return name
