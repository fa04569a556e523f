"""The subjects a pupil has something in."""

from __future__ import annotations

from django.db.models import Max

from zhiwei.kernel.wording import SUBJECTS
from zhiwei.learning.models import Observation


def subjects_of(person_id: int) -> list[str]:
    """Return the subjects with observations, latest first, then the others the house knows."""
    rows = Observation.objects.filter(person_id=person_id, recalled=False).values("subject")
    seen = [row["subject"] for row in rows.annotate(last=Max("at")).order_by("-last")]
    return [*seen, *(one for one in SUBJECTS if one not in seen)]
