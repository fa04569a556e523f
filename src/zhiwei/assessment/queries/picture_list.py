"""Works that have a picture to look at, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, FloatField, Max

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.queries.picture_rows import DONE
from zhiwei.kernel.values import Actor, Verb

MOST = 60


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A class on a work: how many are judged, and their mean share."""

    work_uuid: str
    title: str
    class_id: int
    class_name: str
    judged: int
    share: float | None
    at: datetime


def pictures(actor: Actor) -> list[PictureLine]:
    """Return the newest class pictures in reach."""
    rows = sittings_in_reach(actor, Verb.READ).filter(state__in=DONE, max_score__gt=0).order_by()
    grouped = rows.values("work__uuid", "work__title", "organisation_id", "organisation__name").annotate(
        n=Count("person_id", distinct=True),
        share=Avg(F("score") * 1.0 / F("max_score"), output_field=FloatField()),
        at=Max("work__created_at"),
    )
    return [
        PictureLine(
            str(one["work__uuid"]),
            one["work__title"],
            one["organisation_id"],
            one["organisation__name"],
            one["n"],
            one["share"],
            one["at"],
        )
        for one in grouped.order_by("-at", "organisation__name")[:MOST]
    ]
