"""Answering: begin, save (idempotent, conflict-safe), hand in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from zhiwei.assessment.access import access_target
from zhiwei.assessment.errors import NotOpenError
from zhiwei.assessment.models import Response, Sitting, Target, Work, WorkItem
from zhiwei.assessment.services.autosaving import SLACK, reading_order, save_changes
from zhiwei.assessment.services.deadlines import due_time, grace_of
from zhiwei.assessment.values import Change, Medium, Saved, SittingState, WorkState
from zhiwei.kernel import audit, jobs
from zhiwei.kernel.values import Actor, Verb


def begin_sitting(*, actor: Actor, now: datetime, work_uuid: UUID | str) -> Sitting:
    """Begin (or go on with) the actor's sitting of a work.

    Raises:
        NotFoundError: The work is not set for the actor.
        NotOpenError: It is not open yet, or closed.
    """
    target = access_target(actor, work_uuid)
    work = target.work
    running = Sitting.objects.filter(work=work, person_id=actor.person_id).order_by("-attempt").first()
    if running is not None and running.state == SittingState.ANSWERING:
        return running
    if running is not None and running.attempt >= int(work.rules.get("attempts", 1)):
        return running
    if work.medium == Medium.PAPER:
        raise NotOpenError("这份作业写在纸上，不在线上作答。")
    _check_open(work, target, now)
    return Sitting.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        person_id=actor.person_id,
        organisation_id=target.organisation_id,
        attempt=1 if running is None else running.attempt + 1,
        started_at=now,
        due_at=due_time(work, target, now),
        max_score=sum(work.items.values_list("max_score", flat=True)),
    )


def save_response(
    *,
    now: datetime,
    sitting: Sitting,
    item_uuid: UUID | str,
    value: Mapping[str, Any],
    sequence: int,
    device: str = "",
    base: int | None = None,
) -> Saved:
    """Keep what was typed for one question; see ``autosaving.save_changes``.

    Args:
        value: ``{"text"}``, ``{"value"}`` or ``{"steps"}``.
        sequence: The client's counter for this response (its clock in milliseconds will do).
        device: Which device saves; a save that another device has overtaken answers ``conflict`` with what is kept.
        base: The sequence the device saw last.

    Raises:
        HandedInError: The sitting was handed in.
        NotOpenError: The time, grace included, is over.
        InvalidInputError: Not an answer, or too long.
        NotFoundError: The question is not of this work.
    """
    change = Change(str(item_uuid), value, sequence, base)
    return save_changes(now=now, sitting_id=sitting.pk, changes=[change], device=device)[0]


def hand_in(*, actor: Actor, now: datetime, sitting: Sitting) -> Sitting:
    """Hand a sitting in and plan its judging; handing in twice changes nothing.

    Raises:
        NotOpenError: The time, grace included, is over.

    Effects:
        One audit row; a judging job.
    """
    row = Sitting.objects.select_for_update().select_related("work").get(pk=sitting.pk)
    if row.state != SittingState.ANSWERING:
        return row
    late_until = None if row.due_at is None else row.due_at + grace_of(row.work)
    if late_until is not None and now > late_until + SLACK:
        raise NotOpenError("截止时间已过，请联系老师。已保存的内容都在。")
    close_sitting(actor=actor, now=now, row=row, is_late=row.due_at is not None and now > row.due_at)
    return row


def close_sitting(*, actor: Actor, now: datetime, row: Sitting, is_late: bool) -> None:
    """Close a sitting that is locked and plan its judging.

    Effects:
        One audit row; a judging job.
    """
    row.state, row.handed_in_at, row.is_late = SittingState.HANDED_IN, now, is_late
    row.save(update_fields=["state", "handed_in_at", "is_late"])
    _fill_blanks(row, now)
    audit.record(
        actor=actor, verb=Verb.ANSWER, kind="sitting", object_id=row.pk, about_id=row.person_id, now=now
    )
    jobs.enqueue(
        "assessment.judge_sitting",
        tenant_id=row.tenant_id,
        key=f"sitting-{row.pk}",
        now=now,
        arguments={"sitting_id": row.pk},
        title=f"批改：{row.work.title}"[:160],
    )


def _check_open(work: Work, target: Target, now: datetime) -> None:
    opens = target.opens_at or work.opens_at
    due = due_time(work, target)
    if work.state != WorkState.OPEN or (opens is not None and now < opens):
        raise NotOpenError("这份作业还没有开放。")
    if due is not None and now > due + grace_of(work):
        raise NotOpenError("截止时间已过，请联系老师。")


def _fill_blanks(sitting: Sitting, now: datetime) -> None:
    """Give every question a response, so that an unanswered one is judged (and seen) as blank."""
    answered = set(sitting.responses.values_list("item_id", flat=True))
    missing = WorkItem.objects.filter(work_id=sitting.work_id).exclude(pk__in=answered)
    Response.objects.bulk_create(
        Response(
            tenant_id=sitting.tenant_id,
            sitting=sitting,
            item=item,
            value={},
            saved_at=now,
            order_key=reading_order(sitting.pk, item.pk),
        )
        for item in missing
    )
