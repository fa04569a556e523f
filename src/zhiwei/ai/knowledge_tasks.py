"""Background work on knowledge bases and the companion."""

from __future__ import annotations

from zhiwei.ai.services import companion_rules, knowledge_reading
from zhiwei.kernel import clock, jobs, scope


@jobs.task("ai.read_document", atomic=False, queue="slow")
def read_document(context: jobs.JobContext, document_id: int) -> dict[str, object]:
    """Bring one document in: read, cut, encode, keep."""
    return knowledge_reading.bring_in(context, document_id)


@jobs.periodic("ai.forget_dialogues", cron="41 3 * * *")
def forget_dialogues() -> None:
    """Remove conversations whose time is over."""
    with scope.everywhere("retention of dialogues"):
        companion_rules.forget_old(clock.now())
