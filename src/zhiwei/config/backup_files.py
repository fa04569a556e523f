"""The files of a backup: from the data folder or the object store, under the same names, into either of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from zhiwei.config import env
from zhiwei.config.place import Place

if TYPE_CHECKING:
    from zhiwei.kernel.objectstore import ObjectStore

FRAME = 1024 * 1024


@dataclass(frozen=True)
class Content:
    """One encrypted content: its name below ``files/``, its size in bytes."""

    name: str
    size: int


class Files(Protocol):
    """Where an installation keeps its contents."""

    def listed(self) -> Iterator[Content]:
        """Yield what is kept, in the order of names."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open one.

        Raises:
            FileNotFoundError: It has been destroyed meanwhile.
        """

    def write(self, name: str, body: IO[bytes]) -> None:
        """Keep one, whole or not at all."""


def files_of(place: Place) -> Files:
    """Return where the settings say that contents lie."""
    given = env.object_store()
    if given is None:
        return InFolder(place.files)
    from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings

    return InObjectStore(ObjectStore(ObjectStoreSettings(**given)))


@dataclass(frozen=True)
class InFolder:
    """Contents in the data folder."""

    root: Path

    def listed(self) -> Iterator[Content]:
        """Walk the folder."""
        for path in sorted(self.root.rglob("*")) if self.root.exists() else []:
            if path.is_file() and not path.name.startswith("draft-"):
                yield Content(str(path.relative_to(self.root)), path.stat().st_size)

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file."""
        return (self.root / name).open("rb")

    def write(self, name: str, body: IO[bytes]) -> None:
        """Write a file that was not there.

        Raises:
            ValueError: The name leads outside.
        """
        target = (self.root / name).resolve()
        if not target.is_relative_to(self.root.resolve()):
            raise ValueError(f"{name} leads outside")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            copied(body, out)


class InObjectStore:
    """Contents as objects; uploads that wait in the inbox are not part of a backup."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def listed(self) -> Iterator[Content]:
        """List the objects."""
        for tenant, digest, size in sorted(self._objects.inventory()):
            yield Content(f"{tenant}/{digest[:2]}/{digest}", size)

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open an object."""
        return self._objects.open(*_parted(name))

    def write(self, name: str, body: IO[bytes]) -> None:
        """Put an object."""
        with tempfile.NamedTemporaryFile(prefix="zhiwei-restore-") as draft:
            copied(body, draft.file)
            draft.flush()
            self._objects.put(*_parted(name), Path(draft.name))


def copied(body: IO[bytes], out: IO[bytes]) -> None:
    """Copy a stream in bounded pieces."""
    while piece := body.read(FRAME):
        out.write(piece)


def _parted(name: str) -> tuple[int, str]:
    parts = name.split("/")
    if len(parts) != 3 or not parts[0].isdigit():
        raise ValueError(f"{name} is no content")
    return int(parts[0]), parts[2]
