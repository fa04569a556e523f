"""Answers kept under an idempotency key: the same request twice is done once and answered alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import ApiAnswer, ApiToken

LONGEST_KEY = 100


@dataclass(frozen=True)
class KeptAnswer:
    """What was answered the first time."""

    status: int
    body: bytes


def earlier_answer(*, token: ApiToken, key: str, request_hash: str) -> KeptAnswer | None:
    """Return the answer this key was given before; ``None`` for a new key, which is then held to the transaction's end.

    Raises:
        ConflictError: A request with this key is being answered at this moment.
        InvalidInputError: The key is too long, or was used for another request.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidInputError(f"Idempotency-Key 应为 1–{LONGEST_KEY} 个字符。", code="api.key")
    if not _held(f"{token.pk}|{key}"):
        raise ConflictError("同一请求正在处理，请稍后再试。", code="api.in_progress")
    row = ApiAnswer.objects.filter(token=token, key=key).first()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise InvalidInputError("这个 Idempotency-Key 已用于另一个请求。", code="api.key_reused")
    return KeptAnswer(row.status, bytes(row.body))


def keep_answer(
    *, token: ApiToken, key: str, request_hash: str, status: int, body: bytes, now: datetime
) -> None:
    """Keep an answer in the transaction of the deed itself."""
    ApiAnswer.objects.create(
        tenant_id=token.tenant_id,
        token=token,
        key=key,
        request_hash=request_hash,
        status=status,
        body=body,
        at=now,
    )


def _held(name: str) -> bool:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
