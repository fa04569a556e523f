"""A model beside the teacher: its trial on marked answers, then its marks before the teacher's, watched all the time.

A mark of a model is a machine's mark like any other: the teacher's stands over it, and doubt shows it first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhiwei.ai import api as ai
from zhiwei.assessment.models import Mark, Response, WorkItem
from zhiwei.assessment.rules.paper_reading import is_picture_only
from zhiwei.assessment.services.judging import open_responses, response_value, write_verdict
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import MarkerKind, ResponseState
from zhiwei.kernel import scope
from zhiwei.kernel.values import Actor

BATCH = 200


def item_key(item: WorkItem) -> str:
    """Return the name under which the AI room knows a question."""
    return f"work_item:{item.uuid}"


def marked_papers(item: WorkItem) -> list[ai.Marked]:
    """Return the answers a teacher has marked, in no order of names."""
    rows = item.responses.filter(state=ResponseState.REVIEWED, score__isnull=False).order_by("uuid")
    return [
        ai.Marked(str(row.uuid), response_value(row), float(row.score or 0))
        for row in rows
        if row.value and not is_picture_only(row.value)
    ]


def watched_pairs(item: WorkItem) -> list[tuple[float, float]]:
    """Return ``(teacher, model)`` scores of answers a model marked first and a teacher since, oldest first."""
    rows = Mark.objects.filter(
        response__item=item, kind=MarkerKind.MACHINE, engine__startswith="model:",
        response__state=ResponseState.REVIEWED,
    ).select_related("response")  # fmt: skip
    newest: dict[int, Mark] = {}
    for row in rows.order_by("pk"):
        newest[row.response_id] = row
    found = sorted(newest.values(), key=lambda row: row.response.mark_id or 0)
    return [(float(row.response.score or 0), row.score) for row in found]


def try_model(*, actor: Actor, now: datetime, item_id: int, model: str) -> dict[str, Any]:
    """Run a model's trial on a question. For a job: it waits for the model outside any transaction."""
    with scope.entered([actor.tenant_id]):
        item = WorkItem.objects.get(pk=item_id)
        papers = marked_papers(item)
    pilot = ai.run_pilot(
        actor=actor, now=now, item_key=item_key(item), content=item.content, papers=papers, model=model
    )
    return {"pilot": str(pilot), "papers": len(papers)}


def mark_by_model(*, actor: Actor, now: datetime, item_id: int) -> dict[str, Any]:
    """Let a model that passed its trial mark the answers nobody has marked. For a job, answer by answer.

    Raises:
        ConflictError: The model has not passed, or has drifted.
    """
    with scope.entered([actor.tenant_id]):
        item = WorkItem.objects.get(pk=item_id)
        rows = [row for row in open_responses(item) if row.value][:BATCH]
        watched = watched_pairs(item)
        grader = ai.grader_after_pilot(
            actor=actor, now=now, item_key=item_key(item), content=item.content, watched=watched
        )
    written = 0
    for row in rows:
        verdict = grader.judge(response_value(row))
        with scope.entered([actor.tenant_id]):
            fresh = Response.objects.select_for_update().select_related("sitting").get(pk=row.pk)
            if fresh.state != ResponseState.REVIEWED and fresh.version == row.version:
                write_verdict(item, fresh, verdict, now)
                settle_sitting(fresh.sitting)
                written += 1
    return {"marks": written, "calls": len(grader.calls), "micro": grader.micro}
