"""Tickets: a signed slip that lets one open page do one narrow thing without the whole way of a request.

A ticket names who was let in and to what; it is bound to the session it was given to and dies with it. Whoever
redeems one checks the facts that may have changed meanwhile by the statement that does the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from zhiwei.kernel.sessions import SessionStore, is_to_be_noted


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
    facts = facts_of(request, purpose, ticket, max_age=max_age)
    return facts if facts is not None and _alive(session_key(request)) else None


def session_key(request: HttpRequest) -> str:
    """Return the key of the session a request claims to be of; whether that is alive is another question."""
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def facts_of(request: HttpRequest, purpose: str, ticket: str, *, max_age: int) -> dict[str, int] | None:
    """Return the facts of a ticket of the request's session without asking whether the session is alive.

    Only for a door whose own statement asks it.
    """
    try:
        body: Any = signing.loads(ticket, salt="zhiwei.ticket", max_age=max_age)
    except signing.BadSignature:
        return None
    if body["p"] != purpose or body["s"] != _digest(session_key(request)):
        return None
    facts: dict[str, int] = body["f"]
    return facts


def note_use(key: str, *, ends: datetime) -> None:
    """Note that a session was used at a door that saw it alive, so that work without a page does not end as idle.

    Args:
        ends: When the session would end; asked of the database again only when that is to be moved.
    """
    if is_to_be_noted(ends, timezone.now()):
        _alive(key)


def _alive(key: str) -> bool:
    """Tell whether the session lives; redeeming a ticket is a use of it."""
    return bool(SessionStore(key).load())


def _digest(key: str) -> str:
    return hashlib.sha256(f"ticket|{key}".encode()).hexdigest()[:32]
