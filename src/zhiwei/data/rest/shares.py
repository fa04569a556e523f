"""Shared data through the API: ask, follow, read rows of an open share, question it, read what was handed down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field

from zhiwei.data import access_sharing as access
from zhiwei.data.services import analysing, analysis_exports, reading_shares, sharing
from zhiwei.data.services.reading_shares import MOST_ROWS, SharePage
from zhiwei.data.values_sharing import ExportState
from zhiwei.kernel import clock
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice

if TYPE_CHECKING:
    from zhiwei.data.models import AnalysisRun, HandedDown, Share

router = Router(tags=["shares"])
READ, WRITE = Needs("shares:read"), Needs("shares:write")


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("contains a null character")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Value = str | float | None


class FilterIn(Schema):
    """A condition on rows."""

    column: Text = Field(max_length=40)
    operator: Literal["eq", "ne", "ge", "le"] = "eq"
    value: Text = Field(min_length=1, max_length=60)


class ShareIn(Schema):
    """A wish for data of an organisation."""

    giver: int = Field(ge=1, le=2**31 - 1)
    table: Text = Field(max_length=60)
    columns: list[Text] = Field(max_length=40)
    purpose: Text = Field(min_length=1, max_length=300)
    basis: Literal["research", "model_training", "teaching"]
    days: Literal[7, 30, 90, 180] = 30
    kind: Literal["rows", "room"] = "rows"
    filters: list[FilterIn] = Field(default_factory=list, max_length=6)
    k: int = Field(5, ge=5, le=1000)


class ShareOut(Schema):
    """A share of one's own; rows can be read while it is ``open`` and before ``until``."""

    uuid: UUID
    giver: int
    table: str
    kind: str
    columns: list[str]
    purpose: str
    basis: str
    state: str
    plain: bool
    asked_at: datetime
    decided_at: datetime | None
    decision: str
    until: datetime | None


class Part(Schema):
    """Which rows: those after a place, at most so many."""

    after: int = Field(0, ge=0, le=2**62)
    limit: int = Field(50, ge=1, le=MOST_ROWS)


class RowsOut(Schema):
    """Rows by column; ``next_after`` is where the next part begins."""

    columns: list[str]
    rows: list[list[Value]]
    next_after: int | None = None


class RunIn(Schema):
    """A question: one SELECT of groups and figures."""

    sql: Text = Field(min_length=1, max_length=analysing.LONGEST_SQL)


class ExportIn(Schema):
    """Why a result is to be taken away."""

    reason: Text = Field(min_length=1, max_length=300)


class RunOut(Schema):
    """A question and its safe answer; ``null`` is a figure with too few people behind it.

    What leaves through the API leaves the room: columns and rows are there once ``review`` is ``approved``.
    """

    uuid: UUID
    sql: str
    state: str
    review: str
    problem: str
    detail: str
    columns: list[str]
    rows: list[list[Value]]
    people: list[int]
    left_out: bool
    asked_at: datetime


class ReceivedOut(Schema):
    """What was handed down to one's school."""

    uuid: UUID
    giver: int
    table: str
    columns: list[str]
    purpose: str
    at: datetime
    until: datetime


@router.get("/shares", auth=READ, response=Listed[ShareOut], operation_id="list_shares")
def shares(request: HttpRequest, part: Query[Slice]) -> Listed[ShareOut]:
    """Return what one asked for, newest first."""
    found = access.own_shares(actor_of(request))
    end = part.offset + part.limit
    shown = [_share(one) for one in found[part.offset : end]]
    return Listed[ShareOut](items=shown, total=len(found), next_offset=end if end < len(found) else None)


@router.post("/shares", auth=WRITE, response={201: ShareOut}, operation_id="ask_for_share")
def ask(request: HttpRequest, given: ShareIn) -> tuple[int, ShareOut]:
    """Ask for data; somebody of the organisation decides. Originals cannot be asked for here."""
    spec = sharing.ShareSpec(**given.dict(exclude={"filters"}), filters=[one.dict() for one in given.filters])
    return 201, _share(sharing.ask_for_share(actor=actor_of(request), now=clock.now(), spec=spec))


@router.get("/shares/{uuid:share_uuid}", auth=READ, response=ShareOut, operation_id="get_share")
def share(request: HttpRequest, share_uuid: UUID) -> ShareOut:
    """Return one share of one's own."""
    return _share(access.access_own_share(actor_of(request), share_uuid))


@router.get("/shares/{uuid:share_uuid}/rows", auth=READ, response=RowsOut, operation_id="read_shared_rows")
def rows(request: HttpRequest, share_uuid: UUID, part: Query[Part]) -> RowsOut:
    """Return rows of one's own open share, disguised under its key; each read is on record."""
    actor = actor_of(request)
    row = access.access_own_share(actor, share_uuid)
    page = reading_shares.read_share(
        actor=actor, now=clock.now(), share=row, after=part.after, limit=part.limit
    )
    return _rows(page)


@router.post(
    "/shares/{uuid:share_uuid}/runs", auth=WRITE, response={201: RunOut}, operation_id="ask_analysis"
)
def run(request: HttpRequest, share_uuid: UUID, given: RunIn) -> tuple[int, RunOut]:
    """Ask a question in the analysis room; ask for it again until it is no longer ``waiting``."""
    actor = actor_of(request)
    row = access.access_own_share(actor, share_uuid)
    with access.at_giver(actor, share_uuid):
        return 201, _run(analysing.ask(actor=actor, now=clock.now(), share=row, sql=given.sql))


@router.get(
    "/shares/{uuid:share_uuid}/runs/{uuid:run_uuid}",
    auth=READ,
    response=RunOut,
    operation_id="get_analysis",
)
def answer(request: HttpRequest, share_uuid: UUID, run_uuid: UUID) -> RunOut:
    """Return a question, with its answer once another person has let it out."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        return _run(access.access_own_run(actor, share_uuid, run_uuid))


@router.post(
    "/shares/{uuid:share_uuid}/runs/{uuid:run_uuid}/export",
    auth=WRITE,
    response={201: RunOut},
    operation_id="ask_analysis_export",
)
def export(request: HttpRequest, share_uuid: UUID, run_uuid: UUID, given: ExportIn) -> tuple[int, RunOut]:
    """Ask that another person look at a result and let it out."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        analysis_exports.ask_export(actor=actor, now=clock.now(), run=found, reason=given.reason)
        return 201, _run(access.access_own_run(actor, share_uuid, run_uuid))


@router.get("/received", auth=READ, response=Listed[ReceivedOut], operation_id="list_received")
def received(request: HttpRequest, part: Query[Slice]) -> Listed[ReceivedOut]:
    """Return what was handed down to one's school, newest first."""
    found = access.received(actor_of(request))
    total, end = found.count(), part.offset + part.limit
    shown = [_received(one) for one in found[part.offset : end]]
    return Listed[ReceivedOut](items=shown, total=total, next_offset=end if end < total else None)


@router.get("/received/{uuid:row_uuid}/rows", auth=READ, response=RowsOut, operation_id="read_received_rows")
def received_rows(request: HttpRequest, row_uuid: UUID, part: Query[Part]) -> RowsOut:
    """Return rows of one's own school of what was handed down."""
    actor = actor_of(request)
    row = access.access_received(actor, row_uuid)
    page = reading_shares.read_handed_down(
        actor=actor, now=clock.now(), row=row, after=part.after, limit=part.limit
    )
    return _rows(page)


def _share(row: Share) -> ShareOut:
    return ShareOut(
        giver=row.tenant_id,
        **{name: getattr(row, name) for name in ShareOut.model_fields if name != "giver"},
    )


def _run(row: AnalysisRun) -> RunOut:
    review = str(getattr(getattr(row, "export", None), "state", ""))
    told = {name: getattr(row, name) for name in RunOut.model_fields if name != "review"}
    if review != ExportState.APPROVED:
        told |= {"columns": [], "rows": [], "people": []}
    return RunOut(review=review, **told)


def _received(row: HandedDown) -> ReceivedOut:
    return ReceivedOut(
        giver=row.giver_id,
        **{name: getattr(row, name) for name in ReceivedOut.model_fields if name != "giver"},
    )


def _rows(page: SharePage) -> RowsOut:
    return RowsOut(
        columns=[one.name for one in page.columns],
        rows=[list(one) for one in page.rows],
        next_after=page.following,
    )
