"""Elevated mode: somebody sees more for a while, for a reason that everybody concerned can read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from zhiwei.kernel import audit, scope
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ForbiddenError, InvalidInputError
from zhiwei.kernel.models import Elevation
from zhiwei.kernel.services import safety, second_factor
from zhiwei.kernel.values import Actor, Elevated, Level, Verb

SHORTEST_REASON = 8


def begin(*, actor: Actor, now: datetime, reason: str, minutes: int, code: str = "") -> int:
    """Begin elevated mode for the actor's session; returns its id.

    Args:
        code: A one-time code; needed when the account has a second factor.

    Raises:
        ForbiddenError: The actor's roles know no elevated mode, or the code is wrong.
        InvalidInputError: The reason is too short, or the time longer than the organisation allows.

    Effects:
        One audit row.
    """
    require(actor, Verb.CREATE, "elevation")
    most = safety.safety_of(actor.tenant_id).elevated_minutes
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError(
            _("请写明事由（至少 8 个字），数据所属的人会看到它。"), code="elevation.reason"
        )
    if not safety.SHORTEST <= minutes <= most:
        raise InvalidInputError(
            _("时长应为 %(low)s–%(high)s 分钟。") % {"low": safety.SHORTEST, "high": most},
            code="elevation.minutes",
        )
    if second_factor.enrolled(actor.account_id) and not second_factor.check(
        account_id=actor.account_id, word=code, now=now
    ):
        raise ForbiddenError(_("口令不对或已用过。"), code="elevation.code")
    row = Elevation.objects.create(
        tenant_id=actor.tenant_id,
        person_id=actor.person_id,
        account_id=actor.account_id,
        reason=reason.strip()[:200],
        began_at=now,
        until=now + timedelta(minutes=minutes),
    )
    audit.record(
        actor=actor, verb=Verb.CREATE, kind="elevation", object_id=row.pk, now=now,
        level=Level.PERSONAL, detail={"minutes": minutes, "reason": row.reason},
    )  # fmt: skip
    return row.pk


def end(*, actor: Actor, now: datetime) -> None:
    """End the actor's elevated mode early; one audit row."""
    if actor.elevation is None:
        return
    Elevation.objects.filter(pk=actor.elevation.id, ended_at__isnull=True).update(ended_at=now)
    audit.record(
        actor=actor, verb=Verb.UPDATE, kind="elevation", object_id=actor.elevation.id, now=now,
        level=Level.PERSONAL,
    )  # fmt: skip


def in_force(actor: Actor, elevation_id: int, now: datetime) -> Elevated | None:
    """Return elevated mode if this one is the actor's own, begun, and neither ended nor over."""
    row = Elevation.objects.filter(
        pk=elevation_id,
        person_id=actor.person_id,
        account_id=actor.account_id,
        ended_at__isnull=True,
        until__gt=now,
    ).first()
    return None if row is None else Elevated(row.pk, row.reason, row.until.isoformat())


def note_request(*, actor: Actor, route: str, method: str, status: int, now: datetime) -> None:
    """Write one request into the trail, in a transaction of its own: also what was refused."""
    with scope.entered([actor.tenant_id]):
        audit.record(
            actor=actor, verb=Verb.READ, kind="elevated_request", object_id=route[:64], now=now,
            level=Level.PERSONAL, detail={"method": method, "status": status},
        )  # fmt: skip
