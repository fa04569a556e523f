"""Background work of the teacher's side: groups of answers, releases at their time."""

from __future__ import annotations

from zhiwei.assessment.services import grouping, timed_release
from zhiwei.kernel import clock, jobs


@jobs.task("assessment.group_item", queue="slow")
def group_item(context: jobs.JobContext, item_id: int) -> dict[str, int]:
    """Group one question's answers by what they mean."""
    del context
    return grouping.group_item(item_id=item_id)


@jobs.task("assessment.release_work")
def release_work(
    context: jobs.JobContext, work_id: int, at: str, by_id: int, allow_doubtful: bool
) -> dict[str, int]:
    """Release a work's marks at the planned time."""
    del context
    return timed_release.release_as_planned(
        work_id=work_id, at=at, by_id=by_id, allow_doubtful=allow_doubtful, now=clock.now()
    )
