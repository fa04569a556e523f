"""A person's marks: given, undone, agreed between two markers; the machine learns from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhiwei.assessment.errors import StaleMarkError
from zhiwei.assessment.models import Mark, Response, WorkItem
from zhiwei.assessment.rules.paper_reading import is_unsure
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import MarkerKind, ResponseState
from zhiwei.kernel import audit, jobs
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

LEARN_AT = (5, 10, 20, 35, 50, 75, 100, 150, 200, 300)
"""Numbers of a teacher's marks on a question after which the rest is judged again."""


@dataclass(frozen=True)
class GivenMark:
    """What a person decided: the score, marks by rubric point for the record, and a comment."""

    score: float
    points: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""


def give_mark(
    *,
    actor: Actor,
    now: datetime,
    response: Response,
    score: float,
    seen_version: int | None = None,
    points: Mapping[str, float] | None = None,
    comment: str = "",
) -> Mark:
    """Give a response a person's mark; it stands over any machine's.

    Args:
        seen_version: The response's ``version`` when the marker saw it; another one means that somebody marked
            it meanwhile. ``None`` overrules.
        points: Marks by rubric point, for the record; ``score`` decides.

    Raises:
        StaleMarkError: Somebody marked it meanwhile; nothing is written.
        InvalidInputError: The score is out of range.

    Effects:
        One audit row; after some marks, a job that judges the question's other responses again.
    """
    row = locked(response)
    if seen_version is not None and row.version != seen_version and row.state == ResponseState.REVIEWED:
        raise StaleMarkError(f"这份答卷刚被批改为 {row.score:g} 分。", code="mark.stale")
    check_range(row, score)
    mark = write_mark(actor, now, row, GivenMark(score, dict(points or {}), comment), MarkerKind.TEACHER)
    adopt(row, mark)
    settle_sitting(row.sitting)
    note_mark(actor, now, row, score)
    _learn(row.item, now)
    return mark


def locked(response: Response) -> Response:
    """Return the response locked for this transaction, with its question and sitting."""
    rows = Response.objects.select_for_update(of=("self",)).select_related("item__work", "sitting__work")
    return rows.get(pk=response.pk)


def check_range(row: Response, score: float) -> None:
    """Refuse a score that the question does not allow.

    Raises:
        InvalidInputError: Below 0 or above full marks.
    """
    if not 0 <= score <= row.item.max_score:
        raise InvalidInputError(f"分数应在 0 到 {row.item.max_score:g} 之间。", code="mark.out_of_range")


def write_mark(actor: Actor, now: datetime, row: Response, given: GivenMark, kind: MarkerKind) -> Mark:
    """Write a person's mark; it stands only once it is adopted."""
    return Mark.objects.create(
        tenant_id=row.tenant_id,
        response=row,
        kind=kind,
        marker_id=actor.person_id,
        item_revision=row.item.revision,
        score=given.score,
        max_score=row.item.max_score,
        judgement=_by_point(row, given.points),
        comment=given.comment,
        at=now,
    )


def note_mark(actor: Actor, now: datetime, row: Response, score: float) -> None:
    """Write the audit row of a mark."""
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="response",
        object_id=row.pk,
        about_id=row.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"score": score},
    )


def mark_group(
    *, actor: Actor, now: datetime, responses: Sequence[Response], score: float, comment: str = ""
) -> int:
    """Give the same mark to responses that mean the same; returns how many were marked."""
    for one in responses:
        give_mark(actor=actor, now=now, response=one, score=score, comment=comment)
    return len(responses)


def undo_mark(*, actor: Actor, now: datetime, response: Response) -> Response:
    """Take back the newest mark of a person; the one before it (or the machine's) stands again.

    Raises:
        ConflictError: There is no mark of a person to take back.
    """
    row = locked(response)
    standing = row.marks.filter(undone_at__isnull=True).order_by("-at", "-pk")
    newest = standing.exclude(kind=MarkerKind.MACHINE).first()
    if newest is None:
        raise ConflictError("没有可撤销的批改。", code="mark.nothing_to_undo")
    newest.undone_at = now
    newest.save(update_fields=["undone_at"])
    before = standing.exclude(pk=newest.pk).exclude(kind=MarkerKind.MACHINE).first()
    machine = standing.filter(kind=MarkerKind.MACHINE).first()
    adopt(row, before or machine)
    settle_sitting(row.sitting)
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="response",
        object_id=row.pk,
        about_id=row.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"undone": newest.pk},
    )
    return row


def accept_machine_marks(*, actor: Actor, now: datetime, item: WorkItem) -> int:
    """Accept, as they are, the machine's marks that are sure on one question; returns how many."""
    rows = item.responses.filter(state=ResponseState.SURE, score__isnull=False)
    count = rows.update(state=ResponseState.REVIEWED)
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="work_item",
        object_id=item.pk,
        now=now,
        level=Level.PERSONAL,
        detail={"accepted": count},
    )
    return count


def adopt(row: Response, mark: Mark | None) -> None:
    """Let a mark stand for the response (``None``: it waits again)."""
    row.mark = mark
    row.score = None if mark is None else mark.score
    if mark is None:
        row.state = ResponseState.WAITING
    elif mark.kind == MarkerKind.MACHINE:
        doubtful = mark.judgement.get("defer") or is_unsure(row.value)
        row.state = ResponseState.DOUBTFUL if doubtful else ResponseState.SURE
    else:
        row.state = ResponseState.REVIEWED
    row.version += 1
    row.save(update_fields=["mark", "score", "state", "version"])


def _by_point(row: Response, points: Mapping[str, float]) -> dict[str, Any]:
    rubric = {str(one.get("id")): one for one in row.item.content.get("rubric", []) if isinstance(one, dict)}
    return (
        {
            "points": [
                {
                    "id": key,
                    "score": value,
                    "max_score": rubric.get(key, {}).get("score"),
                    "description": rubric.get(key, {}).get("description", ""),
                }
                for key, value in points.items()
            ]
        }
        if points
        else {}
    )


def _learn(item: WorkItem, now: datetime) -> None:
    count = item.responses.filter(state=ResponseState.REVIEWED).count()
    if item.type in {"short_answer", "essay"} and count in LEARN_AT:
        jobs.enqueue(
            "assessment.judge_item",
            tenant_id=item.tenant_id,
            key=f"item-{item.pk}-{count}",
            now=now,
            arguments={"item_id": item.pk},
            title=f"第 {item.position} 题：按已批 {count} 份重新评分",
        )
