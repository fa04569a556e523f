"""Groups of answers that mean the same, kept with the answers so that the desk opens at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from zhiwei.assessment.models import Response, WorkItem
from zhiwei.assessment.services.judging import response_value
from zhiwei.assessment.values import SittingState
from zhiwei.engines.judging import group_answers
from zhiwei.kernel import jobs

BY_MEANING = frozenset({"short_answer"})
"""Types whose answers are grouped by what they mean; the others by what they say once tidied."""


def group_item(*, item_id: int) -> dict[str, int]:
    """Group all answers to one question again; returns how many groups and answers there are.

    Large questions take seconds (the engine compares every different answer with every other): run as a job.
    """
    item = WorkItem.objects.get(pk=item_id)
    rows = {str(row.pk): row for row in item.responses.exclude(sitting__state=SittingState.ANSWERING)}
    if item.type in BY_MEANING:
        groups = [group.ids for group in group_answers([response_value(row) for row in rows.values()])]
    else:
        groups = _same_words(rows.values())
    changed = []
    for ids in groups:
        key = hashlib.sha256(f"{item.pk}|{min(ids, key=int)}".encode()).hexdigest()[:16]
        for one in ids:
            if rows[one].group_key != key:
                rows[one].group_key = key
                changed.append(rows[one])
    Response.objects.bulk_update(changed, ["group_key"], batch_size=500)
    return {"groups": len(groups), "answers": len(rows)}


def group_when_needed(*, item: WorkItem, now: datetime) -> None:
    """Let answers that came in since be grouped by a job; nothing happens when all are."""
    if item.responses.filter(group_key="").exclude(sitting__state=SittingState.ANSWERING).exists():
        jobs.enqueue(
            "assessment.group_item",
            tenant_id=item.tenant_id,
            key=f"group-{item.pk}",
            now=now,
            arguments={"item_id": item.pk},
            title=_("第 %(n)s 题：归并相似作答") % {"n": item.position},
        )


def _same_words(rows: Iterable[Response]) -> list[tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(tidy(response_value(row).answer()), []).append(str(row.pk))
    return [tuple(ids) for ids in found.values()]


def tidy(answer: str) -> str:
    """Return an answer without what does not matter: case, spaces, closing stops."""
    return "".join(answer.casefold().split()).rstrip("。.；;")
