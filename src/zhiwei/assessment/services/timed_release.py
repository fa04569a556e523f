"""A release at the time that was planned for it, if the plan still stands."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Work
from zhiwei.assessment.services import releasing
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor


def release_as_planned(
    *, work_id: int, at: str, by_id: int, allow_doubtful: bool, now: datetime
) -> dict[str, int]:
    """Release a work's marks in the name of who planned it; a plan changed meanwhile does nothing.

    Returns:
        How many sittings were released.

    Raises:
        ConflictError: Answers still wait for a person and the plan did not allow that.
    """
    work = Work.objects.select_for_update().get(pk=work_id)
    if work.removed_at is not None or work.release_at is None or work.release_at.isoformat() != at:
        return {"sittings": 0}
    planner = kernel.get_person(by_id)
    actor = Actor(0, planner.id, planner.tenant_id, planner.name)
    count = releasing.release_marks(actor=actor, now=now, work=work, allow_doubtful=allow_doubtful)
    work.release_at = None
    work.save(update_fields=["release_at"])
    return {"sittings": count}
