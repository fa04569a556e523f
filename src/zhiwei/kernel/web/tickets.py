"""Tickets: a signed slip that lets one open page do one narrow thing without the whole way of a request.

A ticket names who was let in and to what; it is bound to the session it was given to and dies with it. Whoever
redeems one checks the facts that may have changed meanwhile by the statement that does the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest

_ALIVE = "select 1 from django_session where session_key = %s and expire_date > now()"


def issue(request: HttpRequest, purpose: str, facts: Mapping[str, int]) -> str:
    """Return a ticket for this session.

    Args:
        purpose: What it is good for; a ticket for something else is refused.
        facts: What the redeemer gets back (ids and small numbers).
    """
    body = {"p": purpose, "s": _digest(request.session.session_key or ""), "f": dict(facts)}
    return signing.dumps(body, salt="zhiwei.ticket")


def redeem(request: HttpRequest, purpose: str, ticket: str, *, max_age: int) -> dict[str, int] | None:
    """Return the facts of a ticket, or ``None``: forged, expired, of another session, or the session ended.

    Args:
        max_age: Seconds a ticket is good for.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    try:
        body: Any = signing.loads(ticket, salt="zhiwei.ticket", max_age=max_age)
    except signing.BadSignature:
        return None
    if body["p"] != purpose or body["s"] != _digest(key) or not _alive(key):
        return None
    facts: dict[str, int] = body["f"]
    return facts


def _alive(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [key])
        return cursor.fetchone() is not None


def _digest(key: str) -> str:
    return hashlib.sha256(f"ticket|{key}".encode()).hexdigest()[:32]
