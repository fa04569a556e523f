"""The curriculum's background work."""

from __future__ import annotations

from typing import Any

from zhiwei.curriculum.services.importing import import_file
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
