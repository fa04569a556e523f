"""Sittings whose time is over are handed in as they stand, so that nobody's answers stay unmarked."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Sitting
from zhiwei.assessment.queries.sheet import has_answer
from zhiwei.assessment.services.answering import close_sitting
from zhiwei.assessment.services.autosaving import SLACK
from zhiwei.assessment.services.deadlines import grace_of
from zhiwei.assessment.values import SittingState
from zhiwei.kernel import scope
from zhiwei.kernel.values import system_actor

AT_ONCE = 500


def collect_overdue(*, now: datetime) -> int:
    """Hand in what was answered in sittings that can take no more answers; returns how many.

    A sitting in which nothing was answered stays open to see: it counts as not handed in. Late is who wrote after
    the due time, not who forgot to press the button.
    """
    with scope.everywhere("collect sittings whose time is over"):
        rows = (
            Sitting.objects.filter(state=SittingState.ANSWERING, due_at__lt=now - SLACK)
            .select_related("work")
            .order_by("due_at")
        )
        due = [row for row in rows[:AT_ONCE] if row.due_at and now > row.due_at + grace_of(row.work) + SLACK]
        return sum(_collect(row, now) for row in due)


def _collect(row: Sitting, now: datetime) -> bool:
    kept = Sitting.objects.select_for_update(of=("self",)).select_related("work").get(pk=row.pk)
    if kept.state != SittingState.ANSWERING or kept.due_at != row.due_at:
        return False
    answers = kept.responses.values_list("value", "files", "saved_at")
    saved = [at for value, files, at in answers if has_answer(value, files)]
    if not saved or kept.due_at is None:
        return False
    close_sitting(actor=system_actor(kept.tenant_id), now=now, row=kept, is_late=max(saved) > kept.due_at)
    return True
