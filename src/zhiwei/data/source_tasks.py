"""Long work of bringing in and of quality: each loads ids and calls one service; the clock plans what is due."""

from __future__ import annotations

from zhiwei.data.services import connections, keeping, monthly, running_quality, taking_in
from zhiwei.data.tasks import acting, told
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Level, Verb

ATTEMPTS = 4
"""Of one bringing-in, each going on behind the last piece."""


@jobs.task("data.look_at_connection", atomic=False)
def look_at_connection(context: jobs.JobContext, connection_id: int) -> dict[str, int]:
    """List the tables of a connection."""
    return connections.list_tables(connection_id=connection_id, tenant_id=context.tenant_id, now=clock.now())


@jobs.task("data.read_head", atomic=False)
def read_head(context: jobs.JobContext, source_id: int, account_id: int, person_id: int) -> dict[str, int]:
    """Read a source's head."""
    del account_id, person_id
    return taking_in.read_head(source_id=source_id, tenant_id=context.tenant_id, now=clock.now())


@jobs.task("data.take_in", atomic=False, queue="slow", attempts=ATTEMPTS)
def take_in(
    context: jobs.JobContext, source_id: int, intake_id: int, account_id: int, person_id: int
) -> dict[str, int]:
    """Bring a source in, if who answers for it still may; then ask its rules.

    A crash goes on behind the last piece; only a refusal, being cancelled or the last attempt ends it.
    """

    def end(why: str) -> None:
        taking_in.mark_failed(intake_id=intake_id, message=why, now=clock.now())

    with told(context, end, crashes_from=ATTEMPTS):
        with scope.entered([context.tenant_id]):
            actor = acting(context, account_id, person_id)
        if account_id and not policy.reach(actor, Verb.IMPORT, "data_source", level=Level.INTERNAL):
            raise NotFoundError("责任人已不能接入数据。")
        found = taking_in.take_in(
            intake_id=intake_id, tenant_id=context.tenant_id, now=clock.now, progress=context.progress
        )
    with scope.entered([context.tenant_id]):
        keeping.check_after(source_id=source_id, intake_id=intake_id, actor=actor, now=clock.now())
    return found


@jobs.task("data.check_quality", atomic=False, queue="slow", attempts=2)
def check_quality(context: jobs.JobContext, run_id: int) -> dict[str, int]:
    """Ask a dataset all its rules, or profile it."""

    def end(why: str) -> None:
        running_quality.mark_failed(run_id=run_id, message=why, now=clock.now())

    with told(context, end):
        return running_quality.run_quality(
            run_id=run_id, tenant_id=context.tenant_id, now=clock.now, progress=context.progress
        )


@jobs.task("data.monthly_report", atomic=False)
def monthly_report(context: jobs.JobContext, month: str) -> dict[str, int]:
    """Make one school's report of a month."""
    return monthly.make_report(tenant_id=context.tenant_id, month=month, now=clock.now())


@jobs.periodic("data.due", cron="*/5 * * * *")
def due() -> None:
    """Plan the bringings-in that are due."""
    keeping.plan_due(now=clock.now())


@jobs.periodic("data.quality_nightly", cron="40 2 * * *")
def nightly() -> None:
    """Ask the house's own tables their rules; let go of what was kept long enough."""
    keeping.plan_nightly(now=clock.now())
    keeping.expire(now=clock.now())


@jobs.periodic("data.quality_month", cron="10 4 1 * *")
def month_over() -> None:
    """Plan the reports of the month that is over."""
    monthly.plan_reports(now=clock.now())
