"""Marking, judging again and releasing through the API."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from zhiwei.assessment import access
from zhiwei.assessment.queries.marking_list import responses_to_mark
from zhiwei.assessment.queries.picture import classes_of
from zhiwei.assessment.rest.forms import response_out
from zhiwei.assessment.rest.shapes import ChangeOut, CountOut, MarkIn, ReleaseIn, ResponseOut
from zhiwei.assessment.services import judging, marking, pairing, releasing
from zhiwei.assessment.services.marking import GivenMark
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice, sliced

router = Router(tags=["marks"])
READ, WRITE = Needs("results:read"), Needs("marks:write")


@router.get(
    "/work-items/{uuid:item_uuid}/responses",
    auth=READ,
    response=Listed[ResponseOut],
    operation_id="list_responses",
)
def list_responses(request: HttpRequest, item_uuid: UUID, part: Query[Slice]) -> Listed[ResponseOut]:
    """Return the responses to a question that the actor may mark, doubtful first."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    found, total, following = sliced(responses_to_mark(actor, item), part)
    audit.record_reads(
        actor=actor,
        kind="response",
        now=clock.now(),
        about_ids=[one.sitting.person_id for one in found],
        tenant_id=item.tenant_id,
        level=Level.PERSONAL,
        object_id=item.pk,
    )
    shown = [response_out(one) for one in found]
    return Listed[ResponseOut](items=shown, total=total, next_offset=following)


@router.post(
    "/responses/{uuid:response_uuid}/mark", auth=WRITE, response=ResponseOut, operation_id="give_mark"
)
def give_mark(request: HttpRequest, response_uuid: UUID, given: MarkIn) -> ResponseOut:
    """Give a person's mark by the work's way of marking, alone or as one of two; it stands over any machine's."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    mark = GivenMark(given.score, given.points, given.comment)
    pairing.give_mark_on_desk(
        actor=actor, now=clock.now(), response=row, given=mark, seen_version=given.seen_version
    )
    return response_out(access.access_response_for_marking(actor, response_uuid))


@router.delete(
    "/responses/{uuid:response_uuid}/mark", auth=WRITE, response=ResponseOut, operation_id="undo_mark"
)
def undo_mark(request: HttpRequest, response_uuid: UUID) -> ResponseOut:
    """Take back the newest mark of a person."""
    actor = actor_of(request)
    row = access.access_response_for_marking(actor, response_uuid)
    marking.undo_mark(actor=actor, now=clock.now(), response=row)
    return response_out(access.access_response_for_marking(actor, response_uuid))


@router.post(
    "/work-items/{uuid:item_uuid}/accept", auth=WRITE, response=CountOut, operation_id="accept_marks"
)
def accept(request: HttpRequest, item_uuid: UUID) -> CountOut:
    """Accept the machine's sure marks on a question as they are."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    return CountOut(count=marking.accept_machine_marks(actor=actor, now=clock.now(), item=item))


@router.get(
    "/work-items/{uuid:item_uuid}/rejudge",
    auth=READ,
    response=list[ChangeOut],
    operation_id="preview_rejudge",
)
def preview(request: HttpRequest, item_uuid: UUID) -> list[ChangeOut]:
    """Tell exactly whose marks would change if the question were judged again now, and why."""
    item = access.access_work_item(actor_of(request), item_uuid, verb=Verb.MARK)
    return [ChangeOut(**{**asdict(one), "why": list(one.why)}) for one in judging.preview_rejudge(item=item)]


@router.post("/work-items/{uuid:item_uuid}/rejudge", auth=WRITE, response=CountOut, operation_id="rejudge")
def rejudge(request: HttpRequest, item_uuid: UUID) -> CountOut:
    """Judge the question again for everybody; released marks stay until they are released again."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    return CountOut(count=judging.rejudge_item(actor=actor, now=clock.now(), item=item))


@router.post("/works/{uuid:work_uuid}/release", auth=WRITE, response=CountOut, operation_id="release_marks")
def release(request: HttpRequest, work_uuid: UUID, given: ReleaseIn) -> CountOut:
    """Release marks to a class, to single pupils or to all."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.RELEASE, level=Level.PERSONAL)
    _check_class(actor, work_uuid, given)
    count = releasing.release_marks(
        actor=actor,
        now=clock.now(),
        work=work,
        class_id=given.class_id,
        person_ids=given.person_ids,
        allow_doubtful=given.allow_doubtful,
    )
    return CountOut(count=count)


@router.post("/works/{uuid:work_uuid}/recall", auth=WRITE, response=CountOut, operation_id="recall_marks")
def recall(request: HttpRequest, work_uuid: UUID, given: ReleaseIn) -> CountOut:
    """Take released marks of a class, or of all, back."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.RELEASE, level=Level.PERSONAL)
    _check_class(actor, work_uuid, given)
    count = releasing.recall_marks(actor=actor, now=clock.now(), work=work, class_id=given.class_id)
    return CountOut(count=count)


def _check_class(actor: Actor, work_uuid: UUID, given: ReleaseIn) -> None:
    if given.class_id is not None and given.class_id not in dict(classes_of(actor, work_uuid)):
        raise NotFoundError
