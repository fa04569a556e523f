"""The curriculum's background work."""

from __future__ import annotations

from typing import Any

from zhiwei.curriculum.services.drafting import TASK, Brief, make_drafts
from zhiwei.curriculum.services.importing import import_file
from zhiwei.curriculum.values import DraftKind
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.values import Actor


@jobs.task("curriculum.import_items")
def import_items(
    context: jobs.JobContext,
    *,
    account_id: int,
    person_id: int,
    person: str,
    blob_id: int,
    name: str,
    subject: str,
) -> dict[str, Any]:
    """Take a large file's questions in for the person who looked into it."""
    actor = Actor(account_id, person_id, context.tenant_id, person, tenants=(context.tenant_id,))
    done = import_file(actor=actor, now=clock.now(), blob_id=blob_id, name=name, subject=subject)
    return {"new": done.new, "changed": done.changed, "same": done.same, "refused": len(done.problems)}


@jobs.task(TASK, attempts=2, atomic=False, queue="slow")
def draft(
    context: jobs.JobContext, *, account_id: int, person_id: int, brief: dict[str, Any], seed: int
) -> dict[str, Any]:
    """Draft what a teacher asked for."""
    del context
    now = clock.now()
    actor = kernel.acting_person(account_id=account_id, person_id=person_id, now=now)
    wanted = Brief(**{**brief, "kind": DraftKind(brief["kind"]), "points": tuple(brief["points"])})
    return dict(make_drafts(actor=actor, now=now, brief=wanted, seed=seed))
