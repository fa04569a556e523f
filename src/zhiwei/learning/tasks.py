"""News and night work: each loads ids and calls one service."""

from __future__ import annotations

from zhiwei.kernel import clock, jobs, outbox, scope
from zhiwei.kernel.outbox import News
from zhiwei.learning.services import calibrating, releases

CONSUMER = "learning.tracing"
RELEASED, RECALLED = "assessment.marks_released", "assessment.marks_recalled"


def hear(news: News) -> None:
    """Learn from released marks, forget recalled ones; one consumer, so that both come in order."""
    take = releases.take_in_release if news.kind == RELEASED else releases.take_back
    take(tenant_id=news.tenant_id, payload=news.payload, now=clock.now())


def listen() -> None:
    """Subscribe to the news of assessment (once, when Django is ready)."""
    for kind in (RELEASED, RECALLED):
        outbox.subscribe(kind, CONSUMER)(hear)


@jobs.task("learning.recalibrate", queue="slow")
def recalibrate(context: jobs.JobContext) -> dict[str, int]:
    """Recalibrate one school."""
    return calibrating.recalibrate(tenant_id=context.tenant_id, now=clock.now())


@jobs.periodic("learning.nightly", cron="20 2 * * *")
def nightly() -> None:
    """Plan the recalibration of every school with observations."""
    now = clock.now()
    with scope.everywhere("plan nightly recalibration"):
        for tenant_id in calibrating.schools_to_calibrate():
            jobs.enqueue(
                "learning.recalibrate",
                tenant_id=tenant_id,
                key=f"recalibrate-{clock.today(now)}",
                now=now,
                title="学习者模型夜间校准",
            )
