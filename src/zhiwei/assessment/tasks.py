"""Background work of assessment: each loads ids and calls one service."""

from __future__ import annotations

from zhiwei.assessment import desk_tasks, model_tasks, paper_tasks, picture_tasks, wrong_tasks
from zhiwei.assessment.services import judging, time_up
from zhiwei.kernel import clock, jobs

__all__ = [
    "collect_overdue",
    "desk_tasks",
    "judge_item",
    "judge_sitting",
    "model_tasks",
    "paper_tasks",
    "picture_tasks",
    "wrong_tasks",
]


@jobs.task("assessment.judge_sitting")
def judge_sitting(context: jobs.JobContext, sitting_id: int) -> dict[str, int]:
    """Judge one sitting."""
    del context
    return judging.judge_sitting(sitting_id=sitting_id, now=clock.now())


@jobs.task("assessment.judge_item", queue="slow")
def judge_item(context: jobs.JobContext, item_id: int) -> dict[str, int]:
    """Judge one question's open responses again, with what the teacher's marks teach."""
    del context
    return judging.judge_item(item_id=item_id, now=clock.now())


@jobs.periodic("assessment.time_up", cron="* * * * *")
def collect_overdue() -> None:
    """Hand in the sittings whose time is over."""
    time_up.collect_overdue(now=clock.now())
