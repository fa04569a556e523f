"""Encrypted contents in an S3-compatible object store (the one place of the kernel that speaks to another machine).

What is kept there was encrypted by us before it left. Large batches may go straight from the browser into an inbox
below the same bucket; they are taken in (measured, typed, encrypted) and removed from there afterwards.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from zhiwei.kernel.errors import InvalidInputError, ZhiweiError

PIECE = 8 * 1024 * 1024
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
INBOX_SECONDS = 3600


class StoreUnavailableError(ZhiweiError):
    """The object store does not answer, or refuses us."""

    code = "files.store_unavailable"
    status = 503


@dataclass(frozen=True)
class ObjectStoreSettings:
    """Where the object store is and how we sign in; ``endpoint`` is "" for Amazon's own."""

    bucket: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Inbox:
    """A place for one direct upload: the browser posts ``fields`` and then the file to ``address``."""

    ticket: str
    address: str
    fields: dict[str, str]


class ObjectStore:
    """Contents as objects ``prefix/tenant/ab/abcdef…``."""

    def __init__(self, settings: ObjectStoreSettings) -> None:
        self._bucket, self._prefix = settings.bucket, settings.prefix.strip("/")
        self._client: Any = boto3.client(
            "s3", endpoint_url=settings.endpoint or None, region_name=settings.region,
            aws_access_key_id=settings.access_key or None, aws_secret_access_key=settings.secret_key or None,
            config=Config(
                connect_timeout=5, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"},
                s3={"addressing_style": "path" if settings.endpoint else "auto"},
            ),
        )  # fmt: skip
        self._transfer = TransferConfig(
            multipart_threshold=4 * PIECE, multipart_chunksize=2 * PIECE, use_threads=False
        )

    def put(self, tenant_id: int, digest: str, draft: Path) -> None:
        """Upload the draft; an object is there whole or not at all."""
        with _told():
            self._client.upload_file(
                str(draft), self._bucket, self._name(tenant_id, digest), Config=self._transfer
            )

    def open(self, tenant_id: int, digest: str) -> BinaryIO:
        """Open an object as a stream."""
        with _told():
            found = self._client.get_object(Bucket=self._bucket, Key=self._name(tenant_id, digest))
        return cast(BinaryIO, io.BufferedReader(_Body(found["Body"]), PIECE))

    def delete(self, tenant_id: int, digest: str) -> None:
        """Delete the object."""
        with _told():
            self._client.delete_object(Bucket=self._bucket, Key=self._name(tenant_id, digest))

    def inventory(self) -> Iterator[tuple[int, str, int]]:
        """List the objects."""
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}/" if self._prefix else ""
            )
            for page in pages:
                for one in page.get("Contents", []):
                    parts = one["Key"].removeprefix(self._prefix).strip("/").split("/")
                    if len(parts) == 3 and parts[0].isdigit():
                        yield int(parts[0]), parts[2], one["Size"]

    def check(self) -> str:
        """Write, read and delete a small object; returns what was found for the doctor.

        Raises:
            StoreUnavailableError: Something of this is not possible; the sentence says what.
        """
        name = self._path("check", secrets.token_hex(8))
        with _told():
            self._client.put_object(Bucket=self._bucket, Key=name, Body=b"zhiwei")
            body = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
            self._client.delete_object(Bucket=self._bucket, Key=name)
        if body != b"zhiwei":
            raise StoreUnavailableError("对象存储读回的内容不同 / the object store gave back something else")
        return f"bucket {self._bucket}"

    def inbox(self, tenant_id: int, *, max_bytes: int) -> Inbox:
        """Open a place for a direct upload of at most so many bytes, for an hour."""
        ticket = f"{tenant_id}-{secrets.token_urlsafe(24)}"
        with _told():
            given = self._client.generate_presigned_post(
                self._bucket, self._path("inbox", ticket), Conditions=[["content-length-range", 1, max_bytes]],
                ExpiresIn=INBOX_SECONDS,
            )  # fmt: skip
        return Inbox(ticket, given["url"], dict(given["fields"]))

    @contextmanager
    def collected(self, tenant_id: int, ticket: str, *, max_bytes: int) -> Iterator[BinaryIO]:
        """Give the uploaded content for taking in; it stays in the inbox until it is put aside.

        Raises:
            InvalidInputError: Of another school, larger than allowed, or never uploaded.
        """
        name = self._inbox_name(tenant_id, ticket)
        try:
            with _told():
                found = self._client.get_object(Bucket=self._bucket, Key=name)
        except FileNotFoundError as error:
            raise InvalidInputError("没有收到上传的文件，请重新上传。", code="files.not_uploaded") from error
        if found["ContentLength"] > max_bytes:
            raise InvalidInputError(
                f"文件超过 {max_bytes / 1024 / 1024:.0f} MB 上限。", code="file.too_large"
            )
        yield cast(BinaryIO, io.BufferedReader(_Body(found["Body"]), PIECE))

    def put_aside(self, tenant_id: int, ticket: str) -> None:
        """Remove an upload from the inbox."""
        with _told():
            self._client.delete_object(Bucket=self._bucket, Key=self._inbox_name(tenant_id, ticket))

    def sweep_inbox(self, before: datetime) -> int:
        """Remove uploads that nobody has taken in; returns how many."""
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._path("inbox", "")
            )
            found = [one for page in pages for one in page.get("Contents", [])]
            stale = [one["Key"] for one in found if one["LastModified"] < before]
            for name in stale:
                self._client.delete_object(Bucket=self._bucket, Key=name)
        return len(stale)

    def origin(self) -> str:
        """Return where browsers send direct uploads: scheme, host and port."""
        parts = urlsplit(self.inbox(0, max_bytes=1).address)
        return f"{parts.scheme}://{parts.netloc}"

    def _inbox_name(self, tenant_id: int, ticket: str) -> str:
        if not ticket.startswith(f"{tenant_id}-") or "/" in ticket:
            raise InvalidInputError("上传凭据不属于本单位。", code="files.ticket")
        return self._path("inbox", ticket)

    def _name(self, tenant_id: int, digest: str) -> str:
        return self._path(str(tenant_id), digest[:2], digest)

    def _path(self, *parts: str) -> str:
        return "/".join([self._prefix, *parts] if self._prefix else parts)


class _Body(io.RawIOBase):
    """A response's body as a raw stream."""

    def __init__(self, body: object) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _told():
            piece: bytes = self._body.read(len(buffer))  # type: ignore[attr-defined]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._body.close()  # type: ignore[attr-defined]
        super().close()


@contextmanager
def _told() -> Iterator[None]:
    """Turn the client's errors into ours."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ABSENT:
            raise FileNotFoundError(code) from error
        raise StoreUnavailableError(f"对象存储拒绝了请求（{code}）：请检查桶名、密钥与权限。") from error
    except BotoCoreError as error:
        raise StoreUnavailableError(f"连不上对象存储（{type(error).__name__}），请稍后再试。") from error
