"""What the marking desk writes: marks, undo, signs, whole groups. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from zhiwei.assessment import access
from zhiwei.assessment.errors import StaleMarkError
from zhiwei.assessment.queries import desk as reading
from zhiwei.assessment.services import flagging, marking, pairing
from zhiwei.assessment.services.marking import GivenMark
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in

MAX_BODY = 20_000
COMMENT_CHARS = 1_000


@require_POST
@signed_in(Role.TEACHER)
def mark(request: HttpRequest, response_uuid: str) -> HttpResponse:
    """Give a mark. Repeating a request that was kept changes nothing; 409 shows the other's mark beside one's own."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    body = _body(request)
    given = _given(body)
    standing = row.mark
    if standing is not None and standing.marker_id == actor.person_id and _same(standing, given):
        return _kept(row, actor.person_id)
    seen = body.get("seen")
    try:
        pairing.give_mark_on_desk(
            actor=actor,
            now=clock.now(),
            response=row,
            given=given,
            seen_version=seen if isinstance(seen, int) and not isinstance(seen, bool) else None,
        )
    except StaleMarkError as error:
        theirs = None if standing is None else reading.person_json(standing)
        return JsonResponse(
            {
                "code": error.code,
                "message": str(error.message),
                "theirs": theirs,
                "yours": given.score,
                "version": row.version,
            },
            status=409,
        )
    row = access.access_response_for_marking(actor, response_uuid)
    return _kept(row, actor.person_id)


@require_POST
@signed_in(Role.TEACHER)
def undo(request: HttpRequest, response_uuid: str) -> HttpResponse:
    """Take back the newest mark of a person on an answer."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    row = marking.undo_mark(actor=actor, now=clock.now(), response=row)
    return _kept(row, actor.person_id)


@require_POST
@signed_in(Role.TEACHER)
def flag(request: HttpRequest, response_uuid: str) -> HttpResponse:
    """Set or clear ``problem`` or ``exemplar``."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    body = _body(request)
    name, on = str(body.get("flag", "")), body.get("on") is True
    flagging.flag_response(actor=actor, now=clock.now(), response=row, flag=name, on=on)
    return JsonResponse({"flag": name, "on": on})


@require_POST
@signed_in(Role.TEACHER)
def tag(request: HttpRequest, response_uuid: str) -> HttpResponse:
    """Put a tag on an answer or take it off; answers with its tags and those of the question."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    body = _body(request)
    tags = flagging.tag_response(
        actor=actor, now=clock.now(), response=row, text=str(body.get("tag", "")), on=body.get("on") is True
    )
    return JsonResponse({"tags": tags, "known": reading.known_tags(actor, row.item)})


@require_POST
@signed_in(Role.TEACHER)
def mark_group(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Give every answer of a group that no person has marked the same mark."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    body = _body(request)
    given = _given(body)
    rows = reading.group_members(actor, item, str(body.get("group", ""))[:64])
    now = clock.now()
    for row in rows:
        pairing.give_mark_on_desk(actor=actor, now=now, response=row, given=given, seen_version=None)
    return JsonResponse({"marked": [str(row.uuid) for row in rows], "states": reading.counts(actor, item)})


@require_POST
@signed_in(Role.TEACHER)
def accept(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Accept the machine's sure marks of one question as they are."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    count = marking.accept_machine_marks(actor=actor, now=clock.now(), item=item)
    return JsonResponse({"accepted": count, "states": reading.counts(actor, item)})


def _kept(row: Any, person_id: int) -> JsonResponse:
    own = row.mark is not None and row.mark.marker_id == person_id
    return JsonResponse(
        {
            "id": str(row.uuid),
            "version": row.version,
            "state": row.state,
            "score": row.score,
            "person": reading.person_json(row.mark) if own and row.mark is not None else None,
        }
    )


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if len(request.body) > MAX_BODY:
        raise InvalidInputError("内容太长。", code="mark.too_long")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise InvalidInputError("内容不是 JSON。", code="mark.not_json") from error
    if not isinstance(body, dict):
        raise InvalidInputError("内容应是一个对象。", code="mark.not_json")
    return body


def _given(body: Mapping[str, Any]) -> GivenMark:
    score = body.get("score")
    if isinstance(score, bool) or not isinstance(score, int | float) or not isfinite(score):
        raise InvalidInputError("请输入分数。", code="mark.score_missing")
    points = body.get("points")
    return GivenMark(
        float(score),
        {
            str(key)[:60]: float(value)
            for key, value in (points.items() if isinstance(points, dict) else ())
            if isinstance(value, int | float)
        },
        str(body.get("comment") or "")[:COMMENT_CHARS],
    )


def _same(standing: Any, given: GivenMark) -> bool:
    kept = {str(one["id"]): one["score"] for one in standing.judgement.get("points", [])}
    return standing.score == given.score and standing.comment == given.comment and kept == dict(given.points)
