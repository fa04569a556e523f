"""The gate for packages: everything is checked in the directory before any member is unpacked."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from zhiwei.engines.rosters.values import Limits, UnusableRosterError

_MIB = 1024 * 1024
_NESTED = (".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".xz", ".bz2")


def open_package(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Open a zip package after checking its directory.

    Raises:
        UnusableRosterError: Damaged, a bomb, or with members that reach outside.
    """
    try:
        package = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnusableRosterError("zip_damaged") from error
    members = package.infolist()
    if len(members) > limits.members:
        raise UnusableRosterError("zip_members", found=len(members), limit=limits.members)
    seen: set[str] = set()
    for member in members:
        _check_member(member, limits)
        if member.filename in seen:
            raise UnusableRosterError("zip_twice", sheet=member.filename)
        seen.add(member.filename)
    _check_sums(members, stream.seek(0, 2), limits)
    return package


def unpacked(package: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[bytes]:
    """Yield a member in pieces of 64 KiB, never more than the directory promised.

    Raises:
        UnusableRosterError: The member is damaged or larger than promised.
    """
    promised, given = package.getinfo(name).file_size, 0
    try:
        with package.open(name) as source:
            while piece := source.read(65536):
                given += len(piece)
                if given > promised or given > limits.unpacked_bytes:
                    raise UnusableRosterError("zip_bomb", sheet=name)
                yield piece
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UnusableRosterError("zip_damaged", sheet=name) from error


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
        raise UnusableRosterError("zip_traversal", sheet=name[:120])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnusableRosterError("zip_link", sheet=name[:120])
    if member.flag_bits & 0x1:
        raise UnusableRosterError("zip_locked", sheet=name[:120])
    if name.lower().endswith(_NESTED):
        raise UnusableRosterError("zip_nested", sheet=name[:120])
    packed = max(member.compress_size, 1)
    if member.file_size > _MIB and member.file_size > packed * limits.ratio:
        raise UnusableRosterError("zip_bomb", sheet=name[:120])


def _check_sums(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if sum(one.file_size for one in members) > limits.unpacked_bytes:
        raise UnusableRosterError("zip_too_large", limit=limits.unpacked_bytes // _MIB)
    if sum(one.compress_size for one in members) > size:
        raise UnusableRosterError("zip_bomb")
