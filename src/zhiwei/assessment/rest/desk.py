"""The marking desk through the API: groups of like answers, signs and tags, the spread of scores."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhiwei.assessment import access
from zhiwei.assessment.queries.desk import desk_state, group_members
from zhiwei.assessment.rest.shapes import CountOut, Json, MarkIn, Text
from zhiwei.assessment.services import flagging, pairing
from zhiwei.assessment.services.grouping import group_when_needed
from zhiwei.assessment.services.marking import GivenMark
from zhiwei.kernel import clock
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Needs

router = Router(tags=["marks"])
READ, WRITE = Needs("results:read"), Needs("marks:write")


class DeskOut(Schema):
    """Where marking a question stands: ``groups`` with ``key``, ``size``, ``todo``, ``doubtful``, ``example``."""

    total: int
    states: dict[str, int]
    groups: list[Json]
    tags: list[Json]
    spread: list[Json]
    exemplars: list[Json]


class SignIn(Schema):
    """Whether an answer carries a sign."""

    on: bool


class TagIn(Schema):
    """A tag in one's own words, put on or taken off."""

    text: Text = Field(min_length=1, max_length=20)
    on: bool = True


@router.get("/work-items/{uuid:item_uuid}/desk", auth=READ, response=DeskOut, operation_id="get_desk")
def get_desk(request: HttpRequest, item_uuid: UUID) -> DeskOut:
    """Return progress, groups of like answers, tags, exemplars and the spread of scores of a question.

    Answers that came in since are grouped by a job: ask again a little later.
    """
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    group_when_needed(item=item, now=clock.now())
    return DeskOut(**desk_state(actor, item))


@router.post(
    "/work-items/{uuid:item_uuid}/groups/{str:group}/mark",
    auth=WRITE,
    response=CountOut,
    operation_id="mark_group",
)
def mark_group(request: HttpRequest, item_uuid: UUID, group: str, given: MarkIn) -> CountOut:
    """Give every answer of a group that no person has marked the same mark."""
    actor, now = actor_of(request), clock.now()
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    rows = group_members(actor, item, group[:64])
    mark = GivenMark(given.score, given.points, given.comment)
    for row in rows:
        pairing.give_mark_on_desk(actor=actor, now=now, response=row, given=mark, seen_version=None)
    return CountOut(count=len(rows))


@router.put(
    "/responses/{uuid:response_uuid}/signs/{str:sign}",
    auth=WRITE,
    response={204: None},
    operation_id="sign_response",
)
def sign(
    request: HttpRequest, response_uuid: UUID, sign: Literal["problem", "exemplar"], given: SignIn
) -> tuple[int, None]:
    """Sign an answer as a problem paper or an exemplar, or take the sign off."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    flagging.flag_response(actor=actor, now=clock.now(), response=row, flag=sign, on=given.on)
    return 204, None


@router.put(
    "/responses/{uuid:response_uuid}/tags", auth=WRITE, response=list[str], operation_id="tag_response"
)
def tag(request: HttpRequest, response_uuid: UUID, given: TagIn) -> list[str]:
    """Put a tag on an answer or take it off; returns its tags. Pupils never see tags."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    return flagging.tag_response(actor=actor, now=clock.now(), response=row, text=given.text, on=given.on)
