"""What a pupil may do with the companion now, and dialogues as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from zhiwei.ai.models import AdultPresence, CompanionChoice, CompanionSetting, Dialogue, Turn
from zhiwei.ai.rules.companion import Allowance, Closed, minutes_used, needs_adult, why_closed
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.values import OrganisationKind

WAITS = timedelta(seconds=30)
_FINAL = frozenset({"model", "care", "refusal", "closed", "handed", "answer", "end"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the companion is open to a pupil, what is left today, and what the school decided."""

    closed: Closed | None
    left: int
    minutes: int
    from_hour: int
    until_hour: int
    teachers_see: bool
    uses_model: bool
    keep_days: int
    primary: bool
    adult_until: datetime | None


@dataclass(frozen=True, slots=True)
class TurnView:
    """One utterance as it is shown."""

    speaker: str
    kind: str
    said: str
    rung: int
    citations: tuple[Mapping[str, Any], ...]
    model: str
    name: str
    at: datetime


def standing_of(person_id: int, tenant_id: int, *, now: datetime) -> Standing:
    """Return how a pupil stands to the companion."""
    setting = setting_of(tenant_id)
    choice = choice_of(person_id)
    today = clock.today(now)
    grade = grade_of(person_id, now=now)
    begin = datetime.combine(today, time(), tzinfo=timezone.get_current_timezone())
    times = list(
        Turn.objects.filter(dialogue__person_id=person_id, at__gte=begin)
        .order_by("at")
        .values_list("at", flat=True)
    )
    presence = AdultPresence.objects.filter(person_id=person_id, until__gt=now).order_by("-until").first()
    minutes = setting.minutes_a_day
    if choice is not None and choice.minutes_a_day is not None:
        minutes = min(minutes, choice.minutes_a_day)
    known = Allowance(
        enabled=setting.enabled,
        grades=tuple(setting.grades),
        grade=grade,
        guardian_allows=choice is None or choice.allowed,
        from_hour=setting.from_hour,
        until_hour=setting.until_hour,
        minutes=minutes,
        used=minutes_used(times),
        adult_until=presence.until if presence else None,
    )
    return Standing(
        closed=why_closed(known, timezone.localtime(now)),
        left=max(round(minutes - known.used), 0),
        minutes=minutes,
        from_hour=setting.from_hour,
        until_hour=setting.until_hour,
        teachers_see=setting.teachers_see,
        uses_model=setting.uses_model,
        keep_days=setting.keep_days,
        primary=needs_adult(grade),
        adult_until=known.adult_until,
    )


def setting_of(tenant_id: int) -> CompanionSetting:
    """Return what a school decided; an unsaved row that keeps everything off when it decided nothing."""
    return CompanionSetting.objects.filter(tenant_id=tenant_id).first() or CompanionSetting(
        tenant_id=tenant_id
    )


def choice_of(person_id: int) -> CompanionChoice | None:
    """Return what a guardian decided for a child."""
    return CompanionChoice.objects.filter(person_id=person_id).first()


def grade_of(person_id: int, *, now: datetime) -> int | None:
    """Return a pupil's grade; 13 stands for anybody beyond school."""
    classes = kernel.classes_of_pupils([person_id], clock.today(now)).get(person_id, [])
    places = [kernel.get_organisation(one) for one in classes]
    grades = [one.grade for one in places if one.grade is not None]
    if grades:
        return min(grades)
    beyond = any(kernel.get_organisation(one.tenant_id).kind is OrganisationKind.UNIVERSITY for one in places)
    return 13 if beyond else None


def turns_of(dialogue: Dialogue) -> list[TurnView]:
    """Return a dialogue's turns, opened."""
    rows = dialogue.turns.select_related("by").order_by("number")
    return [
        TurnView(
            row.speaker,
            row.kind,
            str(row.said),
            row.rung,
            tuple(row.citations),
            row.model,
            row.by.name if row.by else "",
            row.at,
        )
        for row in rows
    ]


def model_may_come(dialogue: Dialogue, turns: Sequence[TurnView], now: datetime) -> bool:
    """Tell whether a model's turn may still be on its way: the school allows one and the last words are fresh."""
    if not turns or turns[-1].kind in _FINAL or not setting_of(dialogue.tenant_id).uses_model:
        return False
    return now - turns[-1].at < WAITS
