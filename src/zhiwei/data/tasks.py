"""Long work of the data room: each loads ids and calls one service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zhiwei.data.services import analysing, building, granting, versions, weighing
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.errors import JobCancelledError, ZhiweiError
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


@contextmanager
def told(context: jobs.JobContext, mark: Callable[[str], object], *, crashes_from: int = 1) -> Iterator[None]:
    """Write beside the data why work on them ended; a worker that was cut off has no say any more.

    Args:
        mark: Takes the reason; runs in the job's tenant.
        crashes_from: The attempt from which a crash is an end too; before, the next one goes on.
    """
    try:
        yield
    except jobs.JobTakenOverError:
        raise
    except (ZhiweiError, JobCancelledError) as error:
        with scope.entered([context.tenant_id]):
            mark(str(error.message) if isinstance(error, ZhiweiError) else "已取消。")
        raise
    except Exception as error:
        if context.attempt >= crashes_from:
            with scope.entered([context.tenant_id]):
                mark(type(error).__name__)
        raise


@jobs.task("data.build_corpus", atomic=False, queue="slow", attempts=2)
def build_corpus(context: jobs.JobContext, corpus_id: int, account_id: int, person_id: int) -> dict[str, int]:
    """Choose and check a corpus."""
    with told(context, lambda why: building.mark_failed(corpus_id=corpus_id, message=why)):
        return building.build_corpus(
            corpus_id=corpus_id,
            tenants=tenants_now(context, account_id, person_id),
            now=clock.now(),
            progress=context.progress,
        )


@jobs.task("data.make_version", atomic=False, queue="slow", attempts=2)
def make_version(
    context: jobs.JobContext, version_id: int, account_id: int, person_id: int
) -> dict[str, int]:
    """Make a version: de-identify, write, measure, describe."""
    with told(context, lambda why: versions.mark_failed(version_id=version_id, message=why)):
        return versions.make_version(
            version_id=version_id,
            tenants=tenants_now(context, account_id, person_id),
            now=clock.now(),
            progress=context.progress,
        )


@jobs.task("data.pack_version", atomic=False, queue="slow")
def pack_version(context: jobs.JobContext, grant_id: int) -> dict[str, int]:
    """Make one person's copy of a version."""
    return granting.pack_version(grant_id=grant_id, tenant_id=context.tenant_id, now=clock.now())


@jobs.task("data.weigh_share", atomic=False, attempts=2)
def weigh_share(context: jobs.JobContext, share_id: int) -> dict[str, int]:
    """Count what a share would give away, before anybody decides."""
    with told(context, lambda why: weighing.mark_failed(share_id=share_id, message=why)):
        return weighing.weigh_share(share_id=share_id, home=context.tenant_id, progress=context.progress)


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
