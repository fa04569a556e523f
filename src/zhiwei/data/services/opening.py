"""Opening a source for reading: an uploaded file in a private folder, or a table through the adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from zhiwei.data.adapters import postgres, sqlite
from zhiwei.data.adapters.reaching import Target, file_of
from zhiwei.data.models import Connection, Source
from zhiwei.data.values import Origin
from zhiwei.engines import intake
from zhiwei.engines.intake import IntakeError, Reader
from zhiwei.kernel import files
from zhiwei.kernel.media import PARQUET, SQLITE, XLSX

MEDIA = {XLSX: "xlsx", PARQUET: "parquet", SQLITE: "sqlite", "text/csv": "csv", "text/plain": "csv"}
"""What can be brought in as a file, by the type its content shows."""


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a private folder that is gone afterwards."""
    with TemporaryDirectory(prefix="zhiwei-data-") as folder:
        yield Path(folder)


def fetched(blob_id: int, folder: Path, name: str) -> Path:
    """Write a stored file's content into a private folder (in the scope of its tenant)."""
    path = folder / name
    with path.open("wb") as out:
        for piece in files.chunks(blob_id):
            out.write(piece)
    return path


def target_of(connection: Connection) -> Target:
    """Return where a connection leads, with its password opened."""
    return Target(
        connection.kind,
        connection.host,
        connection.port,
        connection.database,
        connection.username,
        str(connection.secret),
        connection.tls,
    )


def tables_of(connection: Connection) -> list[str]:
    """Return the tables a connection may read.

    Raises:
        SourceInputError: It leads nowhere it may.
        IntakeError: What is there cannot be read.
    """
    target = target_of(connection)
    return sqlite.tables(file_of(target)) if connection.kind == "sqlite" else postgres.tables(target)


def opened(source: Source, folder: Path) -> tuple[Reader, list[str]]:
    """Open a source (in its tenant's scope); returns its reader and the tables or sheets to choose from.

    Raises:
        IntakeError: It cannot be read.
        SourceInputError: Its connection may not be used.
    """
    if source.origin == Origin.DATABASE:
        return _from_database(source), []
    if source.file_id is None:
        raise IntakeError("原文件已删除，请重新上传。")
    media = MEDIA.get(files.describe(source.file_id).media_type)
    if media is None:
        raise IntakeError("只能接入 CSV、Excel（xlsx）、Parquet 和 SQLite 文件。")
    path = fetched(source.file_id, folder, f"source.{media}")
    if media == "sqlite":
        names = sqlite.tables(path)
        return sqlite.SqliteTable(path, source.table or (names[0] if names else "")), names
    reader = intake.open_file(path, media, sheet=source.table)
    return reader, list(getattr(reader, "sheets", ()))


def _from_database(source: Source) -> Reader:
    connection = source.connection
    if connection is None:
        raise IntakeError("数据库连接已不在。")
    target = target_of(connection)
    if connection.kind == "sqlite":
        return sqlite.SqliteTable(file_of(target), source.table)
    return postgres.PostgresTable(target, source.table)
