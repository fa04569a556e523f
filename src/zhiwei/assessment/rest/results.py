"""Results through the API: the class picture, wrong-answer books, facts as xAPI statements, the bank."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from zhiwei.assessment import access
from zhiwei.assessment.queries import statements
from zhiwei.assessment.queries.picture import class_picture
from zhiwei.assessment.rest.shapes import Json, Text
from zhiwei.curriculum import api as curriculum
from zhiwei.kernel import audit, clock
from zhiwei.kernel.values import Level, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice, sliced

router = Router(tags=["results"])
READ = Needs("results:read")


class WrongOut(Schema):
    """An entry of a wrong-answer book."""

    id: int
    person_id: int
    subject: str
    points: list[str]
    cause: str
    state: str
    lost: float
    due_at: datetime | None
    added_at: datetime


class Since(Schema):
    """Which statements: stored after ``since`` up to ``until``, oldest first."""

    since: datetime | None = None
    until: datetime | None = None
    limit: int = Field(100, ge=1, le=500)


class StatementsOut(Schema):
    """Statements as the xAPI data model has them; ``more`` is the address of the next part or empty."""

    statements: list[Json]
    more: str


class BankItemOut(Schema):
    """An item of the bank as found."""

    uuid: str
    type: str
    version: int
    points: list[str]
    content: Json


@router.get(
    "/works/{uuid:work_uuid}/picture/{int:class_id}", auth=READ, response=Json, operation_id="class_picture"
)
def picture(request: HttpRequest, work_uuid: UUID, class_id: int) -> dict[str, Any]:
    """Return the class picture with every figure of the page."""
    actor = actor_of(request)
    found = class_picture(actor, work_uuid, class_id)
    audit.record_reads(
        actor=actor,
        kind="picture",
        now=clock.now(),
        about_ids=[one.person_id for one in found.needs],
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
        object_id=found.work_id,
    )
    return asdict(found)


@router.get("/wrong-entries", auth=READ, response=Listed[WrongOut], operation_id="list_wrong_entries")
def wrong_entries(request: HttpRequest, part: Query[Slice]) -> Listed[WrongOut]:
    """Return entries of wrong-answer books in reach, newest first."""
    rows = access.wrong_entries_in_reach(actor_of(request), Verb.LIST).order_by("-added_at", "-pk")
    found, total, following = sliced(rows, part)
    shown = [WrongOut.model_validate(one, from_attributes=True) for one in found]
    return Listed[WrongOut](items=shown, total=total, next_offset=following)


@router.get(
    "/xapi/statements", auth=Needs("facts:read"), response=StatementsOut, operation_id="list_statements"
)
def xapi(request: HttpRequest, response: HttpResponse, asked: Query[Since]) -> StatementsOut:
    """Return what was released, as xAPI 2.0 statements about the sittings in reach."""
    response.headers["X-Experience-API-Version"] = "2.0.0"
    actor = actor_of(request)
    found = statements.statements_for(
        actor, origin=settings.ORIGIN, since=asked.since, until=asked.until, limit=asked.limit
    )
    audit.record_reads(
        actor=actor,
        kind="statement",
        now=clock.now(),
        about_ids=found.about,
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
    )
    more = ""
    if found.following is not None:
        query = f"since={found.following.isoformat()}&limit={asked.limit}".replace("+", "%2B")
        more = f"{request.path}?{query}"
    return StatementsOut(statements=found.statements, more=more)


@router.get(
    "/bank/items", auth=Needs("items:read"), response=Listed[BankItemOut], operation_id="search_items"
)
def bank(
    request: HttpRequest, part: Query[Slice], text: Text = "", subject: Text = ""
) -> Listed[BankItemOut]:
    """Find published items by words, pinyin or a formula."""
    limit = min(part.limit, 100)
    page = curriculum.search_items(
        actor_of(request), text=text[:200], subject=subject[:30], limit=limit, offset=part.offset
    )
    shown = [
        BankItemOut(
            uuid=one.uuid,
            type=one.type,
            version=one.version,
            points=list(one.points),
            content=dict(one.content),
        )
        for one in page.items
    ]
    end = part.offset + len(shown)
    following = end if shown and end < page.total else None
    return Listed[BankItemOut](items=shown, total=page.total, next_offset=following)
