"""Feedback and second looks through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhiwei.assessment import access
from zhiwei.assessment.queries.feedback import FeedbackLine, feedback_for
from zhiwei.assessment.rest.shapes import Object, Text
from zhiwei.assessment.services import regrading
from zhiwei.kernel import clock
from zhiwei.kernel.access import one
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Listed, Needs, Slice, sliced

if TYPE_CHECKING:
    from zhiwei.assessment.models import RegradeRequest

router = Router(tags=["feedback"])
READ, ASK, MARK = Needs("results:read"), Needs("answers:write"), Needs("marks:write")


class LineOut(Schema):
    """One question: what was earned, what is missing and why."""

    response_uuid: str
    score: float | None
    right: bool
    missing: list[str]
    why: list[str]
    comment: str
    by: str
    solution: list[str]
    explanation: str
    knowledge: list[str]


class FeedbackOut(Schema):
    """Released feedback on a sitting; solutions only where the work's rules show them."""

    sitting_uuid: UUID
    score: float | None
    max_score: float
    solution_shown: bool
    lines: list[LineOut]


class RegradeOut(Schema):
    """A request to look again, and what came of it."""

    id: int
    response_uuid: UUID
    person_id: int
    reason: str
    state: str
    answer: str
    old_score: float | None
    new_score: float | None
    asked_at: datetime
    answered_at: datetime | None


class RegradeIn(Schema):
    """Why, and where in the answer (``{"start", "end"}``)."""

    reason: Text = Field(max_length=2000)
    place: Object = Field(default_factory=dict)


class AnswerRegradeIn(Schema):
    """What the teacher says; with a new score the mark changes."""

    answer: Text = Field(max_length=2000)
    new_score: float | None = Field(None, ge=0, le=1000)


@router.get(
    "/sittings/{uuid:sitting_uuid}/feedback", auth=READ, response=FeedbackOut, operation_id="get_feedback"
)
def feedback(request: HttpRequest, sitting_uuid: UUID) -> FeedbackOut:
    """Return released feedback on one's own sitting, one's child's, or a pupil's one teaches."""
    found = feedback_for(actor_of(request), sitting_uuid, now=clock.now())
    return FeedbackOut(
        sitting_uuid=sitting_uuid,
        score=found.score,
        max_score=found.max_score,
        solution_shown=found.solution_shown,
        lines=[_line(line) for line in found.lines],
    )


@router.get("/regrades", auth=READ, response=Listed[RegradeOut], operation_id="list_regrades")
def regrades(request: HttpRequest, part: Query[Slice]) -> Listed[RegradeOut]:
    """Return requests in reach, newest first."""
    rows = access.regrades_in_reach(actor_of(request), Verb.LIST).select_related("response")
    found, total, following = sliced(rows.order_by("-asked_at", "-pk"), part)
    return Listed[RegradeOut](items=[_regrade(row) for row in found], total=total, next_offset=following)


@router.post(
    "/responses/{uuid:response_uuid}/regrade",
    auth=ASK,
    response={201: RegradeOut},
    operation_id="request_regrade",
)
def ask(request: HttpRequest, response_uuid: UUID, given: RegradeIn) -> tuple[int, RegradeOut]:
    """Ask that a released mark of one's own be looked at again."""
    row = regrading.request_regrade(
        actor=actor_of(request),
        now=clock.now(),
        response_uuid=response_uuid,
        reason=given.reason,
        place=given.place,
    )
    return 201, _regrade(row)


@router.post(
    "/regrades/{int:regrade_id}/answer", auth=MARK, response=RegradeOut, operation_id="answer_regrade"
)
def answer(request: HttpRequest, regrade_id: int, given: AnswerRegradeIn) -> RegradeOut:
    """Answer a request, with another mark or without."""
    actor = actor_of(request)
    rows = access.regrades_in_reach(actor, Verb.UPDATE).select_related("response")
    row = regrading.answer_regrade(
        actor=actor,
        now=clock.now(),
        request=one(rows, pk=regrade_id if regrade_id < 2**62 else 0),
        answer=given.answer,
        new_score=given.new_score,
    )
    return _regrade(row)


def _line(line: FeedbackLine) -> LineOut:
    return LineOut.model_validate(line, from_attributes=True)


def _regrade(row: RegradeRequest) -> RegradeOut:
    return RegradeOut(
        id=row.pk,
        response_uuid=row.response.uuid,
        person_id=row.person_id,
        reason=row.reason,
        state=row.state,
        answer=row.answer,
        old_score=row.old_score,
        new_score=row.new_score,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )
