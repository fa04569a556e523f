"""Setting works through the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from zhiwei.assessment import access
from zhiwei.assessment.queries.picture import classes_of
from zhiwei.assessment.rest.forms import item_out, work_out
from zhiwei.assessment.rest.shapes import (
    CopyIn,
    ItemOut,
    ItemsIn,
    RevisionIn,
    TargetsIn,
    WorkChangeIn,
    WorkIn,
    WorkOut,
)
from zhiwei.assessment.services import details, setting
from zhiwei.assessment.values import Medium, WorkKind
from zhiwei.kernel import clock
from zhiwei.kernel.access import require
from zhiwei.kernel.values import Level, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice, sliced

router = Router(tags=["works"])
READ, WRITE = Needs("works:read"), Needs("works:write")


@router.get("/works", auth=READ, response=Listed[WorkOut], operation_id="list_works")
def list_works(request: HttpRequest, part: Query[Slice]) -> Listed[WorkOut]:
    """Return the works in reach, newest first."""
    rows = access.works_in_reach(actor_of(request), Verb.LIST).order_by("-created_at", "pk")
    found, total, following = sliced(rows, part)
    return Listed[WorkOut](items=[work_out(one) for one in found], total=total, next_offset=following)


@router.post("/works", auth=WRITE, response={201: WorkOut}, operation_id="create_work")
def create_work(request: HttpRequest, given: WorkIn) -> tuple[int, WorkOut]:
    """Create a draft."""
    actor = actor_of(request)
    require(actor, Verb.CREATE, "work")
    rules = {name: getattr(given, name) for name in ("grace_minutes", "late_deduct_percent", "attempts")}
    rules |= given.rules.model_dump(exclude_unset=True, exclude_none=True) if given.rules else {}
    made = setting.create_work(
        actor=actor,
        now=clock.now(),
        title=given.title,
        subject=given.subject,
        kind=WorkKind(given.kind),
        medium=Medium(given.medium),
        opens_at=given.opens_at,
        due_at=given.due_at,
        rules=rules,
        note=given.note,
    )
    return 201, work_out(made)


@router.get("/works/{uuid:work_uuid}", auth=READ, response=WorkOut, operation_id="get_work")
def get_work(request: HttpRequest, work_uuid: UUID) -> WorkOut:
    """Return one work."""
    return work_out(access.access_work(actor_of(request), work_uuid, verb=Verb.READ))


@router.patch("/works/{uuid:work_uuid}", auth=WRITE, response=WorkOut, operation_id="change_work")
def change_work(request: HttpRequest, work_uuid: UUID, given: WorkChangeIn) -> WorkOut:
    """Change a work's own facts; once it is open every change is a new revision that pupils see."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    wanted = given.model_dump(exclude_unset=True)
    details.change_details(
        actor=actor,
        now=clock.now(),
        work=work,
        title=wanted.get("title") or work.title,
        note=wanted.get("note") or work.note,
        medium=Medium(wanted.get("medium") or work.medium),
        opens_at=wanted.get("opens_at", work.opens_at),
        due_at=wanted.get("due_at", work.due_at),
        rules=_ruled(work.rules, wanted.get("rules")),
    )
    return work_out(work)


def _ruled(standing: Mapping[str, Any], changed: Mapping[str, Any] | None) -> dict[str, Any]:
    """The standing rules with the changed ones; ``None`` takes a rule away."""
    return {name: value for name, value in {**standing, **(changed or {})}.items() if value is not None}


@router.post("/works/{uuid:work_uuid}/close", auth=WRITE, response=WorkOut, operation_id="close_work")
def close_work(request: HttpRequest, work_uuid: UUID) -> WorkOut:
    """Close a work: nobody can begin it any more."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    details.close_work(actor=actor, now=clock.now(), work=work)
    return work_out(work)


@router.get(
    "/works/{uuid:work_uuid}/items", auth=READ, response=list[ItemOut], operation_id="list_work_items"
)
def list_items(request: HttpRequest, work_uuid: UUID) -> list[ItemOut]:
    """Return a work's questions with their keys, in order."""
    work = access.access_work(actor_of(request), work_uuid, verb=Verb.READ, level=Level.PERSONAL)
    return [item_out(one) for one in work.items.order_by("position")]


@router.post(
    "/works/{uuid:work_uuid}/items", auth=WRITE, response={201: list[ItemOut]}, operation_id="add_work_items"
)
def add_items(request: HttpRequest, work_uuid: UUID, given: ItemsIn) -> tuple[int, list[ItemOut]]:
    """Add questions from the bank, then those typed in."""
    actor, now = actor_of(request), clock.now()
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    added = []
    if given.item_uuids:
        wanted = [str(one) for one in given.item_uuids]
        added += setting.add_items(actor=actor, now=now, work=work, item_uuids=wanted)
    for content in given.contents:
        added.append(setting.add_typed_item(actor=actor, now=now, work=work, content=content))
    return 201, [item_out(one) for one in added]


@router.put("/work-items/{uuid:item_uuid}", auth=WRITE, response=ItemOut, operation_id="revise_work_item")
def revise_item(request: HttpRequest, item_uuid: UUID, given: RevisionIn) -> ItemOut:
    """Change a question's key or rubric, keeping what it was; see the rejudge operations for the marks."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.UPDATE)
    setting.revise_item(actor=actor, now=clock.now(), item=item, content=given.content, reason=given.reason)
    return item_out(item)


@router.put("/works/{uuid:work_uuid}/targets", auth=WRITE, response={204: None}, operation_id="set_targets")
def set_targets(request: HttpRequest, work_uuid: UUID, given: TargetsIn) -> tuple[int, None]:
    """Say for which classes, and within one for which pupils, the work is."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    setting.set_targets(
        actor=actor, now=clock.now(), work=work, class_ids=given.class_ids, person_ids=given.person_ids
    )
    return 204, None


@router.get(
    "/works/{uuid:work_uuid}/classes", auth=READ, response=list[tuple[int, str]], operation_id="list_classes"
)
def list_classes(request: HttpRequest, work_uuid: UUID) -> list[tuple[int, str]]:
    """Return the classes in reach for which the work is set."""
    return classes_of(actor_of(request), work_uuid)


@router.post("/works/{uuid:work_uuid}/open", auth=WRITE, response=WorkOut, operation_id="open_work")
def open_work(request: HttpRequest, work_uuid: UUID) -> WorkOut:
    """Open a work to its pupils."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    setting.open_work(actor=actor, now=clock.now(), work=work)
    return work_out(work)


@router.post("/works/{uuid:work_uuid}/copy", auth=WRITE, response={201: WorkOut}, operation_id="copy_work")
def copy_work(request: HttpRequest, work_uuid: UUID, given: CopyIn) -> tuple[int, WorkOut]:
    """Copy a work with its questions as a draft or template."""
    actor = actor_of(request)
    require(actor, Verb.CREATE, "work")
    work = access.access_work(actor, work_uuid, verb=Verb.READ, level=Level.PERSONAL)
    copy = setting.copy_work(
        actor=actor, now=clock.now(), work=work, title=given.title, as_template=given.as_template
    )
    return 201, work_out(copy)
