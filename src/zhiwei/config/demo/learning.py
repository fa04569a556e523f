"""Lets the demo county learn: released marks are heard, one class has practised for two weeks, a practice waits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from zhiwei.assessment.models import Work
from zhiwei.engines.practice import Tier
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, outbox, scope
from zhiwei.kernel.api import OrganisationInfo
from zhiwei.kernel.models import Account, Delivery
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.values import Actor, Verb
from zhiwei.learning.models import Goal, Mastery, Practice, PracticeItem
from zhiwei.learning.services import calibrating, choosing, practising, projecting
from zhiwei.learning.tasks import CONSUMER
from zhiwei.learning.values import GoalKind, PracticeState

SEED = 20260902
SESSIONS_DAYS_AGO = (13, 9, 4)
GOAL = "math.8.function.linear"
WEEKLY_MINUTES = 60


def add_learning(*, now: datetime) -> None:
    """Hear what was released and, once, let the demo pupil's class practise; does nothing when that is there."""
    hear()
    teacher = _actor("demo-teacher-math", now)
    pupil = _actor("demo-pupil", now)
    with scope.entered(teacher.tenants):
        if Practice.objects.exists() or not Work.objects.exists():
            return
        today = clock.today(now)
        place = kernel.get_organisation(
            kernel.classes_of_pupils([pupil.person_id], today)[pupil.person_id][0]
        )
        draw = random.Random(SEED)  # noqa: S311 - a repeatable fiction
        members = [one.id for one in kernel.pupils_of_class(place.id, today)]
        talent = {one: draw.betavariate(4, 2) for one in members}
        for days in SESSIONS_DAYS_AGO:
            _practise(teacher, place, talent, now - timedelta(days=days, hours=2), draw)
        calibrating.recalibrate(tenant_id=teacher.tenant_id, now=now)
        _choose_goal(pupil, now)
        choosing.push_practice(
            actor=teacher, now=now, today=today, place=place, subject="math", tiers=list(Tier), minutes=15
        )


def hear() -> int:
    """Deliver to this room what waits for it, as the worker does; returns how many events."""
    with scope.everywhere("hear what the demo released"):
        waiting = list(
            Delivery.objects.filter(consumer=CONSUMER, delivered_at__isnull=True)
            .values_list("tenant_id", "subject_key")
            .distinct()
        )
    return sum(outbox.deliver(tenant, CONSUMER, subject) for tenant, subject in waiting)


def _actor(login: str, now: datetime) -> Actor:
    with scope.everywhere("who learns in the demo"):
        return actors_of(Account.objects.get(login=login).pk, clock.today(now))[0]


def _practise(
    teacher: Actor, place: OrganisationInfo, talent: dict[int, float], at: datetime, draw: random.Random
) -> None:
    made = practising.compose(
        tenant_id=teacher.tenant_id,
        tiers=dict.fromkeys(talent, Tier.RAISED),
        subject="math",
        minutes=10,
        grade=place.grade,
        now=at,
    )
    for practice in made:
        rows = list(practice.items.select_related("practice"))
        for number, row in enumerate(rows):
            row.answered_at = at + timedelta(minutes=2 * number, seconds=draw.randrange(60))
            row.value = _drawn(row.content, talent[practice.person_id], draw)
            row.score = min(practising.judge(row, row.value).score, row.max_score)
        PracticeItem.objects.bulk_update(rows, ["answered_at", "value", "score"])
        Practice.objects.filter(pk=practice.pk).update(state=PracticeState.DONE, finished_at=at)
        projecting.take_in(
            tenant_id=practice.tenant_id,
            person_id=practice.person_id,
            answers=[practising.answer_from(row, row.answered_at or at) for row in rows],
            now=at,
        )


def _drawn(content: dict[str, Any], talent: float, draw: random.Random) -> dict[str, Any]:
    """Return what a pupil of some talent (0–1) answers: one of the item's samples, or nothing."""
    luck = talent - float(content.get("difficulty") or 0.4) + draw.gauss(0.3, 0.3)
    kind = "full" if luck > 0.2 else "partial" if luck > 0.1 else "wrong"
    samples: Sequence[dict[str, Any]] = content.get("samples") or ()
    fitting = [one for one in samples if one.get("kind") == kind] or list(samples[-1:])
    if not fitting:
        return {}
    chosen = draw.choice(fitting)
    return {name: chosen[name] for name in ("text", "value", "steps") if name in chosen}


def _choose_goal(pupil: Actor, now: datetime) -> None:
    if Goal.objects.filter(person_id=pupil.person_id).exists():
        return
    choosing.set_goal(
        actor=pupil,
        now=now,
        person=kernel.get_person(pupil.person_id),
        subject="math",
        kind=GoalKind.POINT,
        key=GOAL,
        minutes_a_week=WEEKLY_MINUTES,
    )


def walk(pupil: Client, teacher: Client, *, now: datetime) -> str:
    """Walk through what released marks became: map, path, a practice that waits, the class picture."""
    add_learning(now=now)
    for page in ("", "map/", "path/", "progress/"):
        assert pupil.get(f"/learning/{page}?subject=math").status_code == 200, page
    assert "因为" in pupil.get("/learning/path/?subject=math").content.decode()
    actor = _actor("demo-teacher-math", now)
    with scope.entered(actor.tenants):
        places = kernel.classes_taught(actor, verb=Verb.READ, kind="mastery")
    for place in places:
        assert teacher.get(f"/learning/classes/{place.id}/math/").status_code == 200
    assert pupil.get("/learning/classes/").status_code == 404
    with scope.everywhere("count"):
        mastery, sets = Mastery.objects.filter(n__gt=0).count(), Practice.objects.count()
    assert mastery > 200, mastery
    assert sets >= 60, sets
    return f"{mastery} masteries observed, {sets} practice sets"
