"""Assessment's door: questions ready to be drawn, and the answers behind a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Response
from zhiwei.assessment.queries.questions import Question, present, type_name
from zhiwei.kernel.values import Actor, Verb

__all__ = ["AnswerBehind", "Question", "answers_behind", "present", "type_name"]


@dataclass(frozen=True, slots=True)
class AnswerBehind:
    """One answer behind a figure: from which work, to which question, and what it earned."""

    response_id: int
    sitting_uuid: str
    work_title: str
    stem: str
    value: dict[str, object]
    score: float | None
    max_score: float


def answers_behind(actor: Actor, response_ids: Iterable[int]) -> dict[int, AnswerBehind]:
    """Return those of the responses whose sittings the actor may read (one query)."""
    rows = Response.objects.filter(
        pk__in=set(response_ids), sitting__in=sittings_in_reach(actor, Verb.READ)
    ).select_related("item", "sitting__work")
    return {row.pk: _behind(row) for row in rows}


def _behind(row: Response) -> AnswerBehind:
    return AnswerBehind(
        row.pk,
        str(row.sitting.uuid),
        row.sitting.work.title,
        str(row.item.content.get("stem", "")),
        dict(row.value),
        row.score,
        row.item.max_score,
    )
