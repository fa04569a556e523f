"""Answering through the API."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from zhiwei.assessment import access
from zhiwei.assessment.rest.forms import question_out, sitting_out
from zhiwei.assessment.rest.shapes import AnswerIn, SavedOut, SheetOut, SittingOut
from zhiwei.assessment.services import answering
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice, sliced

router = Router(tags=["sittings"])
READ, WRITE = Needs("results:read"), Needs("answers:write")


@router.get("/sittings", auth=READ, response=Listed[SittingOut], operation_id="list_sittings")
def list_sittings(request: HttpRequest, part: Query[Slice], work: UUID | None = None) -> Listed[SittingOut]:
    """Return sittings in reach, newest first: one's own, one's child's, or those of classes one teaches."""
    actor = actor_of(request)
    rows = access.sittings_in_reach(actor, Verb.LIST).select_related("work").order_by("-started_at", "pk")
    if work is not None:
        rows = rows.filter(work__uuid=work)
    found, total, following = sliced(rows, part)
    shown = [sitting_out(one, staff=actor.is_staff) for one in found]
    return Listed[SittingOut](items=shown, total=total, next_offset=following)


@router.post("/works/{uuid:work_uuid}/sittings", auth=WRITE, response=SheetOut, operation_id="begin_sitting")
def begin(request: HttpRequest, work_uuid: UUID) -> SheetOut:
    """Begin, or go on with, one's own sitting of a work."""
    actor = actor_of(request)
    sitting = answering.begin_sitting(actor=actor, now=clock.now(), work_uuid=work_uuid)
    return _sheet(request, sitting.uuid)


@router.get("/sittings/{uuid:sitting_uuid}", auth=READ, response=SheetOut, operation_id="get_sitting")
def get_sitting(request: HttpRequest, sitting_uuid: UUID) -> SheetOut:
    """Return a sitting with its questions and what was saved."""
    return _sheet(request, sitting_uuid)


@router.put(
    "/sittings/{uuid:sitting_uuid}/answers/{uuid:item_uuid}",
    auth=WRITE,
    response=SavedOut,
    operation_id="save_answer",
)
def save(request: HttpRequest, sitting_uuid: UUID, item_uuid: UUID, given: AnswerIn) -> SavedOut:
    """Keep an answer; safe to repeat, and an older save never overwrites a newer one."""
    sitting = access.access_sitting(actor_of(request), sitting_uuid, verb=Verb.ANSWER)
    saved = answering.save_response(
        now=clock.now(),
        sitting=sitting,
        item_uuid=item_uuid,
        value=given.value,
        sequence=given.sequence,
        device=given.device,
    )
    return SavedOut(
        sequence=saved.sequence, saved_at=saved.saved_at, conflict=saved.conflict, value=saved.value
    )


@router.post("/sittings/{uuid:sitting_uuid}/hand-in", auth=WRITE, response=SittingOut, operation_id="hand_in")
def hand_in(request: HttpRequest, sitting_uuid: UUID) -> SittingOut:
    """Hand in; handing in twice changes nothing."""
    actor = actor_of(request)
    sitting = access.access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    return sitting_out(answering.hand_in(actor=actor, now=clock.now(), sitting=sitting), staff=False)


def _sheet(request: HttpRequest, sitting_uuid: UUID) -> SheetOut:
    actor = actor_of(request)
    sitting = access.access_sitting(actor, sitting_uuid, verb=Verb.READ)
    if sitting.person_id != actor.person_id and not actor.is_staff and sitting.released_at is None:
        raise NotFoundError
    answers = {str(one.item.uuid): one.value for one in sitting.responses.select_related("item")}
    questions = [question_out(one) for one in sitting.work.items.order_by("position")]
    shown = sitting_out(sitting, staff=actor.is_staff)
    return SheetOut(sitting=shown, questions=questions, answers=answers)
