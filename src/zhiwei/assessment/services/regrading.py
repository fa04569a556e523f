"""Requests to look at a mark again: asked with a place and a reason, answered with or without a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from zhiwei.assessment.models import RegradeRequest, Response
from zhiwei.assessment.services import marking, releasing
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

REASON_CHARS = 500
DEFAULT_DAYS = 7


def regrade_deadline(response: Response) -> datetime | None:
    """Return until when the pupil may ask about this response; ``None`` while nothing is released."""
    sitting = response.sitting
    if sitting.released_at is None:
        return None
    return sitting.released_at + timedelta(days=float(sitting.work.rules.get("regrade_days", DEFAULT_DAYS)))


def request_regrade(
    *,
    actor: Actor,
    now: datetime,
    response_uuid: UUID | str,
    reason: str,
    place: Mapping[str, object] | None = None,
) -> RegradeRequest:
    """Ask the teacher to look at a mark again.

    Args:
        place: Where in the answer: ``{"start", "end"}`` (characters) or ``{"file", "x", "y"}``, or nothing.

    Raises:
        NotFoundError: The response is not the actor's own.
        ConflictError: Not released, the deadline has passed, or a request is open already.
        InvalidInputError: No reason.

    Effects:
        One audit row; a notice to the teacher who set the work.
    """
    row = (
        Response.objects.select_for_update(of=("self",))
        .select_related("sitting__work")
        .filter(
            uuid=response_uuid, sitting__person_id=actor.person_id, sitting__work__removed_at__isnull=True
        )
        .first()
    )
    if row is None:
        raise NotFoundError
    deadline = regrade_deadline(row)
    if deadline is None:
        raise ConflictError("成绩还没有发布。", code="regrade.not_released")
    if now > deadline:
        raise ConflictError("申请复核的期限已过，请当面问老师。", code="regrade.too_late")
    if RegradeRequest.objects.filter(response=row, state="open").exists():
        raise ConflictError("这道题的复核申请正在处理。", code="regrade.open")
    if not reason.strip():
        raise InvalidInputError("请写一句理由。", code="regrade.reason_empty")
    made = RegradeRequest.objects.create(
        tenant_id=row.tenant_id,
        response=row,
        sitting=row.sitting,
        person_id=actor.person_id,
        reason=reason.strip()[:REASON_CHARS],
        place=dict(place or {}),
        old_score=row.score,
        asked_at=now,
    )
    _record(actor, Verb.CREATE, made, now)
    kernel.notify(
        person_ids=[row.sitting.work.author_id],
        tenant_id=row.tenant_id,
        text=f"复核申请：{row.sitting.work.title}",
        url="/assessment/regrades/",
        key=f"regrade-{made.pk}",
        now=now,
    )
    return made


def answer_regrade(
    *, actor: Actor, now: datetime, request: RegradeRequest, answer: str, new_score: float | None = None
) -> RegradeRequest:
    """Answer a request; with a new score the mark changes and the pupil's marks are released again.

    Raises:
        ConflictError: Answered already.
        InvalidInputError: No words, or the score is out of range.

    Effects:
        One audit row for the answer (and one for the mark); a notice to the pupil and the guardians.
    """
    row = RegradeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.state != "open":
        raise ConflictError("这份申请已经答复过了。", code="regrade.answered")
    if not answer.strip():
        raise InvalidInputError("请写一句答复。", code="regrade.answer_empty")
    changed = new_score is not None and new_score != row.response.score
    if changed and new_score is not None:
        marking.give_mark(
            actor=actor,
            now=now,
            response=row.response,
            score=new_score,
            comment=answer.strip()[:REASON_CHARS],
        )
        _release_again(actor, now, row)
    row.state = "changed" if changed else "kept"
    row.new_score = new_score if changed else row.response.score
    row.answer, row.answered_by_id, row.answered_at = answer.strip()[:REASON_CHARS], actor.person_id, now
    row.save()
    _record(actor, Verb.UPDATE, row, now)
    kernel.notify(
        person_ids=[row.person_id, *(one.id for one in kernel.guardians_of(row.person_id))],
        tenant_id=row.tenant_id,
        text=f"复核已答复：{row.sitting.work.title}",
        url=f"/assessment/feedback/{row.sitting.uuid}/",
        key=f"regrade-answer-{row.pk}",
        now=now,
    )
    return row


def _release_again(actor: Actor, now: datetime, row: RegradeRequest) -> None:
    if row.sitting.released_at is not None:
        releasing.release_marks(
            actor=actor, now=now, work=row.sitting.work, person_ids=[row.person_id], allow_doubtful=True
        )


def _record(actor: Actor, verb: Verb, row: RegradeRequest, now: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="regrade",
        object_id=row.pk,
        about_id=row.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"state": row.state},
    )
