"""Nightly recalibration: items and points learned anew from all observations of a school, then every pupil."""

from __future__ import annotations

from datetime import datetime

from zhiwei.learning.models import Learner, Observation
from zhiwei.learning.queries.graph import forget_graphs, subject_graph
from zhiwei.learning.queries.states import fresh_state, name_sets
from zhiwei.learning.services import easiness, turns
from zhiwei.learning.services.projecting import rebuild_person

CHUNK = 5_000


def recalibrate(*, tenant_id: int, now: datetime) -> dict[str, int]:
    """Learn items and points from all observations in order of time, then rebuild every pupil against them.

    Runs alone in the school: answers that come meanwhile wait for its transaction.

    Returns:
        How many observations, calibrated rows and people.
    """
    turns.alone(tenant_id)
    forget_graphs()
    rows = Observation.objects.filter(tenant_id=tenant_id, recalled=False)
    subjects = rows.order_by().values_list("subject", flat=True).distinct()
    state = fresh_state([subject_graph(one) for one in subjects], shared=True)
    easiness.expect_items(state, set(rows.order_by().values_list("item_key", flat=True).distinct()))
    count = 0
    ordered = rows.order_by("at", "source", "response_id").values_list(
        "person_id", "item_key", "points", "share", "at"
    )
    for person_id, item, points, share, at in ordered.iterator(chunk_size=CHUNK):
        name_sets(state, points)
        state.observe(str(person_id), item, points, share, at.timestamp())
        count += 1
    calibrated = easiness.write_calibrated(tenant_id, state, now)
    people = list(Learner.objects.filter(tenant_id=tenant_id).order_by("person_id"))
    for learner in people:
        rebuild_person(tenant_id=tenant_id, person_id=learner.person_id, now=now)
    return {"observations": count, "calibrated": calibrated, "people": len(people)}


def schools_to_calibrate() -> list[int]:
    """Return the schools with observations (platform work: the caller enters the scope of all)."""
    return sorted(set(Learner.objects.order_by().values_list("tenant_id", flat=True).distinct()))
