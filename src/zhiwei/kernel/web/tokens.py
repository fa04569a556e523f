"""Programs at the rim: who acts by a bearer token, and requests that are answered once per idempotency key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhiwei.kernel import clock
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.models import ApiToken
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import api_answers, limits
from zhiwei.kernel.services.tokens import find_token
from zhiwei.kernel.values import Actor
from zhiwei.kernel.web import errors

RIM = "/api/"
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
Responder = Callable[[HttpRequest], HttpResponse]


def carried(request: HttpRequest) -> bool:
    """Tell whether the request belongs to programs: there only a token counts, never a browser's session."""
    return request.path.startswith(RIM)


def token_of(request: HttpRequest) -> ApiToken | None:
    """Return the token the request came with, if it works."""
    token: ApiToken | None = getattr(request, "api_token", None)
    return token


def who_acts(request: HttpRequest) -> Actor | None:
    """Return the person a token acts as, with the roles held today; a request by token needs no CSRF mark."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        return None
    now = clock.now()
    token = find_token(secret=secret.strip(), now=now)
    if token is None:
        return None
    people = actors_of(token.account_id, clock.today(now))
    actor = next((one for one in people if one.person_id == token.person_id), None)
    if actor is not None:
        request.api_token = token  # type: ignore[attr-defined]
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return actor


def answered_once(request: HttpRequest, respond: Responder) -> HttpResponse:
    """Answer; a changing request with an idempotency key is done once, and repeated from what was kept."""
    token = token_of(request)
    if token is None:
        return respond(request)
    key = request.headers.get("Idempotency-Key")
    try:
        limits.spend(limits.API_BY_TOKEN, str(token.pk), clock.now())
        if key is None or request.method not in CHANGING:
            return respond(request)
        return _once(request, respond, token, key)
    except ZhiweiError as error:
        return errors.answered(request, error)


def _once(request: HttpRequest, respond: Responder, token: ApiToken, key: str) -> HttpResponse:
    digest = hashlib.sha256(
        f"{request.method} {request.get_full_path()}\n".encode() + request.body
    ).hexdigest()
    kept = api_answers.earlier_answer(token=token, key=key, request_hash=digest)
    if kept is not None:
        response = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
        response.headers["Idempotent-Replay"] = "true"
        return response
    response = respond(request)
    if response.status_code < 400:
        api_answers.keep_answer(
            token=token,
            key=key,
            request_hash=digest,
            status=response.status_code,
            body=response.content,
            now=clock.now(),
        )
    return response
