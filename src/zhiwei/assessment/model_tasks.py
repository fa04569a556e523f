"""Background work with a model as marker: its trial, and its marks before the teacher's."""

from __future__ import annotations

from typing import Any

from zhiwei.assessment.services import model_marking
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs

TRY, MARK = "assessment.try_model", "assessment.model_marks"


@jobs.task(TRY, attempts=2, atomic=False, queue="slow")
def try_model(
    context: jobs.JobContext, item_id: int, model: str, account_id: int, person_id: int
) -> dict[str, Any]:
    """Run a model's trial in the name of the teacher who asked for it."""
    del context
    now = clock.now()
    actor = kernel.acting_person(account_id=account_id, person_id=person_id, now=now)
    return model_marking.try_model(actor=actor, now=now, item_id=item_id, model=model)


@jobs.task(MARK, attempts=2, atomic=False, queue="slow")
def model_marks(context: jobs.JobContext, item_id: int, account_id: int, person_id: int) -> dict[str, Any]:
    """Let the model mark what nobody has marked."""
    del context
    now = clock.now()
    actor = kernel.acting_person(account_id=account_id, person_id=person_id, now=now)
    return model_marking.mark_by_model(actor=actor, now=now, item_id=item_id)
