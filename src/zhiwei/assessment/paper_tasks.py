"""Background work on paper: reading scans, making files."""

from __future__ import annotations

from collections.abc import Mapping

from zhiwei.assessment.services import collecting, inbox, paper_files, scanning_in
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.values import system_actor


@jobs.task("assessment.read_scans", atomic=False, queue="slow")
def read_scans(
    context: jobs.JobContext, batch_id: int, tickets: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Read a batch page by page, then take in the answers of those whose pages are all there."""
    added = scanning_in.read_batch(context, batch_id, tickets or {})
    with scope.entered([context.tenant_id]):
        work = scanning_in.work_of_batch(batch_id)
        found = collecting.collect(actor=system_actor(context.tenant_id), now=clock.now(), work=work)
    return {"pages": added, **found}


@jobs.task("assessment.make_paper_file", queue="slow")
def make_paper_file(context: jobs.JobContext, file_id: int) -> dict[str, int]:
    """Make a file to print or to take away."""
    del context
    return paper_files.make_file(file_id=file_id, now=clock.now())


@jobs.periodic("assessment.empty_inboxes", cron="* * * * *")
def empty_inboxes() -> None:
    """Take in what scanners put into the schools' watched folders."""
    inbox.empty_inboxes(now=clock.now())
