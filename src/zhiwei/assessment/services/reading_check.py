"""Checking what was read: a person looks at the picture and says what it says."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Response
from zhiwei.assessment.rules.paper_reading import corrected, shown
from zhiwei.assessment.values import ResponseState
from zhiwei.kernel import audit, jobs
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

LONGEST = 5000


def confirm_reading(*, actor: Actor, now: datetime, response: Response, text: str) -> Response:
    """Keep what a person reads in the picture; the answer is judged again by it.

    Raises:
        ConflictError: A person has marked the answer already.
        InvalidInputError: Longer than 5,000 characters.

    Effects:
        One audit row; a judging job.
    """
    row = (
        Response.objects.select_for_update(of=("self",)).select_related("item", "sitting").get(pk=response.pk)
    )
    if row.state == ResponseState.REVIEWED:
        raise ConflictError("这份答案已由人工批改，不需要再核对识别。", code="reading.marked")
    if len(text) > LONGEST:
        raise InvalidInputError(f"内容超过 {LONGEST} 字。", code="reading.too_long")
    was = shown(row.value)
    row.value = corrected(row.value, text.strip(), row.item.type)
    row.version += 1
    row.save(update_fields=["value", "version"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="response",
        object_id=row.pk,
        about_id=row.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        tenant_id=row.tenant_id,
        detail={"reading": "confirmed" if shown(row.value) == was else "corrected"},
    )
    jobs.enqueue(
        "assessment.judge_sitting",
        tenant_id=row.tenant_id,
        key=f"sitting-{row.sitting_id}",
        now=now,
        arguments={"sitting_id": row.sitting_id},
        title="按核对后的内容批改",
    )
    return row
