"""Writes the rows of a state that changed: one statement a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from zhiwei.engines.tracing import TracingState
from zhiwei.kernel import bulk
from zhiwei.learning.models import Encounter, Learner, Mastery
from zhiwei.learning.queries.states import ENGINE
from zhiwei.learning.rules.standing import standing_of
from zhiwei.learning.values import Answer

FIGURES = ["state", "estimate", "standard_error", "n", "last_seen", "forgetting", "level"]


def write_learner(learner: Learner, state: TracingState, *, added: int, last: Answer, now: datetime) -> None:
    """Keep a person's own row."""
    learner.state = list(state.pupils[str(learner.person_id)])
    learner.observations += added
    learner.last_at, learner.engine, learner.updated_at = last.at, ENGINE, now
    learner.save(update_fields=["state", "observations", "last_at", "engine", "updated_at"])


def write_mastery(learner: Learner, state: TracingState, subjects: Mapping[str, str], at: datetime) -> None:
    """Keep every point of the person that the state holds, with its figures as at ``at``."""
    pupil = str(learner.person_id)
    moment = at.timestamp()
    rows = [
        _mastery(learner, state, point, subjects.get(point, ""), moment)
        for person, point in sorted(state.pairs)
        if person == pupil
    ]
    bulk.insert_rows(rows, unique=["person", "point"], update=FIGURES)


def write_encounters(learner: Learner, state: TracingState, answers: Collection[Answer]) -> None:
    """Keep what the person did with each item; ``answers`` are in order of time."""
    pupil = str(learner.person_id)
    newest = {answer.item_key: answer for answer in answers}
    bulk.insert_rows(
        [
            Encounter(
                tenant_id=learner.tenant_id,
                person_id=learner.person_id,
                item_key=key,
                state=list(state.repeats[pupil, key]),
                last_at=answer.at,
                last_share=answer.share,
            )
            for key, answer in sorted(newest.items())
        ],
        unique=["person", "item_key"],
        update=["state", "last_at", "last_share"],
    )


def _mastery(learner: Learner, state: TracingState, point: str, subject: str, moment: float) -> Mastery:
    pupil = str(learner.person_id)
    told = state.mastery(pupil, point, moment)
    return Mastery(
        tenant_id=learner.tenant_id,
        person_id=learner.person_id,
        point=point,
        subject=subject,
        state=list(state.pairs[pupil, point]),
        estimate=told.estimate,
        standard_error=told.standard_error,
        n=told.n,
        last_seen=None if told.last_seen is None else datetime.fromtimestamp(told.last_seen, UTC),
        forgetting=told.forgetting,
        level=standing_of(told.estimate, told.n),
    )
