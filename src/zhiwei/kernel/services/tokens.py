"""Keys for programs: made, shown once, found by their hash, ended."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.models import ApiToken
from zhiwei.kernel.values import SCOPES, Actor, Verb

PREFIX = "zw_"
LONGEST_DAYS = 366
MOST = 20


def make_token(*, actor: Actor, now: datetime, name: str, scopes: Collection[str], days: int) -> str:
    """Return a new key for programs that act as the actor; only its hash is kept.

    Raises:
        InvalidInputError: No purpose, no or unknown scopes, a life outside 1–366 days, or too many keys.

    Effects:
        One audit row.
    """
    if not name.strip():
        raise InvalidInputError("请写明令牌的用途。", code="token.name_empty")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise InvalidInputError("请至少选择一项权限。", code="token.scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError(f"有效期应为 1–{LONGEST_DAYS} 天。", code="token.days")
    if living_tokens(actor, now) >= MOST:
        raise InvalidInputError(f"最多同时有 {MOST} 个有效令牌，请先撤销不用的。", code="token.too_many")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        tenant_id=actor.tenant_id,
        person_id=actor.person_id,
        account_id=actor.account_id,
        name=name.strip()[:60],
        token_hash=hashed(secret),
        scopes=sorted(set(scopes)),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="api_token",
        object_id=row.pk,
        now=now,
        detail={"scopes": row.scopes},
    )
    return secret


def living_tokens(actor: Actor, now: datetime) -> int:
    """Return how many keys of the actor work now."""
    rows = ApiToken.objects.filter(person_id=actor.person_id, revoked_at__isnull=True, expires_at__gt=now)
    return rows.count()


def own_tokens(actor: Actor) -> list[ApiToken]:
    """Return the actor's keys, newest first."""
    return list(ApiToken.objects.filter(person_id=actor.person_id).order_by("-made_at")[:100])


def end_token(*, actor: Actor, now: datetime, token_id: int) -> None:
    """End one of the actor's keys at once.

    Raises:
        NotFoundError: Absent or somebody else's.
    """
    rows = ApiToken.objects.filter(pk=token_id, person_id=actor.person_id, revoked_at__isnull=True)
    if not rows.update(revoked_at=now):
        raise NotFoundError
    audit.record(actor=actor, verb=Verb.DELETE, kind="api_token", object_id=token_id, now=now)


def find_token(*, secret: str, now: datetime) -> ApiToken | None:
    """Return the key of this secret if it works now, and note its use (once a minute at most).

    Must run in a scope over everywhere: it is what decides the scope of the request.
    """
    row = ApiToken.objects.filter(
        token_hash=hashed(secret),
        revoked_at__isnull=True,
        expires_at__gt=now,
        person__removed_at__isnull=True,
    ).first()
    if row is not None and (row.used_at is None or now - row.used_at > timedelta(minutes=1)):
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
