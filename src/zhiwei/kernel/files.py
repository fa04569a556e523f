"""The files door: content-addressed, encrypted at rest with one key per tenant, sizes checked before reading.

A file is kept as AES-256-GCM frames of 1 MiB (frame number and a last-frame mark are authenticated), so that
large scans stream in bounded memory and cutting or swapping frames is noticed; the content's hash is compared
with its name at the end, so that a file swapped for another of the same school is noticed too.
Layout: ``ZW2``, version of the data key (4 bytes), nonce prefix (7 bytes), frames; ``ZW1`` had no version.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from zhiwei.kernel import keys
from zhiwei.kernel import store as storage
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.media import detect
from zhiwei.kernel.models import Blob
from zhiwei.kernel.values import FileRef

FRAME = 1024 * 1024
OLD_MAGIC, MAGIC = b"ZW1", b"ZW2"
DESTROYED = "destroyed"
"""Media type of a content that was destroyed while rows still name it."""


def store(
    content: BinaryIO | bytes,
    *,
    tenant_id: int,
    now: datetime,
    max_bytes: int,
    media_types: Iterable[str] | None = None,
    name: str = "",
) -> FileRef:
    """Store content once in its tenant and return its reference; the same bytes twice are one file.

    Args:
        max_bytes: Reading stops with an error beyond this size.
        media_types: Types accepted, found by content; ``None`` accepts any known type.

    Raises:
        InvalidInputError: Too large, empty, or of another type; nothing is kept.
    """
    source = BytesIO(content) if isinstance(content, bytes) else content
    head = source.read(FRAME)
    if not head:
        raise InvalidInputError(f"文件{name and f'「{name}」'}是空的。", code="file.empty")
    media_type = detect(head, name)
    if media_types is not None and media_type not in set(media_types):
        raise InvalidInputError(
            f"文件{name and f'「{name}」'}的类型（{media_type}）不在可接受之列。", code="file.type_refused"
        )
    key, version = keys.data_key(tenant_id, now)
    draft = _draft(tenant_id)
    try:
        digest, size = _encrypt(source, head, draft, (key, version), max_bytes, name)
        blob = Blob.objects.filter(tenant_id=tenant_id, sha256=digest).first()
        if blob is None or blob.media_type == DESTROYED:
            storage.store().put(tenant_id, digest, draft)
            blob, _created = Blob.objects.update_or_create(
                tenant_id=tenant_id,
                sha256=digest,
                defaults={"size": size, "media_type": media_type, "key_version": version, "stored_at": now},
            )
    finally:
        draft.unlink(missing_ok=True)
    return FileRef(blob.pk, blob.sha256, blob.size, blob.media_type, name)


def encrypt_anew(blob_id: int) -> None:
    """Encrypt a content with the tenant's newest key; reading goes on meanwhile, a crash leaves either one.

    Raises:
        NotFoundError: No such file in scope, or its content is missing or damaged.
    """
    blob = Blob.objects.filter(pk=blob_id).first()
    if blob is None or blob.media_type == DESTROYED:
        return
    newest = keys.newest_key(blob.tenant_id)
    pieces = chunks(blob_id)
    draft = _draft(blob.tenant_id)
    try:
        _encrypt(_Pieces(pieces), next(pieces), draft, newest, blob.size, "")
        storage.store().put(blob.tenant_id, blob.sha256, draft)
    finally:
        draft.unlink(missing_ok=True)
    Blob.objects.filter(pk=blob_id).update(key_version=newest[1])


def destroy(blob_id: int) -> None:
    """Destroy a content for good; rows that still name it find it gone. Happens when the transaction commits.

    The row goes as well when nothing names it any more.
    """
    blob = Blob.objects.filter(pk=blob_id).first()
    if blob is None:
        return
    where, digest = blob.tenant_id, blob.sha256
    transaction.on_commit(lambda: storage.store().delete(where, digest))
    blob.media_type = DESTROYED
    blob.save(update_fields=["media_type"])


def collect(
    ticket: str,
    *,
    tenant_id: int,
    now: datetime,
    max_bytes: int,
    media_types: Iterable[str] | None = None,
    name: str = "",
) -> FileRef:
    """Take in what a browser uploaded straight into the object store's inbox; size and type are checked again.

    It leaves the inbox when the transaction commits: a crash before loses nothing.

    Raises:
        InvalidInputError: Not uploaded, of another school, too large, or of another type.
    """
    inbox = storage.objects()
    with inbox.collected(tenant_id, ticket, max_bytes=max_bytes) as source:
        kept = store(
            source, tenant_id=tenant_id, now=now, max_bytes=max_bytes, media_types=media_types, name=name
        )
    transaction.on_commit(lambda: inbox.put_aside(tenant_id, ticket))
    return kept


def direct_origin() -> str:
    """Return the origin to which browsers may upload directly; "" when files lie in the data folder."""
    return storage.objects().origin() if settings.OBJECT_STORE is not None else ""


def open_inbox(tenant_id: int, *, max_bytes: int) -> tuple[str, str, dict[str, str]]:
    """Open a place for one direct upload: the ticket to collect it by, the address to post to, the form's fields.

    Raises:
        InvalidInputError: There is no object store.
    """
    inbox = storage.objects().inbox(tenant_id, max_bytes=max_bytes)
    return inbox.ticket, inbox.address, inbox.fields


def sweep_inbox(now: datetime) -> int:
    """Remove direct uploads of more than a day ago that nobody took in; returns how many."""
    if settings.OBJECT_STORE is None:
        return 0
    return storage.objects().sweep_inbox(now - timedelta(days=1))


def describe(blob_id: int) -> FileRef:
    """Return what is known of a stored file.

    Raises:
        NotFoundError: No such file in scope.
    """
    blob = Blob.objects.filter(pk=blob_id).first()
    if blob is None:
        raise NotFoundError
    return FileRef(blob.pk, blob.sha256, blob.size, blob.media_type)


def read(blob_id: int) -> bytes:
    """Return a file's content whole (for files known to be small).

    Raises:
        NotFoundError: No such file in scope, or its content is damaged.
    """
    return b"".join(chunks(blob_id))


def chunks(blob_id: int) -> Iterator[bytes]:
    """Yield a file's content in pieces of at most 1 MiB.

    Raises:
        NotFoundError: No such file in scope, or its content is damaged.
    """
    blob = Blob.objects.filter(pk=blob_id).first()
    if blob is None:
        raise NotFoundError
    if blob.media_type == DESTROYED:
        raise NotFoundError("文件内容已按要求删除。")
    seen = hashlib.sha256()
    try:
        with storage.store().open(blob.tenant_id, blob.sha256) as source:
            for piece in _decrypt(source, _key_of(source, blob)):
                seen.update(piece)
                yield piece
        if seen.hexdigest() != blob.sha256:
            raise InvalidTag
    except (FileNotFoundError, InvalidTag) as error:
        raise NotFoundError("文件内容缺失或已损坏，请从备份恢复。") from error


def _draft(tenant_id: int) -> Path:
    return storage.drafts(tenant_id) / f"draft-{secrets.token_hex(8)}"


def _key_of(source: BinaryIO, blob: Blob) -> bytes:
    """Read the head of a content and return the key that opens it."""
    magic = source.read(len(MAGIC))
    if magic == MAGIC:
        return keys.data_key_version(blob.tenant_id, int.from_bytes(source.read(4), "big"))
    if magic == OLD_MAGIC:
        return keys.data_key_version(blob.tenant_id, blob.key_version)
    raise InvalidTag


class _Pieces:
    """A source of bytes made of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1, /) -> bytes:
        """Return the next piece; "" after the last."""
        del size
        return next(self._pieces, b"")


class _Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def _encrypt(
    source: _Source, head: bytes, target: Path, key: tuple[bytes, int], max_bytes: int, name: str
) -> tuple[str, int]:
    cipher, digest, size, number = AESGCM(key[0]), hashlib.sha256(), 0, 0
    prefix = secrets.token_bytes(7)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(MAGIC + key[1].to_bytes(4, "big") + prefix)
        frame = head
        while frame:
            size += len(frame)
            if size > max_bytes:
                limit = f"{max_bytes / 1024 / 1024:.0f} MB"
                raise InvalidInputError(
                    f"文件{name and f'「{name}」'}超过 {limit} 上限。", code="file.too_large"
                )
            digest.update(frame)
            following = source.read(FRAME)
            sealed = cipher.encrypt(_nonce(prefix, number, last=not following), frame, None)
            out.write(struct.pack(">I", len(sealed)) + sealed)
            frame, number = following, number + 1
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _decrypt(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    cipher, number = AESGCM(key), 0
    prefix = source.read(7)
    length = source.read(4)
    while length:
        sealed = source.read(struct.unpack(">I", length)[0])
        length = source.read(4)
        yield cipher.decrypt(_nonce(prefix, number, last=not length), sealed, None)
        number += 1
    if not number:
        raise InvalidTag


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I", number) + (b"\x01" if last else b"\x00")
