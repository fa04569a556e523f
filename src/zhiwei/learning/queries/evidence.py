"""The answers behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhiwei.assessment import api as assessment
from zhiwei.kernel.values import Actor
from zhiwei.learning.models import Observation, PracticeItem
from zhiwei.learning.queries.practice import shown_value
from zhiwei.learning.values import Source

MOST = 100


@dataclass(frozen=True, slots=True)
class Behind:
    """One answer: what was asked, what it earned and what of it counted, where it can be seen whole."""

    at: datetime
    stem: str
    shown: str
    score: float
    max_score: float
    share: float
    source: Source
    where: str
    hints: int = 0
    sitting_uuid: UUID | None = None


def behind(actor: Actor, person_id: int, *, subject: str, point: str = "") -> list[Behind]:
    """Return a pupil's observations on a point (all of a subject without one), newest first.

    The caller has checked that the actor may see the pupil; a released answer's text is shown only when the
    actor may also read the sitting.
    """
    rows = Observation.objects.filter(person_id=person_id, subject=subject, recalled=False)
    if point:
        rows = rows.filter(points__contains=[point])
    newest = list(rows.order_by("-at", "-pk")[:MOST])
    told = assessment.answers_behind(actor, (r.response_id for r in newest if r.source == Source.RELEASED))
    done = PracticeItem.objects.in_bulk([r.response_id for r in newest if r.source == Source.PRACTICE])
    return [_behind(row, told.get(row.response_id), done.get(row.response_id)) for row in newest]


def _behind(row: Observation, told: assessment.AnswerBehind | None, done: PracticeItem | None) -> Behind:
    source = Source(row.source)
    if source is Source.PRACTICE and done is not None:
        stem, shown, where, hints = (
            str(done.content.get("stem", "")),
            shown_value(done.content, done.value),
            "",
            done.hints,
        )
        return Behind(row.at, stem, shown, row.score, row.max_score, row.share, source, where, hints)
    if told is None or source is Source.PRACTICE:
        return Behind(row.at, "", "", row.score, row.max_score, row.share, source, "")
    shown = shown_value({}, told.value)
    return Behind(
        row.at,
        told.stem,
        shown,
        row.score,
        row.max_score,
        row.share,
        source,
        told.work_title,
        0,
        UUID(told.sitting_uuid),
    )
