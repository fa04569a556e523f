"""A work's life through the API: order of questions, changes, planned release, trash; causes of wrong answers.

Operations of one address must stand in one router, so these join those of ``works``.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from zhiwei.assessment import access
from zhiwei.assessment.queries.versions import versions_of
from zhiwei.assessment.queries.works import removed_work
from zhiwei.assessment.rest.forms import item_out, work_out
from zhiwei.assessment.rest.shapes import ItemOut, Text, WorkOut
from zhiwei.assessment.rest.works import READ, WRITE, router
from zhiwei.assessment.services import details, setting
from zhiwei.assessment.services.wrong_book import correct_cause
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Level, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Needs


class OrderIn(Schema):
    """Questions in their new order; those left out are removed."""

    item_uuids: list[UUID] = Field(max_length=400)


class VersionOut(Schema):
    """One change since the work was opened, in sentences."""

    number: int
    at: datetime
    by: str
    lines: list[str]


class PlanIn(Schema):
    """When all marks are released; ``null`` takes the plan back."""

    at: datetime | None
    allow_doubtful: bool = False


class CauseIn(Schema):
    """Why an answer was wrong."""

    cause: Text = Field(min_length=1, max_length=40)


@router.put(
    "/works/{uuid:work_uuid}/items", auth=WRITE, response=list[ItemOut], operation_id="arrange_work_items"
)
def arrange(request: HttpRequest, work_uuid: UUID, given: OrderIn) -> list[ItemOut]:
    """Put the questions into an order, until pupils have begun to answer."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    known = dict(work.items.values_list("uuid", "pk"))
    if not set(given.item_uuids) <= set(known):
        raise NotFoundError
    order = [known[one] for one in given.item_uuids]
    setting.arrange_items(actor=actor, now=clock.now(), work=work, order=order)
    return [item_out(one) for one in work.items.order_by("position")]


@router.get(
    "/works/{uuid:work_uuid}/changes", auth=READ, response=list[VersionOut], operation_id="list_work_changes"
)
def changes(request: HttpRequest, work_uuid: UUID) -> list[VersionOut]:
    """Return what changed since the work was opened, newest first."""
    work = access.access_work(actor_of(request), work_uuid, verb=Verb.READ)
    return [VersionOut.model_validate(one, from_attributes=True) for one in versions_of(work)]


@router.put(
    "/works/{uuid:work_uuid}/release-plan", auth=WRITE, response={204: None}, operation_id="plan_release"
)
def plan(request: HttpRequest, work_uuid: UUID, given: PlanIn) -> tuple[int, None]:
    """Plan the release of all marks for a time."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.RELEASE, level=Level.PERSONAL)
    details.plan_release(
        actor=actor, now=clock.now(), work=work, at=given.at, allow_doubtful=given.allow_doubtful
    )
    return 204, None


@router.delete("/works/{uuid:work_uuid}", auth=WRITE, response={204: None}, operation_id="remove_work")
def remove(request: HttpRequest, work_uuid: UUID) -> tuple[int, None]:
    """Put a work into the trash, where it stays for 30 days."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    details.remove_work(actor=actor, now=clock.now(), work=work)
    return 204, None


@router.post("/works/{uuid:work_uuid}/restore", auth=WRITE, response=WorkOut, operation_id="restore_work")
def restore(request: HttpRequest, work_uuid: UUID) -> WorkOut:
    """Take a work out of the trash."""
    actor = actor_of(request)
    work = removed_work(actor, work_uuid)
    details.restore_work(actor=actor, now=clock.now(), work=work)
    return work_out(work)


@router.put(
    "/wrong-entries/{int:entry_id}/cause",
    auth=Needs("answers:write"),
    response={204: None},
    operation_id="correct_cause",
)
def cause(request: HttpRequest, entry_id: int, given: CauseIn) -> tuple[int, None]:
    """Correct why an answer was wrong, as its pupil or a teacher."""
    actor = actor_of(request)
    entry = access.access_wrong_entry(actor, entry_id, verb=Verb.UPDATE)
    correct_cause(actor=actor, now=clock.now(), entry=entry, cause=given.cause)
    return 204, None
