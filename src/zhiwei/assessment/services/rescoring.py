"""After a change of the key or the rubric: whose marks would change and why, and the change for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import Mark, Response, WorkItem, WorkItemRevision
from zhiwei.assessment.services import judging, marking, releasing
from zhiwei.assessment.services.marking import GivenMark
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import MarkerKind, ResponseState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor


@dataclass(frozen=True)
class Rescored:
    """What a changed rubric makes of one mark that a person gave point by point."""

    response_id: int
    person_id: int
    old_score: float
    new_score: float
    why: tuple[str, ...]
    released: bool
    points: Mapping[str, float]


def preview_rescore(*, item: WorkItem) -> list[Rescored]:
    """Return the persons' marks that the rubric as it stands now would change. Writes nothing.

    Only marks given by rubric point follow the rubric: each point keeps the share it had earned. A score typed
    as a number stays as the person gave it.
    """
    rows = item.responses.filter(
        state=ResponseState.REVIEWED, mark__kind__in=[MarkerKind.TEACHER, MarkerKind.SECOND]
    )
    changes = []
    for row in rows.select_related("mark", "sitting").order_by("pk"):
        mark = row.mark
        if mark is None or mark.item_revision == item.revision or not mark.judgement.get("points"):
            continue
        points, why = _carried(mark, item)
        new = min(max(sum(points.values()), 0.0), item.max_score)
        if abs(new - mark.score) > 1e-9:
            released = row.sitting.released_at is not None
            changes.append(
                Rescored(row.pk, row.sitting.person_id, mark.score, new, tuple(why), released, points)
            )
    return changes


def apply_change(*, actor: Actor, now: datetime, item: WorkItem, release_again: bool = True) -> int:
    """Judge again and carry persons' marks over to the rubric of now; returns how many scores changed.

    Effects:
        New marks beside the old; audit rows; where marks were released they are released again, which tells
        every pupil concerned and the rest of the house.
    """
    before = dict(item.responses.values_list("pk", "score"))
    carried = {one.response_id: one for one in preview_rescore(item=item)}
    for row in Response.objects.filter(pk__in=carried).select_related("item", "sitting"):
        _carry_over(actor, now, row, carried[row.pk])
    judging.rejudge_item(actor=actor, now=now, item=item)
    after = dict(item.responses.values_list("pk", "score"))
    changed = [pk for pk, score in after.items() if before.get(pk) != score]
    if release_again:
        _release_again(actor, now, item, changed)
    return len(changed)


def history(*, item: WorkItem) -> list[tuple[WorkItemRevision, str]]:
    """Return what the question was before each change, newest first, with who changed it."""
    rows = list(item.revisions.order_by("-number"))
    names = kernel.people_by_id([row.changed_by_id for row in rows])
    return [(row, names[row.changed_by_id].name if row.changed_by_id in names else "") for row in rows]


def _carried(mark: Mark, item: WorkItem) -> tuple[dict[str, float], list[str]]:
    old = {str(one["id"]): one for one in mark.judgement["points"] if isinstance(one, dict)}
    points: dict[str, float] = {}
    why: list[str] = []
    for point in _rubric(item):
        key, full = str(point.get("id")), float(point.get("score", 0))
        given = old.get(key)
        points[key] = 0.0 if given is None else _share(given) * full
        if given is None:
            why.append(f"新评分点「{point.get('description', key)}」待判，暂记 0 分")
        elif given.get("max_score") != full:
            was = float(given.get("max_score") or 0)
            why.append(f"「{point.get('description', key)}」由 {was:g} 分改为 {full:g} 分")
    gone = set(old) - set(points)
    why.extend(f"评分点「{old[key].get('description') or key}」已取消" for key in sorted(gone))
    return points, why


def _share(given: Mapping[str, Any]) -> float:
    full = float(given.get("max_score") or 0)
    return float(given.get("score") or 0) / full if full else 0.0


def _rubric(item: WorkItem) -> list[dict[str, Any]]:
    return [one for one in item.content.get("rubric", []) if isinstance(one, dict)]


def _carry_over(actor: Actor, now: datetime, response: Response, change: Rescored) -> None:
    row = marking.locked(response)
    given = GivenMark(change.new_score, change.points, row.mark.comment if row.mark else "")
    mark = marking.write_mark(actor, now, row, given, MarkerKind.TEACHER)
    marking.adopt(row, mark)
    settle_sitting(row.sitting)
    marking.note_mark(actor, now, row, change.new_score)


def _release_again(actor: Actor, now: datetime, item: WorkItem, changed: list[int]) -> None:
    people = list(
        Response.objects.filter(pk__in=changed, sitting__released_at__isnull=False).values_list(
            "sitting__person_id", flat=True
        )
    )
    if people:
        releasing.release_marks(actor=actor, now=now, work=item.work, person_ids=people, allow_doubtful=True)
