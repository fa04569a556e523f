"""What people choose: goals, tiers, the method, a practice pushed to a tier."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from zhiwei.engines.practice import Tier
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit
from zhiwei.kernel.api import OrganisationInfo, PersonInfo
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb
from zhiwei.learning.models import Assignment, Goal, MethodChoice, TierChoice
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.queries.tiers import tiers_of
from zhiwei.learning.services.practising import compose
from zhiwei.learning.values import GoalKind, Method

LEAST_WEEKLY, MOST_WEEKLY = 10, 600


def set_goal(
    *,
    actor: Actor,
    now: datetime,
    person: PersonInfo,
    subject: str,
    kind: GoalKind,
    key: str,
    minutes_a_week: int,
) -> Goal:
    """Set what a pupil works towards: one point, or all points of a domain and grade (``grade/domain``).

    Raises:
        InvalidInputError: No such point or domain, or minutes out of range.

    Effects:
        One audit row; replaces the goal there was in the subject.
    """
    if not LEAST_WEEKLY <= minutes_a_week <= MOST_WEEKLY:
        raise InvalidInputError(f"每周时间应在 {LEAST_WEEKLY}–{MOST_WEEKLY} 分钟之间。", code="goal.minutes")
    title, points = goal_points(subject, kind, key)
    goal, _ = Goal.objects.update_or_create(
        tenant_id=person.tenant_id,
        person_id=person.id,
        subject=subject,
        defaults={
            "kind": kind,
            "title": title[:120],
            "points": points,
            "minutes_a_week": minutes_a_week,
            "set_by_id": actor.person_id,
            "set_at": now,
        },
    )
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="goal",
        object_id=goal.pk,
        about_id=person.id,
        tenant_id=person.tenant_id,
        level=Level.PERSONAL,
        now=now,
    )
    return goal


def goal_points(subject: str, kind: GoalKind, key: str) -> tuple[str, list[str]]:
    """Return a goal's name and points.

    Raises:
        InvalidInputError: The graph does not know it.
    """
    graph = subject_graph(subject)
    if kind is GoalKind.POINT and key in graph.points:
        return graph.name(key), [key]
    grade, _, domain = key.partition("/")
    points = [one.key for one in graph.points.values() if str(one.grade) == grade and one.domain == domain]
    if kind is GoalKind.DOMAIN and points:
        return f"{grade} 年级 {domain}", points
    raise InvalidInputError("图谱里没有这个目标，请重新选择。", code="goal.unknown")


def set_tiers(
    *, actor: Actor, now: datetime, place: OrganisationInfo, today: date, subject: str, chosen: dict[int, str]
) -> int:
    """Set pupils' tiers by hand; an empty tier hands the pupil back to the model. Returns how many changed.

    Raises:
        InvalidInputError: Not a pupil of the class, or no such tier.

    Effects:
        One audit row a pupil moved.
    """
    members = {one.id for one in kernel.pupils_of_class(place.id, today)}
    if not set(chosen) <= members:
        raise InvalidInputError("名单里有不属于这个班的学生。", code="tier.foreign")
    before = dict(
        TierChoice.objects.filter(person_id__in=list(chosen), subject=subject).values_list(
            "person_id", "tier"
        )
    )
    moved = {one: tier for one, tier in chosen.items() if tier != before.get(one, "")}
    for person_id, tier in moved.items():
        _set_tier(actor, now, place.tenant_id, person_id, subject, tier)
    return len(moved)


def set_method(*, actor: Actor, now: datetime, place: OrganisationInfo, subject: str, method: Method) -> None:
    """Choose the model or plain rules for a class in a subject.

    Effects:
        One audit row.
    """
    row, _ = MethodChoice.objects.update_or_create(
        tenant_id=place.tenant_id,
        organisation_id=place.id,
        subject=subject,
        defaults={"method": method, "by_id": actor.person_id, "at": now},
    )
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="mastery_method",
        object_id=row.pk,
        tenant_id=place.tenant_id,
        now=now,
        detail={"method": str(method), "subject": subject},
    )


def push_practice(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    place: OrganisationInfo,
    subject: str,
    tiers: Sequence[Tier],
    minutes: int,
    points: Collection[str] = (),
) -> list[tuple[Assignment, int]]:
    """Give each pupil of these tiers a practice set of the pupil's own; returns assignments with how many sets.

    Raises:
        ConflictError: Nobody is in the tiers, or the bank has nothing for them.
        InvalidInputError: Minutes out of range.

    Effects:
        One audit row and one assignment a tier; a notice to each pupil.
    """
    pupils = [one.id for one in kernel.pupils_of_class(place.id, today)]
    placed = tiers_of(pupils, subject=subject, now=now, today=today)
    made = []
    for tier in tiers:
        members = {one: tier for one in pupils if placed[one].tier is tier}
        if members:
            made.append(_push(actor, now, place, subject, tier, members, minutes, points))
    if not sum(count for _, count in made):
        raise ConflictError("所选层次里没有学生，或题库里没有合适的题。", code="practice.nobody")
    return made


def _push(
    actor: Actor,
    now: datetime,
    place: OrganisationInfo,
    subject: str,
    tier: Tier,
    members: dict[int, Tier],
    minutes: int,
    points: Collection[str],
) -> tuple[Assignment, int]:
    row = Assignment.objects.create(
        tenant_id=place.tenant_id,
        organisation_id=place.id,
        subject=subject,
        tier=tier,
        points=list(points),
        minutes=minutes,
        by_id=actor.person_id,
        at=now,
    )
    practices = compose(
        tenant_id=place.tenant_id,
        tiers=members,
        subject=subject,
        minutes=minutes,
        grade=place.grade,
        points=points,
        assignment=row,
        now=now,
    )
    kernel.notify(
        person_ids=[one.person_id for one in practices],
        tenant_id=place.tenant_id,
        text=f"老师给你推了一份 {minutes} 分钟的练习",
        url="/learning/",
        key=f"practice-{row.pk}",
        now=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="practice_assignment",
        object_id=row.pk,
        tenant_id=place.tenant_id,
        now=now,
        detail={"tier": str(tier), "sets": len(practices)},
    )
    return row, len(practices)


def _set_tier(actor: Actor, now: datetime, tenant_id: int, person_id: int, subject: str, tier: str) -> None:
    if tier == "":
        TierChoice.objects.filter(person_id=person_id, subject=subject).delete()
    elif tier in set(Tier):
        TierChoice.objects.update_or_create(
            tenant_id=tenant_id,
            person_id=person_id,
            subject=subject,
            defaults={"tier": tier, "by_id": actor.person_id, "at": now},
        )
    else:
        raise InvalidInputError("没有这个层次。", code="tier.unknown")
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="tier",
        about_id=person_id,
        tenant_id=tenant_id,
        level=Level.PERSONAL,
        now=now,
        detail={"tier": tier, "subject": subject},
    )
