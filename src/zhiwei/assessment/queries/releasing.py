"""What a teacher sees before releasing, and the releases there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiwei.assessment.access import regrades_in_reach, sittings_in_reach
from zhiwei.assessment.models import RegradeRequest, Release, Work
from zhiwei.assessment.values import SittingState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.access import one
from zhiwei.kernel.values import Actor, Verb


@dataclass(frozen=True)
class PupilLine:
    """One pupil before the release: where the sitting stands and what it scores."""

    person_id: int
    name: str
    number: str
    state: str
    score: float | None
    max_score: float
    in_doubt: int


def pupil_lines(actor: Actor, work: Work, class_id: int, today: date) -> list[PupilLine]:
    """Return the pupils of a class with their sittings, those without one as well."""
    from django.db.models import Count, Q

    doubt = Count("responses", filter=Q(responses__state__in=["waiting", "doubtful"]))
    sittings = {
        row.person_id: row
        for row in sittings_in_reach(actor, Verb.READ)
        .filter(work=work, organisation_id=class_id)
        .annotate(doubt=doubt)
        .order_by("attempt")
    }
    lines = []
    for pupil in kernel.pupils_of_class(class_id, today):
        sitting = sittings.get(pupil.id)
        if sitting is None:
            lines.append(PupilLine(pupil.id, pupil.name, pupil.number, "missing", None, 0, 0))
        else:
            in_doubt = 0 if sitting.state == SittingState.ANSWERING else int(getattr(sitting, "doubt", 0))
            lines.append(
                PupilLine(
                    pupil.id,
                    pupil.name,
                    pupil.number,
                    sitting.state,
                    sitting.score,
                    sitting.max_score,
                    in_doubt,
                )
            )
    return lines


def releases(work: Work) -> list[Release]:
    """Return what was released and recalled, newest first."""
    return list(work.releases.select_related("organisation", "by").order_by("-at")[:50])


def regrade_rows(actor: Actor, *, state: str) -> list[RegradeRequest]:
    """Return requests that the actor may answer: ``open`` ones oldest first, else newest first."""
    rows = regrades_in_reach(actor, Verb.UPDATE).select_related(
        "response__item", "response__mark", "sitting__work", "person", "answered_by"
    )
    if state == "open":
        return list(rows.filter(state="open").order_by("asked_at")[:100])
    return list(rows.exclude(state="open").order_by("-answered_at")[:100])


def access_regrade(actor: Actor, request_id: int) -> RegradeRequest:
    """Return one request the actor may answer.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = regrades_in_reach(actor, Verb.UPDATE).select_related("response__item", "sitting__work")
    return one(rows, pk=request_id)


def open_regrades(actor: Actor) -> int:
    """Return how many requests wait for the actor."""
    return regrades_in_reach(actor, Verb.UPDATE).filter(state="open").count()
