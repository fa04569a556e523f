"""Background work on knowledge bases."""

from __future__ import annotations

from zhiwei.ai.services import knowledge_reading
from zhiwei.kernel import jobs


@jobs.task("ai.read_document", atomic=False, queue="slow")
def read_document(context: jobs.JobContext, document_id: int) -> dict[str, object]:
    """Bring one document in: read, cut, encode, keep."""
    return knowledge_reading.bring_in(context, document_id)
