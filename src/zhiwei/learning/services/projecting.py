"""The projection: each scored answer is learned from once, in order; whatever comes late makes a rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhiwei.engines.tracing import TracingState
from zhiwei.kernel import bulk
from zhiwei.learning.models import Calibration, Encounter, Learner, Mastery, Observation
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.queries.states import add_encounters, add_points, fresh_state, name_sets
from zhiwei.learning.services import easiness, turns, writing
from zhiwei.learning.values import Answer, Source

FACTS = ("points", "score", "max_score", "share", "at", "revision", "recalled")


def take_in(*, tenant_id: int, person_id: int, answers: Sequence[Answer], now: datetime) -> int:
    """Learn from one person's answers; returns how many were new or changed.

    The same answer at the same or a lower revision changes nothing. Answers later than all before are learned at
    once; one that is older, or changed by a new release, makes the person's state be rebuilt, so that the state
    always is what the observations alone give.
    """
    turns.together(tenant_id)
    learner, _ = Learner.objects.select_for_update().get_or_create(tenant_id=tenant_id, person_id=person_id)
    ordered = sorted(answers, key=_order)
    fresh, changed = _sift(learner, ordered)
    if not fresh and not changed:
        return 0
    bulk.insert_rows([_row(learner, answer) for answer in fresh])
    rows = easiness.ensure(tenant_id, fresh, lock=True)
    late = bool(fresh) and learner.last_at is not None and fresh[0].at <= learner.last_at
    if changed or late:
        _learn_easiness(learner, fresh, list(rows.values()))
        rebuild_person(tenant_id=tenant_id, person_id=person_id, now=now)
    else:
        _learn(learner, fresh, list(rows.values()), now)
    return len(fresh) + changed


def recall(*, tenant_id: int, person_id: int, sitting_id: int, revision: int, now: datetime) -> int:
    """Forget a sitting whose marks were taken back; returns how many observations that were."""
    turns.together(tenant_id)
    learner, _ = Learner.objects.select_for_update().get_or_create(tenant_id=tenant_id, person_id=person_id)
    forgotten = Observation.objects.filter(
        person_id=person_id, source=Source.RELEASED, sitting_id=sitting_id, revision__lt=revision
    ).update(recalled=True, revision=revision)
    if forgotten:
        rebuild_person(tenant_id=learner.tenant_id, person_id=person_id, now=now)
    return forgotten


def rebuild_person(*, tenant_id: int, person_id: int, now: datetime) -> int:
    """Make a person's state again from the observations alone; returns how many there are.

    Items and points are taken as calibrated, which is what the incremental way does too.
    """
    learner, _ = Learner.objects.select_for_update().get_or_create(tenant_id=tenant_id, person_id=person_id)
    answers = answers_of(person_id)
    Mastery.objects.filter(person_id=person_id).delete()
    Encounter.objects.filter(person_id=person_id).delete()
    learner.state, learner.observations, learner.last_at = [], 0, None
    if not answers:
        learner.save(update_fields=["state", "observations", "last_at"])
        return 0
    rows = easiness.ensure(tenant_id, answers, lock=False)
    state = _state_for(answers, shared=False)
    for row in rows.values():
        (state.items if row.kind == "item" else state.points)[row.key] = row.calibrated
    _run(state, person_id, answers)
    _write(learner, state, answers, now)
    return len(answers)


def answers_of(person_id: int) -> list[Answer]:
    """Return a person's observations in the order in which they are learned from."""
    rows = Observation.objects.filter(person_id=person_id, recalled=False)
    return sorted((answer_from(row) for row in rows), key=_order)


def answer_from(row: Observation) -> Answer:
    """Return an observation as the engines take it."""
    return Answer(
        response_id=row.response_id,
        sitting_id=row.sitting_id,
        item_key=row.item_key,
        subject=row.subject,
        points=tuple(row.points),
        score=row.score,
        max_score=row.max_score,
        share=row.share,
        at=row.at,
        revision=row.revision,
        source=Source(row.source),
    )


def _order(answer: Answer) -> tuple[datetime, str, int]:
    return answer.at, answer.source, answer.response_id


def _sift(learner: Learner, answers: Sequence[Answer]) -> tuple[list[Answer], int]:
    """Return the answers not seen before, and how many known ones a higher revision changed (kept here)."""
    known = {
        (row.source, row.response_id): row
        for row in Observation.objects.filter(response_id__in=[one.response_id for one in answers])
    }
    fresh, changed = [], 0
    for answer in answers:
        row = known.get((answer.source, answer.response_id))
        if row is None:
            fresh.append(answer)
        elif row.person_id == learner.person_id and answer.revision > row.revision:
            for name in FACTS:
                setattr(row, name, False if name == "recalled" else getattr(answer, name))
            row.points = list(answer.points)
            row.save(update_fields=FACTS)
            changed += 1
    return fresh, changed


def _row(learner: Learner, answer: Answer) -> Observation:
    return Observation(
        tenant_id=learner.tenant_id,
        person_id=learner.person_id,
        source=answer.source,
        response_id=answer.response_id,
        sitting_id=answer.sitting_id,
        subject=answer.subject,
        item_key=answer.item_key,
        points=list(answer.points),
        score=answer.score,
        max_score=answer.max_score,
        share=answer.share,
        at=answer.at,
        revision=answer.revision,
    )


def _learn(learner: Learner, answers: Sequence[Answer], rows: list[Calibration], now: datetime) -> None:
    state = _state_for(answers, shared=False)
    person = [learner.person_id]
    named = {point for one in answers for point in one.points}
    touched = named | {other for point in named for other in state.links.get(point, ())}
    if learner.state:
        state.pupils[str(learner.person_id)] = learner.state
        add_points(state, person, touched)
        add_encounters(state, person, {one.item_key for one in answers})
    for row in rows:
        (state.items if row.kind == "item" else state.points)[row.key] = row.calibrated
    _learn_easiness(learner, answers, rows, state)
    _run(state, learner.person_id, answers)
    _write(learner, state, answers, now)


def _learn_easiness(
    learner: Learner, answers: Sequence[Answer], rows: list[Calibration], known: TracingState | None = None
) -> None:
    """Let items and points learn from new answers, against the pupil as known before them."""
    if not answers:
        return
    state = _state_for(answers, shared=True)
    if known is not None:
        state.pupils = {key: list(row) for key, row in known.pupils.items()}
        state.pairs = {key: list(row) for key, row in known.pairs.items()}
        state.repeats = {key: list(row) for key, row in known.repeats.items()}
    for row in rows:
        (state.items if row.kind == "item" else state.points)[row.key] = list(row.live)
    _run(state, learner.person_id, answers)
    easiness.write_live(rows, state)


def _state_for(answers: Sequence[Answer], *, shared: bool) -> TracingState:
    return fresh_state([subject_graph(one) for one in {answer.subject for answer in answers}], shared=shared)


def _run(state: TracingState, person_id: int, answers: Sequence[Answer]) -> None:
    for answer in answers:
        name_sets(state, answer.points)
        state.observe(str(person_id), answer.item_key, answer.points, answer.share, answer.at.timestamp())


def _write(learner: Learner, state: TracingState, answers: Sequence[Answer], now: datetime) -> None:
    subjects = _subjects(state, answers)
    writing.write_learner(learner, state, added=len(answers), last=answers[-1], now=now)
    writing.write_mastery(learner, state, subjects, answers[-1].at)
    writing.write_encounters(learner, state, answers)


def _subjects(state: TracingState, answers: Sequence[Answer]) -> dict[str, str]:
    """Return the subject of each point; a linked point has that of the point it is linked to."""
    found: dict[str, str] = {}
    for answer in answers:
        for point in answer.points:
            found[point] = answer.subject
            for other in state.links.get(point, ()):
                found.setdefault(other, answer.subject)
    return found
