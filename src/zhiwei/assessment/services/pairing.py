"""Two markers who do not see each other's mark: agreed within a tolerance, else a third decides."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Mark, Response, Work
from zhiwei.assessment.services import marking
from zhiwei.assessment.services.marking import GivenMark
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import MarkerKind, ResponseState
from zhiwei.kernel.values import Actor


def tolerance_of(work: Work) -> float | None:
    """Return within how many points two markers agree, or ``None`` where one marker decides."""
    value = work.rules.get("two_markers")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def give_mark_on_desk(
    *, actor: Actor, now: datetime, response: Response, given: GivenMark, seen_version: int | None
) -> Mark:
    """Give a mark by the work's way of marking: alone, or as one of two.

    As one of two: the first mark waits for a second person; the second within the tolerance settles on the mean;
    beyond it the answer stays in doubt until a third person decides.

    Raises:
        StaleMarkError: Somebody marked it meanwhile (single marking).
        InvalidInputError: The score is out of range.
    """
    tolerance = tolerance_of(response.item.work)
    if tolerance is None:
        return marking.give_mark(
            actor=actor,
            now=now,
            response=response,
            score=given.score,
            points=given.points,
            comment=given.comment,
            seen_version=seen_version,
        )
    row = marking.locked(response)
    marking.check_range(row, given.score)
    others = _standing(row, but=actor.person_id)
    kind = MarkerKind.TEACHER if not others else MarkerKind.SECOND
    row.marks.filter(marker_id=actor.person_id, undone_at__isnull=True).update(undone_at=now)
    mark = marking.write_mark(actor, now, row, given, kind)
    marking.note_mark(actor, now, row, given.score)
    if not others:
        _wait(row, mark)
    elif len(others) >= 2 or abs(others[0].score - mark.score) <= tolerance:
        _settle(actor, now, row, others, mark)
    else:
        _wait(row, mark)
    settle_sitting(row.sitting)
    return mark


def _standing(row: Response, *, but: int) -> list[Mark]:
    rows = row.marks.filter(
        kind__in=[MarkerKind.TEACHER, MarkerKind.SECOND],
        undone_at__isnull=True,
        item_revision=row.item.revision,
        parameters__agreed__isnull=True,
    )
    return list(rows.exclude(marker_id=but).order_by("at", "pk"))


def _wait(row: Response, mark: Mark) -> None:
    row.mark, row.score, row.state = mark, None, ResponseState.DOUBTFUL
    row.version += 1
    row.save(update_fields=["mark", "score", "state", "version"])


def _settle(actor: Actor, now: datetime, row: Response, others: list[Mark], mark: Mark) -> None:
    """Adopt the mean of two who agree, or the third person's mark as it is."""
    if len(others) >= 2:
        marking.adopt(row, mark)
        return
    mean = round((others[0].score + mark.score) / 2, 2)
    agreed = marking.write_mark(actor, now, row, GivenMark(mean), MarkerKind.TEACHER)
    agreed.parameters = {"agreed": [others[0].pk, mark.pk]}
    agreed.save(update_fields=["parameters"])
    marking.adopt(row, agreed)
