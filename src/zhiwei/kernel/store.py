"""Where encrypted contents lie: a folder, or an object store by setting; the same bytes under the same names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings

from zhiwei.kernel.errors import InvalidInputError

if TYPE_CHECKING:
    from zhiwei.kernel.objectstore import ObjectStore


class Store(Protocol):
    """Keeps finished, encrypted contents by tenant and content hash."""

    def put(self, tenant_id: int, digest: str, draft: Path) -> None:
        """Keep a finished draft under its hash, whole or not at all; the draft may be gone afterwards."""

    def open(self, tenant_id: int, digest: str) -> BinaryIO:
        """Open a content for reading.

        Raises:
            FileNotFoundError: There is none.
        """

    def delete(self, tenant_id: int, digest: str) -> None:
        """Destroy a content; absent is fine."""

    def inventory(self) -> Iterator[tuple[int, str, int]]:
        """Yield tenant, hash and size in bytes of everything that is kept."""


def drafts(tenant_id: int) -> Path:
    """Return the folder where contents are encrypted before they are kept (always on this machine)."""
    folder = Path(settings.FILES_ROOT) / str(tenant_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def store() -> Store:
    """Return the store of this installation."""
    return Folder() if settings.OBJECT_STORE is None else objects()


@lru_cache(maxsize=1)
def objects() -> ObjectStore:
    """Return the object store of the settings, for what only it can do (direct uploads).

    Raises:
        InvalidInputError: None is set.
    """
    if settings.OBJECT_STORE is None:
        raise InvalidInputError("没有配置对象存储，不能直传。", code="files.no_object_store")
    from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings

    return ObjectStore(ObjectStoreSettings(**settings.OBJECT_STORE))


class Folder:
    """Contents as files below ``FILES_ROOT/tenant/ab/abcdef…``."""

    def put(self, tenant_id: int, digest: str, draft: Path) -> None:
        """Move the draft into its place and make the move last."""
        target = self._path(tenant_id, digest)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.replace(target)
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def open(self, tenant_id: int, digest: str) -> BinaryIO:
        """Open the file."""
        return self._path(tenant_id, digest).open("rb")

    def delete(self, tenant_id: int, digest: str) -> None:
        """Remove the file."""
        self._path(tenant_id, digest).unlink(missing_ok=True)

    def inventory(self) -> Iterator[tuple[int, str, int]]:
        """Walk the folder."""
        root = Path(settings.FILES_ROOT)
        for path in sorted(root.glob("*/??/*")):
            if path.parts[-3].isdigit() and path.is_file():
                yield int(path.parts[-3]), path.name, path.stat().st_size

    @staticmethod
    def _path(tenant_id: int, digest: str) -> Path:
        return Path(settings.FILES_ROOT) / str(tenant_id) / digest[:2] / digest
