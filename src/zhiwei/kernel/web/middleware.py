"""What happens around every request: headers, who acts, which tenants' rows exist, how errors answer."""

from __future__ import annotations

import logging
import select
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import psycopg
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from zhiwei.kernel import clock, scope
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import elevation
from zhiwei.kernel.values import Actor
from zhiwei.kernel.web import errors, tokens
from zhiwei.kernel.web.elevation import SESSION as ELEVATION
from zhiwei.kernel.web.entering import ONLY_PEOPLE

log = logging.getLogger(__name__)
Responder = Callable[[HttpRequest], HttpResponse]
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def reaching(origin: str) -> str:
    """Return the policy of a page whose scripts may also send to one more origin."""
    return CSP.replace("connect-src 'self'", f"connect-src 'self' {origin}")


INERT = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
"""For files that people gave or take away: whatever they hold, nothing in them runs."""


class ActingRequest(HttpRequest):
    """A request after the ``acting`` middleware: who acts and when."""

    actor: Actor | None


def security_headers(respond: Responder) -> Responder:
    """Add the headers every answer carries; personal pages are never cached."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        inert = response.headers.get("Content-Disposition", "") and not _is_page(response)
        response.headers.setdefault("Content-Security-Policy", INERT if inert else CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _is_page(response: HttpResponse) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith("text/html")


class Acting:
    """Run the request in one transaction that sees just the actor's tenants; answer anticipated errors.

    An error answer rolls the transaction back, so that nothing half-done is committed.
    """

    def __init__(self, respond: Responder) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        response = self._answered(request)
        _note_elevated(request, response)
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            with _transaction():
                actor = tokens.who_acts(request) if tokens.carried(request) else _signed_in(request)
                request.actor = actor  # type: ignore[attr-defined]
                with scope.narrowed(actor.tenants if actor else []):
                    return _checked(tokens.answered_once(request, self.respond))
        except _RollBackError as rolled_back:
            return rolled_back.response
        except OperationalError:
            log.exception("the database does not answer")
            return errors.unavailable(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer errors the house expects; others go on to the 500 page."""
        if not isinstance(error, ZhiweiError):
            return None
        return errors.answered(request, error)


class _RollBackError(Exception):
    """Carries an error response out of the transaction, so that nothing half-done is committed."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def _checked(response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400 and not getattr(response, "keep_changes", False):
        raise _RollBackError(response)
    return response


def _account_id(request: HttpRequest) -> int | None:
    raw = request.session.get(SESSION_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return int(raw) if raw else None


def _transaction() -> AbstractContextManager[scope.Scope]:
    """Open the request's transaction; a connection that the server has ended meanwhile is renewed first."""
    if connection.connection is not None and not connection.in_atomic_block and _ended(connection.connection):
        connection.close()
    return scope.everywhere("find who acts")


def _ended(held: psycopg.Connection) -> bool:
    """Tell, without asking the server, whether it has ended this idle connection: then its end can be read."""
    return held.closed or bool(select.select([held.fileno()], [], [], 0)[0])


def _signed_in(request: HttpRequest) -> Actor | None:
    account_id = _account_id(request)
    if account_id is None:
        return None
    chosen = request.session.get("person_id")
    only = request.session.get(ONLY_PEOPLE)
    found = actors_of(account_id, clock.today(clock.now()))
    people = [one for one in found if only is None or one.person_id in only]
    actor = next((one for one in people if one.person_id == chosen), people[0] if people else None)
    return _elevated(request, actor)


def _elevated(request: HttpRequest, actor: Actor | None) -> Actor | None:
    """Return the actor with elevated mode, while this session's one is in force."""
    kept = request.session.get(ELEVATION)
    if actor is None or kept is None:
        return actor
    found = elevation.in_force(actor, kept, clock.now())
    if found is None:
        del request.session[ELEVATION]
        return actor
    return replace(actor, elevation=found)


def _note_elevated(request: HttpRequest, response: HttpResponse) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.elevated:
        route = request.resolver_match.view_name if request.resolver_match else "-"
        elevation.note_request(
            actor=actor,
            route=route,
            method=str(request.method),
            status=response.status_code,
            now=clock.now(),
        )
