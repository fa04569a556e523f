"""Rows turned into what goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiwei.assessment.rest.shapes import ItemOut, QuestionOut, ResponseOut, SittingOut, WorkOut

if TYPE_CHECKING:
    from zhiwei.assessment.models import Response, Sitting, Work, WorkItem


def work_out(row: Work) -> WorkOut:
    """Return a work."""
    return WorkOut.model_validate(row, from_attributes=True)


def item_out(row: WorkItem) -> ItemOut:
    """Return a question with its key."""
    return ItemOut.model_validate(row, from_attributes=True)


def question_out(row: WorkItem) -> QuestionOut:
    """Return a question without its key."""
    return QuestionOut(
        uuid=row.uuid,
        position=row.position,
        type=row.type,
        max_score=row.max_score,
        stem=str(row.content.get("stem", "")),
        options=row.content.get("options"),
    )


def sitting_out(row: Sitting, *, staff: bool) -> SittingOut:
    """Return a sitting; pupils and guardians see the score once it is released."""
    return SittingOut(
        uuid=row.uuid,
        work_uuid=row.work.uuid,
        person_id=row.person_id,
        class_id=row.organisation_id,
        attempt=row.attempt,
        state=row.state,
        started_at=row.started_at,
        due_at=row.due_at,
        handed_in_at=row.handed_in_at,
        is_late=row.is_late,
        score=row.score if staff or row.released_at else None,
        max_score=row.max_score,
        released_at=row.released_at,
    )


def response_out(row: Response) -> ResponseOut:
    """Return a response with the mark that stands and its evidence."""
    return ResponseOut(
        uuid=row.uuid,
        sitting_uuid=row.sitting.uuid,
        person_id=row.sitting.person_id,
        item_uuid=row.item.uuid,
        value=row.value,
        state=row.state,
        score=row.score,
        max_score=row.item.max_score,
        confidence=row.confidence,
        version=row.version,
        judgement=row.mark.judgement if row.mark else {},
    )
