"""The jobs door: long work with progress, cancelling, retries, and a parking place for what keeps failing.

The queue (Procrastinate) delivers at least once. A job's row is locked while its last step commits, so the
effects of an ``atomic`` job happen exactly once; a stepwise job must make each step idempotent.

The number of the attempt is the fence: a worker that was cut off while another took its job over still believes
in its own attempt when it comes back; what it brings then is refused and rolled back.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhiwei.kernel import scope
from zhiwei.kernel.errors import ConflictError, JobCancelledError, NotFoundError, ZhiweiError
from zhiwei.kernel.models import Job, JobState
from zhiwei.kernel.queue import app

log = logging.getLogger(__name__)
ALIVE = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Task:
    """How a kind of job is run.

    Attributes:
        function: Called as ``function(context, **arguments)``; returns what the job's page shows.
        attempts: Tries before the job is parked.
        atomic: Run all of it in one transaction together with the mark "done".
        queue: Name of the queue; ``slow`` work does not hold up ``default``.
    """

    name: str
    function: Callable[..., Mapping[str, Any] | None]
    attempts: int
    atomic: bool
    queue: str


_TASKS: dict[str, Task] = {}
TaskFunction = Callable[..., Mapping[str, Any] | None]


def task(
    name: str, *, attempts: int = 4, atomic: bool = True, queue: str = "default"
) -> Callable[[TaskFunction], TaskFunction]:
    """Register a job function under a stable dotted name (``assessment.judge_sitting``)."""

    def keep(function: TaskFunction) -> TaskFunction:
        _TASKS[name] = Task(name, function, attempts, atomic, queue)
        return function

    return keep


def periodic(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register housekeeping the worker runs by the clock, one at a time among all workers."""

    def keep(function: Callable[[], None]) -> Callable[[], None]:
        def run_by_clock(timestamp: int) -> None:
            del timestamp
            function()

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run_by_clock))
        return function

    return keep


class JobTakenOverError(Exception):
    """Another worker has this job now: what this one did is refused."""


class JobContext:
    """What a running job knows and can tell."""

    def __init__(self, job_id: int, tenant_id: int, attempt: int) -> None:
        self.job_id = job_id
        self.tenant_id = tenant_id
        self.attempt = attempt

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Show how far the job is (stepwise jobs; between steps) and stop if its owner asked for it.

        Raises:
            JobCancelledError: The owner has asked to cancel.
            JobTakenOverError: Another worker has this job now.
        """
        with scope.entered([self.tenant_id]):
            rows = Job.objects.filter(pk=self.job_id)
            asked, attempt = rows.values_list("cancel_asked", "attempts").first() or (False, self.attempt)
            if attempt != self.attempt:
                raise JobTakenOverError
            rows.update(done=done, total=total, note=note[:300])
        if asked:
            raise JobCancelledError

    def stop_if_cancelled(self) -> None:
        """Raise if the owner has asked to cancel."""
        if Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise JobCancelledError


def enqueue(
    name: str,
    *,
    tenant_id: int,
    key: str,
    now: datetime,
    arguments: Mapping[str, Any] | None = None,
    title: str = "",
    owner_id: int | None = None,
    lock: str | None = None,
    at: datetime | None = None,
) -> int:
    """Plan a job in the current transaction; while one with this key is alive, that one is returned instead.

    Args:
        key: Idempotency key within tenant and task.
        lock: Jobs with the same lock run one after another.
        at: Not before this instant.

    Returns:
        The job's id.
    """
    known = _TASKS[name]
    try:
        with transaction.atomic():
            row = Job.objects.create(
                tenant_id=tenant_id,
                task=name,
                key=key,
                title=title,
                arguments=dict(arguments or {}),
                owner_id=owner_id,
                created_at=now,
            )
    except IntegrityError:
        alive = Job.objects.filter(tenant_id=tenant_id, task=name, key=key, state__in=ALIVE).first()
        if alive is None:
            raise
        return alive.pk
    _defer(row, queue=known.queue, lock=lock, at=at)
    return row.pk


def uuid_of(job_id: int) -> str:
    """Return the name by which a job is addressed."""
    return str(Job.objects.values_list("uuid", flat=True).get(pk=job_id))


def outcome(job_uuid: UUID | str, *, task: str, owner_id: int) -> Mapping[str, Any]:
    """Return what a finished job of one's own gave.

    Raises:
        NotFoundError: Absent, somebody else's, of another kind or not done.
    """
    row = Job.objects.filter(uuid=job_uuid, task=task, owner_id=owner_id, state=JobState.DONE).first()
    if row is None:
        raise NotFoundError
    return dict(row.result)


def cancel(job_id: int) -> None:
    """Ask a job to stop: at once when it waits, at its next step when it runs."""
    row = Job.objects.select_for_update().get(pk=job_id)
    if row.state == JobState.QUEUED:
        row.state, row.finished_at = JobState.CANCELLED, timezone.now()
    row.cancel_asked = True
    row.save(update_fields=["state", "cancel_asked", "finished_at"])


def run_again(job_id: int) -> None:
    """Run a parked or cancelled job again from its page.

    Raises:
        ConflictError: The job is not parked or cancelled.
    """
    row = Job.objects.select_for_update().get(pk=job_id)
    if row.state not in {JobState.PARKED, JobState.CANCELLED}:
        raise ConflictError("只有已搁置或已取消的任务才能重新运行。", code="job.not_parked")
    row.state, row.attempts, row.error, row.cancel_asked, row.finished_at = (
        JobState.QUEUED,
        0,
        "",
        False,
        None,
    )
    row.save()
    _defer(row, queue=_TASKS[row.task].queue)


def run(job_id: int, tenant_id: int) -> None:
    """Run one job to its next resting state. Called by the worker; safe to call twice."""
    started = _start(job_id, tenant_id)
    if started is None:
        return
    row, known = started
    context = JobContext(job_id, tenant_id, row.attempts)
    try:
        if known.atomic:
            with scope.entered([tenant_id]):
                _finish(context, known.function(context, **row.arguments))
        else:
            result = known.function(context, **row.arguments)
            with scope.entered([tenant_id]):
                _finish(context, result)
    except JobTakenOverError:
        log.warning("job %s (%s): late result of attempt %s refused", job_id, known.name, context.attempt)
    except JobCancelledError:
        _rest(context, JobState.CANCELLED, "")
    except ZhiweiError as error:
        _rest(context, JobState.PARKED, error.message)
    except Exception:
        log.exception("job %s (%s) failed, attempt %s", job_id, known.name, row.attempts)
        _try_later(row, known, traceback.format_exc(limit=6))


def recover(now: datetime) -> int:
    """Plan again jobs whose place in the queue was lost; returns how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    with scope.everywhere("recover jobs"):
        living = set(
            ProcrastinateJob.objects.filter(task_name="zhiwei.run", status__in=["todo", "doing"]).values_list(
                "args__job_id", flat=True
            )
        )
        lost = [
            row for row in Job.objects.filter(state__in=ALIVE, created_at__lt=now) if row.pk not in living
        ]
        for row in lost:
            if row.task in _TASKS:
                _defer(row, queue=_TASKS[row.task].queue)
    return len(lost)


def _defer(
    row: Job, *, queue: str, lock: str | None = None, at: datetime | None = None, delay: int = 0
) -> None:
    app.configure_task(
        "zhiwei.run",
        queue=queue,
        lock=lock,
        schedule_at=at,
        schedule_in={"seconds": delay} if delay else None,
    ).defer(job_id=row.pk, tenant_id=row.tenant_id)


def _start(job_id: int, tenant_id: int) -> tuple[Job, Task] | None:
    """Count the attempt in a transaction of its own, so that a worker's death is counted too."""
    with scope.entered([tenant_id]):
        row = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
        if row is None or row.state not in ALIVE:
            return None
        known = _TASKS.get(row.task)
        if known is None:
            _park(row, f"unknown task {row.task}")
            return None
        if row.cancel_asked:
            row.state, row.finished_at = JobState.CANCELLED, timezone.now()
            row.save(update_fields=["state", "finished_at"])
            return None
        if row.attempts >= known.attempts:
            _park(row, row.error or "worker died at every attempt")
            return None
        row.attempts += 1
        row.state = JobState.RUNNING
        row.save(update_fields=["attempts", "state"])
    return row, known


def _finish(context: JobContext, result: Mapping[str, Any] | None) -> None:
    """Mark the job done inside the transaction of its last step.

    Raises:
        JobTakenOverError: It is not this attempt's any more.
    """
    row = Job.objects.select_for_update().get(pk=context.job_id)
    if row.state != JobState.RUNNING or row.attempts != context.attempt:
        raise JobTakenOverError
    row.state, row.finished_at, row.error, row.result = JobState.DONE, timezone.now(), "", dict(result or {})
    row.save(update_fields=["state", "finished_at", "error", "result"])


def _rest(context: JobContext, state: JobState, error: str) -> None:
    with scope.entered([context.tenant_id]):
        Job.objects.filter(pk=context.job_id, attempts=context.attempt, state=JobState.RUNNING).update(
            state=state, error=error[:4000], finished_at=timezone.now()
        )


def _park(row: Job, error: str) -> None:
    row.state, row.error, row.finished_at = JobState.PARKED, error[:4000], timezone.now()
    row.save(update_fields=["state", "error", "finished_at"])


def _try_later(row: Job, known: Task, error: str) -> None:
    with scope.entered([row.tenant_id]):
        fresh = Job.objects.select_for_update().get(pk=row.pk)
        if fresh.state != JobState.RUNNING or fresh.attempts != row.attempts:
            return
        if fresh.attempts >= known.attempts:
            _park(fresh, error)
            return
        fresh.state, fresh.error = JobState.QUEUED, error[:4000]
        fresh.save(update_fields=["state", "error"])
        _defer(fresh, queue=known.queue, delay=min(5 * 3 ** (fresh.attempts - 1), 600))
