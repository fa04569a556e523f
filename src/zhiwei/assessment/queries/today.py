"""What a pupil has today: to hand in, released, to review; guardians see their children's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from zhiwei.assessment.access import sittings_in_reach, targets_of, wrong_entries_in_reach
from zhiwei.assessment.models import Sitting, Target
from zhiwei.assessment.values import SittingState, WorkState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor, Role, Verb

RELEASED_FOR = timedelta(days=14)
WAITING_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ToDo:
    """A work to hand in. ``begun`` when there is a sitting; ``late`` when it is overdue but still taken."""

    work_uuid: str
    sitting_uuid: str
    title: str
    subject: str
    due_at: datetime | None
    questions: int
    answered: int
    begun: bool
    late: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A work handed in: waiting to be marked, or released."""

    sitting_uuid: str
    title: str
    subject: str
    handed_in_at: datetime | None
    released_at: datetime | None
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True)
class Day:
    """One pupil's day; ``own`` when it is the reader's own."""

    name: str
    person_uuid: str
    own: bool
    to_do: tuple[ToDo, ...]
    waiting: tuple[Done, ...]
    released: tuple[Done, ...]
    to_review: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.to_do or self.waiting or self.released or self.to_review)


def days_for(actor: Actor, *, now: datetime, today: date) -> list[Day]:
    """Return the day of the actor (a pupil), and of each of their children."""
    ids = [actor.person_id] if Role.PUPIL in actor.roles else []
    ids += [child for child in actor.wards if child not in ids]
    people = kernel.people_by_id(ids)
    classes = kernel.classes_of_pupils(ids, today)
    return [_day(actor, people[one], classes.get(one, []), now) for one in ids if one in people]


def waiting_count(actor: Actor) -> int:
    """Return how many released works a pupil or guardian has been told of lately and how many reviews are due.

    Drawn as the number on the tab, so it is one query.
    """
    from zhiwei.kernel import clock

    return (
        wrong_entries_in_reach(actor, Verb.LIST)
        .filter(person_id=actor.person_id, due_at__lte=clock.now())
        .exclude(state="mastered")
        .count()
    )


def _day(actor: Actor, person: kernel.PersonInfo, class_ids: list[int], now: datetime) -> Day:
    sittings = sittings_in_reach(actor, Verb.LIST).filter(person_id=person.id).select_related("work")
    recent = list(sittings.filter(started_at__gte=now - WAITING_FOR).order_by("-started_at")[:200])
    review = wrong_entries_in_reach(actor, Verb.LIST).filter(person_id=person.id, due_at__lte=now)
    return Day(
        name=person.name,
        person_uuid=person.uuid,
        own=person.id == actor.person_id,
        to_do=_to_do(person.id, class_ids, recent, now),
        waiting=tuple(_done(row) for row in recent if row.state in _WAITING),
        released=tuple(_done(row) for row in recent if _fresh(row, now)),
        to_review=review.exclude(state="mastered").count(),
    )


_WAITING = {SittingState.HANDED_IN, SittingState.JUDGED}


def _fresh(row: Sitting, now: datetime) -> bool:
    released = row.state == SittingState.RELEASED and row.released_at is not None
    return released and row.released_at is not None and row.released_at >= now - RELEASED_FOR


def _to_do(person_id: int, class_ids: list[int], recent: list[Sitting], now: datetime) -> tuple[ToDo, ...]:
    newest: dict[int, Sitting] = {}
    for row in recent:
        if row.work_id not in newest or row.attempt > newest[row.work_id].attempt:
            newest[row.work_id] = row
    answered = dict(
        Sitting.objects.filter(pk__in=[row.pk for row in newest.values()])
        .annotate(kept=Count("responses", filter=~Q(responses__value={})))
        .values_list("pk", "kept")
    )
    rows = targets_of(person_id, class_ids).filter(work__state=WorkState.OPEN).exclude(work__medium="paper")
    rows = rows.annotate(questions=Count("work__items")).order_by("-person_id")
    by_work = {row.work_id: row for row in rows}
    found = [_due(row, newest.get(row.work_id), answered, now) for row in by_work.values()]
    far = now + timedelta(days=3650)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.due_at or far, one.title)))


def _due(target: Target, sitting: Sitting | None, answered: dict[int, int], now: datetime) -> ToDo | None:
    work = target.work
    if sitting is not None and sitting.state != SittingState.ANSWERING:
        return None
    opens, due = target.opens_at or work.opens_at, target.due_at or work.due_at
    if due is not None:
        due += timedelta(minutes=target.extra_minutes)
    grace = timedelta(minutes=int(work.rules.get("grace_minutes", 0) or 0))
    if (opens is not None and now < opens) or (due is not None and now > due + grace):
        return None
    return ToDo(
        work_uuid=str(work.uuid),
        sitting_uuid="" if sitting is None else str(sitting.uuid),
        title=work.title,
        subject=work.subject,
        due_at=due,
        questions=target.questions,  # type: ignore[attr-defined]
        answered=0 if sitting is None else answered.get(sitting.pk, 0),
        begun=sitting is not None,
        late=due is not None and now > due,
        soon=due is not None and due - now < timedelta(hours=14),
    )


def _done(row: Sitting) -> Done:
    shown = row.state == SittingState.RELEASED
    return Done(
        str(row.uuid),
        row.work.title,
        row.work.subject,
        row.handed_in_at,
        row.released_at,
        row.score if shown else None,
        row.max_score,
    )
