"""Release: pupils see their marks, and the rest of the house learns of them, by one act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from zhiwei.assessment.events import MarksRecalled, MarksReleased
from zhiwei.assessment.models import Release, Response, Sitting, Work
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import ResponseState, SittingState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, outbox
from zhiwei.kernel.errors import ConflictError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

READY = (SittingState.JUDGED, SittingState.RELEASED)


def release_marks(
    *,
    actor: Actor,
    now: datetime,
    work: Work,
    class_id: int | None = None,
    person_ids: Iterable[int] | None = None,
    allow_doubtful: bool = False,
) -> int:
    """Release marks of a work to a class, to single pupils or to all; returns how many sittings.

    Raises:
        NotFoundError: The work was never set for this class.
        ConflictError: Responses still wait for a person and ``allow_doubtful`` is not set.

    Effects:
        One audit row and one ``Release``; for each sitting ``MarksReleased`` and a notice to pupil and guardians.
        Releasing again after a change sends the event with a higher revision.
    """
    rows = _chosen(work, class_id, person_ids).filter(state__in=READY)
    waiting = Response.objects.filter(
        sitting__in=rows, state__in=[ResponseState.WAITING, ResponseState.DOUBTFUL]
    ).count()
    if waiting and not allow_doubtful:
        raise ConflictError(f"还有 {waiting} 份答案待人工确认。", code="release.doubtful")
    released = [sitting for sitting in rows.select_for_update(of=("self",)) if _release(sitting, work, now)]
    _note(actor, work, now, class_id, count=len(released), recalled=False)
    _tell(work, released, now)
    return len(released)


def recall_marks(*, actor: Actor, now: datetime, work: Work, class_id: int | None = None) -> int:
    """Take released marks back: pupils no longer see them, and the projections forget them.

    Raises:
        NotFoundError: The work was never set for this class.

    Effects:
        One audit row, one ``Release`` marked recalled; ``MarksRecalled`` for each sitting.
    """
    rows = list(
        _chosen(work, class_id, None).filter(state=SittingState.RELEASED).select_for_update(of=("self",))
    )
    for sitting in rows:
        sitting.state, sitting.released_at = SittingState.JUDGED, None
        sitting.release_count += 1
        sitting.save(update_fields=["state", "released_at", "release_count"])
        outbox.publish(
            MarksRecalled(sitting.tenant_id, work.pk, sitting.pk, sitting.person_id, sitting.release_count),
            tenant_id=sitting.tenant_id,
            now=now,
        )
    _note(actor, work, now, class_id, count=len(rows), recalled=True)
    return len(rows)


def _note(
    actor: Actor, work: Work, now: datetime, class_id: int | None, *, count: int, recalled: bool
) -> None:
    Release.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        organisation_id=class_id,
        by_id=actor.person_id,
        at=now,
        recalled=recalled,
        sittings=count,
    )
    audit.record(
        actor=actor,
        verb=Verb.RELEASE,
        kind="marks",
        object_id=work.pk,
        now=now,
        level=Level.PERSONAL,
        tenant_id=work.tenant_id,
        detail={"recalled" if recalled else "sittings": count, "class": class_id or 0},
    )


def _chosen(work: Work, class_id: int | None, person_ids: Iterable[int] | None) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(work=work)
    if class_id is not None:
        rows = rows.filter(organisation_id=class_id)
        if not (rows.exists() or work.targets.filter(organisation_id=class_id).exists()):
            raise NotFoundError
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    return rows


def _release(sitting: Sitting, work: Work, now: datetime) -> bool:
    settle_sitting(sitting)
    sitting.state, sitting.released_at = SittingState.RELEASED, now
    sitting.release_count += 1
    sitting.save(update_fields=["state", "released_at", "release_count"])
    outbox.publish(_event(sitting, work, now), tenant_id=sitting.tenant_id, now=now)
    return True


def _event(sitting: Sitting, work: Work, now: datetime) -> MarksReleased:
    rows = sitting.responses.select_related("item", "mark").order_by("item__position")
    return MarksReleased(
        tenant_id=sitting.tenant_id,
        work_id=work.pk,
        sitting_id=sitting.pk,
        person_id=sitting.person_id,
        class_id=sitting.organisation_id,
        subject=work.subject,
        revision=sitting.release_count,
        released_at=now.isoformat(),
        responses=tuple(_told(row) for row in rows),
    )


def _told(row: Response) -> dict[str, object]:
    reasons = row.mark.judgement.get("reasons", []) if row.mark is not None else []
    return {
        "response_id": row.pk,
        "work_item_id": row.item_id,
        "item_uuid": str(row.item.item_uuid) if row.item.item_uuid else "",
        "item_version": row.item.item_version,
        "points": list(row.item.points),
        "type": row.item.type,
        "score": row.score,
        "max_score": row.item.max_score,
        "reasons": [str(one.get("code", "")) for one in reasons if isinstance(one, dict)],
        "answered_at": row.saved_at.isoformat(),
    }


def _tell(work: Work, released: list[Sitting], now: datetime) -> None:
    for sitting in released:
        people = [sitting.person_id, *(one.id for one in kernel.guardians_of(sitting.person_id))]
        kernel.notify(
            person_ids=people,
            tenant_id=sitting.tenant_id,
            text=f"「{work.title}」已批改",
            url=f"/assessment/feedback/{sitting.uuid}/",
            key=f"released-{sitting.pk}-{sitting.release_count}",
            now=now,
        )
