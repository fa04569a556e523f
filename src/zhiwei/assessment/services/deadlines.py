"""When a sitting ends: the due time, time limits, individual times; and what happens when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiwei.assessment.models import Sitting, Target, Work
from zhiwei.assessment.values import SittingState

LONGEST_EXTRA = 7 * 24 * 60


def due_time(work: Work, target: Target, started_at: datetime | None = None) -> datetime | None:
    """Return when a target's work is due, accommodations and the time limit included.

    Args:
        started_at: When the sitting began; without it the time limit is left out.
    """
    extra = timedelta(minutes=target.extra_minutes)
    due = target.due_at or work.due_at
    ends = None if due is None else due + extra
    limit = int(work.rules.get("time_limit_minutes", 0) or 0)
    if not limit or started_at is None:
        return ends
    out = started_at + timedelta(minutes=limit) + extra
    return out if ends is None else min(out, ends)


def grace_of(work: Work) -> timedelta:
    """Return how long after the due time a work is still taken."""
    return timedelta(minutes=int(work.rules.get("grace_minutes", 0) or 0))


def refresh_deadlines(work: Work) -> int:
    """Give sittings under way the time that the work's rules and accommodations mean now; returns how many moved."""
    targets = {(one.organisation_id, one.person_id): one for one in work.targets.all()}
    moved = 0
    for row in work.sittings.filter(state=SittingState.ANSWERING):
        target = targets.get((row.organisation_id, row.person_id)) or targets.get((row.organisation_id, None))
        due = row.due_at if target is None else due_time(work, target, row.started_at)
        if due != row.due_at:
            moved += Sitting.objects.filter(pk=row.pk, state=SittingState.ANSWERING).update(due_at=due)
    return moved
