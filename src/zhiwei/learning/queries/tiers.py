"""Tiers of pupils: as a teacher set them, else as the model suggests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zhiwei.engines.practice import Tier, tier_of
from zhiwei.learning.models import TierChoice
from zhiwei.learning.queries.mastery import Views, mean_mastery, methods_for, views_of
from zhiwei.learning.values import Method


@dataclass(frozen=True, slots=True)
class Tiered:
    """A pupil's tier: what counts, what the model suggests, whether a hand set it."""

    tier: Tier
    suggested: Tier
    by_hand: bool
    mean: float
    observed: int


def tiers_of(person_ids: Collection[int], *, subject: str, now: datetime, today: date) -> dict[int, Tiered]:
    """Return each pupil's tier in a subject; a hand's choice wins."""
    methods = methods_for(person_ids, subject, today)
    views: dict[int, Views] = {}
    for method in Method:
        members = [one for one in person_ids if methods[one] is method]
        if members:
            views.update(views_of(members, subject=subject, now=now, method=method))
    return with_choices(views, subject)


def with_choices(views: dict[int, Views], subject: str) -> dict[int, Tiered]:
    """Return tiers for pupils whose mastery is at hand (one query)."""
    rows = TierChoice.objects.filter(person_id__in=list(views), subject=subject)
    chosen = {row.person_id: Tier(row.tier) for row in rows}
    found = {}
    for person_id, known in views.items():
        mean = mean_mastery(known)
        suggested = tier_of(mean)
        tier = chosen.get(person_id, suggested)
        found[person_id] = Tiered(tier, suggested, person_id in chosen, mean, len(known))
    return found
