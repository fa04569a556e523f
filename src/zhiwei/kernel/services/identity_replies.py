"""A SAML answer between its arrival and the browser's return.

The answer comes as a POST from another site, and browsers then hold back the session's cookie (``SameSite=Lax``). So it
is kept under a ticket that the next, ordinary request brings; only there the session that asked is known, and only
there the answer is checked against the question. Each assertion is taken once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhiwei.kernel import scope
from zhiwei.kernel.adapters.vouching import VouchingError
from zhiwei.kernel.models import IdentityProvider, IdentityReply
from zhiwei.kernel.services import small_secrets

MINUTES = 3
MOST_BYTES = 512 * 1024


def keep(provider: IdentityProvider, answer: str, *, now: datetime) -> str:
    """Keep an answer for three minutes and return the ticket for it.

    Raises:
        VouchingError: Nothing, or too much, was sent; or the very same answer was sent before.
    """
    if not answer or len(answer) > MOST_BYTES:
        raise VouchingError("unreadable")
    ticket = secrets.token_urlsafe(32)
    with scope.everywhere("keep an answer"):
        try:
            with transaction.atomic():
                IdentityReply.objects.create(
                    tenant_id=provider.tenant_id,
                    provider=provider,
                    assertion_hash=_hash(answer),
                    ticket_hash=_hash(ticket),
                    facts=small_secrets.seal(
                        tenant_id=provider.tenant_id, place=_place(provider), content=answer.encode(), now=now
                    ),
                    expires_at=now + timedelta(minutes=MINUTES),
                )
        except IntegrityError as error:
            raise VouchingError("replayed") from error
    return ticket


def take(provider: IdentityProvider, ticket: str, *, now: datetime) -> str:
    """Return the answer of a ticket and forget its content.

    Raises:
        VouchingError: No such ticket, used, or too old.
    """
    with scope.everywhere("take an answer"):
        row = (
            IdentityReply.objects.select_for_update()
            .filter(provider=provider, ticket_hash=_hash(ticket), used_at__isnull=True, expires_at__gt=now)
            .first()
        )
        if row is None:
            raise VouchingError("ticket")
        answer = small_secrets.unseal(
            tenant_id=row.tenant_id, place=_place(provider), sealed=bytes(row.facts)
        )
        row.used_at, row.facts = now, b""
        row.save(update_fields=["used_at", "facts"])
    return answer.decode()


def use_assertion(provider: IdentityProvider, once: str, *, now: datetime) -> None:
    """Note that an assertion was used; the same one in another envelope is refused.

    Raises:
        VouchingError: It was used before.
    """
    if not once:
        return
    with scope.everywhere("use an assertion"):
        try:
            with transaction.atomic():
                IdentityReply.objects.create(
                    tenant_id=provider.tenant_id,
                    provider=provider,
                    assertion_hash=_hash(f"assertion/{once}"),
                    ticket_hash=_hash(f"assertion/{provider.pk}/{once}"),
                    facts=b"",
                    expires_at=now,
                    used_at=now,
                )
        except IntegrityError as error:
            raise VouchingError("replayed") from error


def _place(provider: IdentityProvider) -> str:
    return f"identity-reply/{provider.uuid}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
