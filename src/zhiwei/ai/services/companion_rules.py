"""Who allows the companion: the school's setting, guardians' choices, an adult's presence; and what time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhiwei.ai.models import AdultPresence, CompanionChoice, CompanionSetting, Dialogue
from zhiwei.ai.rules.companion import MOST_MINUTES
from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

PRESENCE = timedelta(minutes=40)
MOST_DAYS = 400


@dataclass(frozen=True)
class SchoolRules:
    """What a school decides about the companion."""

    enabled: bool
    grades: Sequence[int]
    minutes_a_day: int
    from_hour: int
    until_hour: int
    teachers_see: bool
    uses_model: bool
    keep_days: int


def set_school(*, actor: Actor, now: datetime, rules: SchoolRules) -> None:
    """Keep what the school decides; it holds from the next turn on.

    Raises:
        InvalidInputError: Hours, minutes, days or grades out of range.
    """
    if not 0 <= rules.from_hour < rules.until_hour <= 24:
        raise InvalidInputError("开始时刻要早于结束时刻（0–24 时）。", code="companion.hours")
    if not 5 <= rules.minutes_a_day <= MOST_MINUTES or not 7 <= rules.keep_days <= MOST_DAYS:
        raise InvalidInputError(
            f"每天 5–{MOST_MINUTES} 分钟，对话保存 7–{MOST_DAYS} 天。", code="companion.limits"
        )
    if not all(1 <= one <= 12 for one in rules.grades):
        raise InvalidInputError("年级应在 1–12 之间。", code="companion.grades")
    facts = {name: getattr(rules, name) for name in rules.__dataclass_fields__}
    facts["grades"] = sorted(set(rules.grades))
    CompanionSetting.objects.update_or_create(
        tenant_id=actor.tenant_id,
        defaults={**facts, "changed_by_id": actor.person_id, "changed_at": now},
    )
    audit.record(
        actor=actor, verb=Verb.UPDATE, kind="companion_setting", now=now, detail={"enabled": rules.enabled}
    )


def choose_for_child(
    *, actor: Actor, now: datetime, person_id: int, tenant_id: int, allowed: bool, minutes: int | None
) -> None:
    """Keep what a guardian allows a child.

    Raises:
        InvalidInputError: Minutes out of range.
    """
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInputError(f"每天最多 {MOST_MINUTES} 分钟。", code="companion.minutes")
    CompanionChoice.objects.update_or_create(
        person_id=person_id,
        defaults={
            "tenant_id": tenant_id,
            "allowed": allowed,
            "minutes_a_day": minutes,
            "by_id": actor.person_id,
            "at": now,
        },
    )
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="companion_choice",
        about_id=person_id,
        tenant_id=tenant_id,
        level=Level.PERSONAL,
        now=now,
        detail={"allowed": allowed},
    )


def sit_beside(*, actor: Actor, now: datetime, person_ids: Sequence[int], tenant_id: int) -> None:
    """Keep that an adult sits beside pupils for the next 40 minutes."""
    AdultPresence.objects.bulk_create(
        AdultPresence(tenant_id=tenant_id, person_id=one, by_id=actor.person_id, at=now, until=now + PRESENCE)
        for one in sorted(set(person_ids))
    )
    audit.record_each(
        actor=actor,
        verb=Verb.CREATE,
        kind="adult_presence",
        now=now,
        about_ids=sorted(set(person_ids)),
        tenant_id=tenant_id,
    )


def forget_old(now: datetime) -> int:
    """Remove dialogues whose time is over; returns how many."""
    removed, _each = Dialogue.objects.filter(keep_until__lt=now).delete()
    return removed
