"""Background work on knowledge bases and the companion."""

from __future__ import annotations

from zhiwei.ai import api
from zhiwei.ai.services import companion_model, companion_rules, knowledge_reading
from zhiwei.ai.values import Purpose
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.values import Level


@jobs.task("ai.read_document", atomic=False, queue="slow")
def read_document(context: jobs.JobContext, document_id: int) -> dict[str, object]:
    """Bring one document in: read, cut, encode, keep."""
    return knowledge_reading.bring_in(context, document_id)


@jobs.task(companion_model.TASK, atomic=False, attempts=1)
def companion_reply(
    context: jobs.JobContext, dialogue_id: int, account_id: int, person_id: int, number: int
) -> dict[str, object]:
    """Ask a model for the companion's next question; what may not be said, or does not come, changes nothing."""
    now = clock.now()
    with scope.entered([context.tenant_id]):
        ready = companion_model.prepare(dialogue_id, account_id, person_id, number, now=now)
    if ready is None:
        return {"said": False, "why": "moved_on"}
    actor, here, messages, sources = ready
    try:
        answer = api.ask(
            actor,
            Purpose.COMPANION,
            messages,
            now=now,
            about_id=person_id,
            level=Level.PERSONAL,
            most_output=companion_model.MOST_OUTPUT,
        )
    except ZhiweiError as error:
        return {"said": False, "why": error.code}
    if not companion_model.may_be_said(answer.text, here, sources):
        return {"said": False, "why": "withheld"}
    with scope.entered([context.tenant_id]):
        kept = companion_model.keep(dialogue_id, number, answer.text, answer.model, now=now)
    return {"said": kept}


@jobs.periodic("ai.forget_dialogues", cron="41 3 * * *")
def forget_dialogues() -> None:
    """Remove conversations whose time is over."""
    with scope.everywhere("retention of dialogues"):
        companion_rules.forget_old(clock.now())
