"""Opening packages: names, number, sizes and ratios are checked before anything is unpacked."""

from __future__ import annotations

import posixpath
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from zhiwei.engines.exchange.values import MAX_BYTES, ExchangeError

MAX_MEMBERS = 10_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBER = 20 * 1024 * 1024
MAX_RATIO = 200
"""Largest unpacked size for one packed byte; XML packs at 5 to 30."""
RATIO_FROM = 256 * 1024
"""Smaller members may have any ratio."""


PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg")
MAX_PICTURES = 60 * 1024 * 1024
"""Bytes of all pictures of a package, as packed; others are not kept."""


@dataclass(frozen=True, slots=True)
class Package:
    """The members of a package that are read, by name."""

    documents: Mapping[str, bytes]
    pictures: Mapping[str, bytes]

    def finder(self, member: str) -> Callable[[str], bytes | None]:
        """Return what finds a picture by an address relative to ``member``; never outside the package."""
        folder = PurePosixPath(member.replace("\\", "/")).parent

        def find(source: str) -> bytes | None:
            if "://" in source or source.startswith(("/", "data:")):
                return None
            path = posixpath.normpath(str(folder / _unquoted(source.split("?", maxsplit=1)[0])))
            return self.pictures.get(path)

        return find


def _unquoted(source: str) -> str:
    """An address with ``%20`` as the signs they stand for."""
    whole = re.sub(rb"%([0-9A-Fa-f]{2})", lambda two: bytes([int(two.group(1), 16)]), source.encode())
    return whole.decode("utf-8", "replace")


def open_package(data: bytes) -> Package:
    """Return the XML members and the pictures of a package.

    Raises:
        ExchangeError: Not a zip; too large; too many members; a bomb; a path that leads out; a link; encrypted.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"the package is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            _check_all(members)
            wanted = [one for one in members if one.filename.lower().endswith(".xml") and not one.is_dir()]
            drawn = [one for one in members if one.filename.lower().endswith(PICTURES) and not one.is_dir()]
            if sum(one.compress_size for one in drawn) > MAX_PICTURES:
                drawn = []
            return Package(
                {one.filename: _read(package, one) for one in wanted},
                {posixpath.normpath(one.filename.replace("\\", "/")): _read(package, one) for one in drawn},
            )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise ExchangeError(f"not a readable zip package: {error}") from error


def _check_all(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise ExchangeError(f"the package has {len(members)} members; at most {MAX_MEMBERS} are read")
    if sum(one.file_size for one in members) > MAX_UNPACKED:
        raise ExchangeError(f"unpacked, the package is larger than {MAX_UNPACKED // 1024 // 1024} MB")
    for one in members:
        _check(one)


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if (
        path.is_absolute()
        or ".." in path.parts
        or (path.parts and path.parts[0].endswith(":"))
        or "\0" in name
    ):
        raise ExchangeError(f"the member '{name[:80]}' leads out of the package")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ExchangeError(f"the member '{name[:80]}' is a link")
    if member.flag_bits & 0x1:
        raise ExchangeError("the package is encrypted")
    if member.file_size > MAX_MEMBER:
        raise ExchangeError(f"the member '{name[:80]}' is larger than {MAX_MEMBER // 1024 // 1024} MB")
    if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise ExchangeError(f"the member '{name[:80]}' unpacks to over {MAX_RATIO} times its size")


def _read(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read one member, trusting the bytes more than what the directory says of them."""
    with package.open(member) as source:
        data = source.read(MAX_MEMBER + 1)
    if len(data) > MAX_MEMBER:
        raise ExchangeError(f"the member '{member.filename[:80]}' is larger than it says")
    return data
