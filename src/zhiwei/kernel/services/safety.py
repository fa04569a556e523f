"""What an organisation asks of its people: the second factor, and how long elevated mode may last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from zhiwei.kernel import audit, scope
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.models import Organisation, SafetyPolicy
from zhiwei.kernel.values import PRIVILEGED_ROLES, STAFF_ROLES, Actor, FactorRule, Verb

ELEVATED_MINUTES = 30
SHORTEST, LONGEST = 5, 120
_STRENGTH = {FactorRule.OFF: 0, FactorRule.PRIVILEGED: 1, FactorRule.STAFF: 2}


@dataclass(frozen=True)
class Safety:
    """The rules in force for one organisation."""

    second_factor: FactorRule
    elevated_minutes: int


def floor() -> FactorRule:
    """Return the platform's own rule; organisations can only ask for more."""
    return FactorRule(settings.SECOND_FACTOR)


def safety_of(tenant_id: int) -> Safety:
    """Return the rules for one organisation: the strictest of the platform's, its superiors' and its own."""
    with scope.everywhere("read the safety policy"):
        path = Organisation.objects.filter(pk=tenant_id).values_list("path", flat=True).first() or ""
        above = [int(one) for one in path.split("/") if one]
        found = list(SafetyPolicy.objects.filter(tenant_id__in=above))
    rules = [floor(), *(FactorRule(one.second_factor) for one in found)]
    minutes = min((one.elevated_minutes for one in found), default=ELEVATED_MINUTES)
    return Safety(max(rules, key=_STRENGTH.__getitem__), minutes)


def asks_second_factor(people: Iterable[Actor]) -> bool:
    """Tell whether an account that may act as these people needs a second factor."""
    return any(_asked(one) for one in people)


def set_policy(*, actor: Actor, now: datetime, second_factor: FactorRule, elevated_minutes: int) -> None:
    """Set the rules of the actor's organisation.

    Raises:
        InvalidInputError: The minutes are outside 5–120.

    Effects:
        One audit row.
    """
    if not SHORTEST <= elevated_minutes <= LONGEST:
        raise InvalidInputError(f"高权限时长应为 {SHORTEST}–{LONGEST} 分钟。", code="safety.minutes")
    SafetyPolicy.objects.update_or_create(
        tenant_id=actor.tenant_id,
        defaults={"second_factor": second_factor, "elevated_minutes": elevated_minutes, "changed_at": now},
    )
    detail = {"second_factor": second_factor.value, "elevated_minutes": elevated_minutes}
    audit.record(actor=actor, verb=Verb.UPDATE, kind="safety_policy", now=now, detail=detail)


def _asked(person: Actor) -> bool:
    rule = safety_of(person.tenant_id).second_factor
    if rule is FactorRule.OFF:
        return False
    roles = STAFF_ROLES if rule is FactorRule.STAFF else PRIVILEGED_ROLES
    return bool(roles & person.roles)
