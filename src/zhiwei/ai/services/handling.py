"""What people do about crisis signals."""

from __future__ import annotations

from datetime import datetime

from zhiwei.ai.access import access_alert
from zhiwei.ai.models import Alert
from zhiwei.ai.values import AlertState
from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb


def note_seen(*, actor: Actor, now: datetime, alert: Alert) -> None:
    """Record that somebody has read a signal."""
    if alert.state == AlertState.NEW:
        alert.state = AlertState.SEEN
        alert.save(update_fields=["state"])
    _record(actor, now, alert, Verb.READ)


def close_alert(*, actor: Actor, now: datetime, alert_uuid: object, note: str) -> None:
    """Close a signal with what was done.

    Raises:
        InvalidInputError: Nothing is said.
        NotFoundError: Absent or not the actor's.
    """
    row = access_alert(actor, alert_uuid, verb=Verb.UPDATE)
    if not note.strip():
        raise InvalidInputError("请写明已做的事。", code="ai.alert_note")
    row.state, row.note = AlertState.CLOSED, note.strip()[:300]
    row.handled_by_id, row.handled_at = actor.person_id, now
    row.save(update_fields=["state", "note", "handled_by_id", "handled_at"])
    _record(actor, now, row, Verb.UPDATE)


def _record(actor: Actor, now: datetime, row: Alert, verb: Verb) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="ai_alert",
        object_id=row.pk,
        about_id=row.person_id,
        now=now,
        level=Level.SENSITIVE,
    )
