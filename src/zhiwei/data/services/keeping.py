"""By the clock: what is due is brought in, house tables are asked, what was kept long enough goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiwei.data.models import Intake, QualityRule, Source
from zhiwei.data.services import running_quality, sources
from zhiwei.data.services.rulebook import rules_of
from zhiwei.data.values import IntakeState, SourceState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import scope
from zhiwei.kernel.errors import NotFoundError, ZhiweiError
from zhiwei.kernel.values import Actor, system_actor

_DAYS = {"P6M": 183, "P1Y": 366, "P3Y": 1096, "P6Y": 2192, "P10Y": 3653}


def plan_due(*, now: datetime) -> int:
    """Plan the bringings-in that are due, in the name of who set the schedule; returns how many."""
    with scope.everywhere("see which sources are due"):
        due = list(
            Source.objects.filter(next_at__lte=now, state=SourceState.READY).values_list("pk", "tenant_id")
        )
    return sum(_plan_one(source_id, tenant_id, now) for source_id, tenant_id in due)


def check_after(*, source_id: int, intake_id: int, actor: Actor, now: datetime) -> None:
    """Ask a source its rules once it was brought in."""
    done = Intake.objects.filter(pk=intake_id, state=IntakeState.DONE).exists()
    row = Source.objects.filter(pk=source_id).first()
    if done and row is not None and rules_of(row.tenant_id, f"source:{row.uuid}"):
        running_quality.plan_run(actor=actor, now=now, key=f"source:{row.uuid}", tenant_id=row.tenant_id)


def plan_nightly(*, now: datetime) -> int:
    """Ask every house table that has rules; returns how many runs were planned."""
    with scope.everywhere("see which tables have rules"):
        rows = QualityRule.objects.filter(dataset__startswith="table:").values_list("tenant_id", "dataset")
        asked = sorted(set(rows))
    for tenant_id, key in asked:
        with scope.entered([tenant_id]):
            actor = system_actor(tenant_id)
            running_quality.plan_run(actor=actor, now=now, key=key, tenant_id=tenant_id)
    return len(asked)


def expire(*, now: datetime) -> int:
    """Destroy the rows of bringings-in that were kept as long as their source says; returns how many."""
    with scope.everywhere("see what was kept long enough"):
        rows = Intake.objects.filter(state=IntakeState.DONE).select_related("source")
        over = [
            (one.pk, one.tenant_id)
            for one in rows
            if one.finished_at and one.finished_at < now - timedelta(days=_DAYS[one.source.retention])
        ]
    for intake_id, tenant_id in over:
        with scope.entered([tenant_id]):
            _expire_one(Intake.objects.get(pk=intake_id))
    return len(over)


def _expire_one(row: Intake) -> None:
    blobs = sources.blobs_of(row)
    row.parts.all().delete()
    row.runs.update(failing_file=None)
    row.file, row.state = None, IntakeState.EXPIRED
    row.save(update_fields=["file", "state"])
    sources.destroy_unnamed(blobs)


def _plan_one(source_id: int, tenant_id: int, now: datetime) -> bool:
    with scope.entered([tenant_id]):
        row = Source.objects.select_for_update().get(pk=source_id)
        row.next_at = sources.next_time(row.schedule, now)
        row.save(update_fields=["next_at"])
        try:
            actor = _scheduler(row, now)
            sources.plan_intake(actor=actor, now=now, source=row)
        except ZhiweiError as error:
            row.problem = error.message[:300]
            row.save(update_fields=["problem"])
            return False
    return True


def _scheduler(row: Source, now: datetime) -> Actor:
    try:
        return kernel.acting_person(
            account_id=row.scheduled_account, person_id=row.scheduled_by_id or 0, now=now
        )
    except NotFoundError as error:
        raise NotFoundError("排定接入的人已不在任，请重新确认。") from error
