"""What the worker runs: jobs, deliveries, and housekeeping once a minute."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from zhiwei.kernel import files, jobs, outbox
from zhiwei.kernel.queue import HOUSE, AlreadyEnqueued, QueuedJob, Status, app
from zhiwei.kernel.services import erasing, rekeying, rosters, sealing

STALLED_SECONDS = 12.0


@app.task(name="zhiwei.run", pass_context=False)
def run_job(job_id: int, tenant_id: int) -> None:
    """Run one job."""
    jobs.run(job_id, tenant_id)


@app.task(name="zhiwei.deliver")
def deliver_news(tenant_id: int, consumer: str, subject_key: str) -> None:
    """Deliver what waits for one consumer about one subject."""
    outbox.deliver(tenant_id, consumer, subject_key)


@app.periodic(cron="* * * * * */10")
@app.task(name="zhiwei.recover", queue=HOUSE, queueing_lock="zhiwei.recover")
async def recover(timestamp: int) -> None:
    """Bring back what crashed workers left behind, and clear the queue of finished work."""
    del timestamp
    manager = app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await _plan_anew(stalled)
    await manager.delete_old_jobs(nb_hours=24)
    await sync_to_async(_recover_ours)()


async def _plan_anew(stalled: QueuedJob) -> None:
    """Close a dead worker's place in the queue and open a new one: should it come back, it ends only its own."""
    await app.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
    again = app.configure_task(
        stalled.task_name, queue=stalled.queue, lock=stalled.lock, queueing_lock=stalled.queueing_lock
    )
    given: Any = stalled.task_kwargs  # Django's connector leaves JSON as text
    arguments: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
    with suppress(AlreadyEnqueued):
        await again.defer_async(**arguments)


def _recover_ours() -> None:
    now = timezone.now()
    jobs.recover(now)
    outbox.stuck(now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="zhiwei.seal", queue=HOUSE, queueing_lock="zhiwei.seal")
def seal(timestamp: int) -> None:
    """Seal what the audit trail has gained."""
    del timestamp
    sealing.seal_everywhere(now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="zhiwei.sweep_inbox", queue=HOUSE, queueing_lock="zhiwei.sweep_inbox")
def sweep_inbox(timestamp: int) -> None:
    """Remove direct uploads that nobody took in."""
    del timestamp
    files.sweep_inbox(timezone.now())


@jobs.task(rosters.CHECK, atomic=False, queue="slow")
def check_roster(context: jobs.JobContext, import_id: int) -> dict[str, int]:
    """Check one roster."""
    return rosters.check(
        import_id=import_id, tenant_id=context.tenant_id, now=timezone.now(), progress=context.progress
    )


@jobs.task(rosters.APPLY, atomic=False, queue="slow")
def apply_roster(context: jobs.JobContext, import_id: int) -> dict[str, int]:
    """Write one confirmed roster; after a crash it goes on where it was."""
    return rosters.apply(
        import_id=import_id, tenant_id=context.tenant_id, now=timezone.now(), progress=context.progress
    )


@jobs.task(rekeying.REENCRYPT, atomic=False, queue="slow")
def reencrypt(context: jobs.JobContext) -> dict[str, int]:
    """Encrypt a tenant's fields and files anew after its key changed."""
    return rekeying.reencrypt(tenant_id=context.tenant_id, progress=context.progress)


@jobs.task(erasing.ERASE, atomic=False, queue="slow")
def erase_person(context: jobs.JobContext, erasure_id: int) -> dict[str, object]:
    """Take one person's data out."""
    return erasing.run(
        erasure_id=erasure_id, tenant_id=context.tenant_id, now=timezone.now(), progress=context.progress
    )


@jobs.task(erasing.WITHDRAW, atomic=False, queue="slow")
def withdraw_purpose(context: jobs.JobContext, person_id: int, purpose: str) -> dict[str, int]:
    """Take out what was kept for a purpose whose consent was withdrawn."""
    return erasing.withdraw(
        person_id=person_id, purpose=purpose, tenant_id=context.tenant_id, now=timezone.now()
    )
