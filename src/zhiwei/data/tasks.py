"""Long work of the data room: each loads ids and calls one service."""

from __future__ import annotations

from zhiwei.data.services import analysing, building, granting, versions, weighing
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.errors import JobCancelledError, NotFoundError
from zhiwei.kernel.values import Actor, system_actor


def tenants_now(context: jobs.JobContext, account_id: int, person_id: int) -> list[int]:
    """Return the tenants that who asked may reach now, always with the job's own."""
    return sorted({context.tenant_id, *acting(context, account_id, person_id).tenants})


def acting(context: jobs.JobContext, account_id: int, person_id: int) -> Actor:
    """Return who asked, with the roles held now; the platform itself when it was the platform.

    Raises:
        NotFoundError: They may no longer act.
    """
    if not account_id:
        return system_actor(context.tenant_id)
    return kernel.acting_person(account_id=account_id, person_id=person_id, now=clock.now())


@jobs.task("data.build_corpus", atomic=False, queue="slow", attempts=2)
def build_corpus(context: jobs.JobContext, corpus_id: int, account_id: int, person_id: int) -> dict[str, int]:
    """Choose and check a corpus."""
    try:
        return building.build_corpus(
            corpus_id=corpus_id,
            tenants=tenants_now(context, account_id, person_id),
            now=clock.now(),
            progress=context.progress,
        )
    except Exception as error:
        with scope.entered([context.tenant_id]):
            message = error.message if isinstance(error, NotFoundError) else type(error).__name__
            building.mark_failed(corpus_id=corpus_id, message=message)
        raise


@jobs.task("data.make_version", atomic=False, queue="slow", attempts=2)
def make_version(
    context: jobs.JobContext, version_id: int, account_id: int, person_id: int
) -> dict[str, int]:
    """Make a version: de-identify, write, measure, describe."""
    try:
        return versions.make_version(
            version_id=version_id,
            tenants=tenants_now(context, account_id, person_id),
            now=clock.now(),
            progress=context.progress,
        )
    except Exception as error:
        with scope.entered([context.tenant_id]):
            versions.mark_failed(version_id=version_id, message=type(error).__name__)
        raise


@jobs.task("data.pack_version", atomic=False, queue="slow")
def pack_version(context: jobs.JobContext, grant_id: int) -> dict[str, int]:
    """Make one person's copy of a version."""
    return granting.pack_version(grant_id=grant_id, tenant_id=context.tenant_id, now=clock.now())


@jobs.task("data.weigh_share", atomic=False, attempts=2)
def weigh_share(context: jobs.JobContext, share_id: int) -> dict[str, int]:
    """Count what a share would give away, before anybody decides."""
    try:
        return weighing.weigh_share(share_id=share_id, home=context.tenant_id, progress=context.progress)
    except Exception as error:
        with scope.entered([context.tenant_id]):
            weighing.mark_failed(share_id=share_id, message=type(error).__name__)
        raise


@jobs.task("data.run_analysis", atomic=False, queue="slow", attempts=1)
def run_analysis(context: jobs.JobContext, run_id: int) -> dict[str, int]:
    """Answer a question in the analysis room; its process is killed when the asker cancels."""

    def cancelled() -> bool:
        try:
            with scope.entered([context.tenant_id]):
                context.stop_if_cancelled()
        except JobCancelledError:
            return True
        return False

    return analysing.answer(run_id=run_id, tenant_id=context.tenant_id, now=clock.now(), cancelled=cancelled)
