"""The autosave: answered at the front door, because every pupil's device knocks every few seconds.

``fast_lane`` stands before the other middleware and answers just this address: a signed ticket of the open page in
place of session and roles (it names the sitting and dies with the session), one transaction in one journey to the
database, JSON both ways. The ticket travels in the body, which no other site can read, so that it also does what
the form token does elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from zhiwei.assessment.services.autosaving import save_at_the_door
from zhiwei.assessment.values import Change, Saved
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, ZhiweiError
from zhiwei.kernel.web import tickets

ADDRESS = "/assessment/sittings/save/"
PURPOSE = "answer"
MAX_BYTES = 512 * 1024
TICKET_SECONDS = 12 * 3600
Responder = Callable[[HttpRequest], HttpResponse]


def fast_lane(respond: Responder) -> Responder:
    """Answer autosaves here; everything else goes the usual way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return save_answers(request) if request.path_info == ADDRESS else respond(request)

    return middleware


def save_answers(request: HttpRequest) -> HttpResponse:
    """Keep the answers a page sends: ``{"ticket", "device", "answers": [{"item", "value", "sequence", "base"}]}``.

    Answers ``{"saved": [{"item", "sequence", "saved_at", "conflict", "value"}]}``.
    """
    if request.method != "POST":
        return _answer({"code": "kernel.method", "message": "只接受 POST。"}, 405)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return _please_sign_in()
    try:
        sent = _read(request)
        facts = tickets.facts_of(request, PURPOSE, str(sent.get("ticket", "")), max_age=TICKET_SECONDS)
        saved = None if facts is None else _save(sent, facts, tickets.session_key(request))
        return _please_sign_in() if saved is None else _answer({"saved": saved})
    except ZhiweiError as error:
        return _answer({"code": error.code, "message": str(error.message)}, error.status)


def _please_sign_in() -> HttpResponse:
    return _answer({"code": "kernel.sign_in", "message": "请重新登录。"}, 401)


def _read(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        raise InvalidInputError("一次保存的内容太多。", code="response.too_long")
    try:
        sent = json.loads(request.read(MAX_BYTES))
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise InvalidInputError("作答内容的格式不对。", code="response.shape")
    return sent


def _save(sent: dict[str, Any], facts: dict[str, int], session_key: str) -> list[dict[str, object]] | None:
    changes = _changes(sent)
    if connection.connection is not None and connection.connection.closed:
        connection.close()
    done = save_at_the_door(
        tenant_id=facts["tenant"],
        session_key=session_key,
        now=clock.now(),
        sitting_id=facts["sitting"],
        changes=changes,
        device=str(sent.get("device", "")),
        grace=facts["grace"],
    )
    if done is None:
        return None
    tickets.note_use(session_key, ends=done.session_ends)
    return [_told(change, one) for change, one in zip(changes, done.saved, strict=True)]


def _changes(sent: dict[str, Any]) -> list[Change]:
    try:
        return [
            Change(
                str(one["item"]),
                one["value"],
                int(one["sequence"]),
                None if one.get("base") is None else int(one["base"]),
            )
            for one in sent["answers"]
        ]
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InvalidInputError("作答内容的格式不对。", code="response.shape") from None


def _told(change: Change, saved: Saved) -> dict[str, object]:
    told: dict[str, object] = {
        "item": change.item_uuid,
        "sequence": saved.sequence,
        "saved_at": saved.saved_at,
        "conflict": saved.conflict,
    }
    return {**told, "value": saved.value} if saved.conflict else told


def _answer(body: dict[str, object], status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Length"] = str(len(response.content))
    return response
