"""One call's record and what was said in it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from zhiwei.ai.access import calls_in_reach
from zhiwei.ai.models import Alert, Call, CallContent
from zhiwei.ai.services.accounting import CONTENT_PURPOSE
from zhiwei.ai.services.guarding import ALERT_PURPOSE
from zhiwei.ai.services.sealing import unseal_of
from zhiwei.kernel.access import one
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a call."""

    role: str
    text: str


def find_call(actor: Actor, call_uuid: object) -> Call:
    """Return a call in reach.

    Raises:
        NotFoundError: Absent or not the actor's to see.
    """
    return one(calls_in_reach(actor), uuid=call_uuid)


def content_of(actor: Actor, row: Call) -> list[Said]:
    """Return what was said, for the caller and for auditors; nothing for others, or when its time is over."""
    allowed = row.person_id == actor.person_id or (
        calls_in_reach(actor, Verb.READ, Level.SENSITIVE).filter(pk=row.pk).exists()
    )
    kept = CallContent.objects.filter(call_uuid=row.uuid).first() if allowed else None
    if kept is None:
        return []
    try:
        content = json.loads(unseal_of(kept.tenant_id, kept.key_version, bytes(kept.sealed), CONTENT_PURPOSE))
    except (ValueError, NotFoundError):
        return []
    said = [Said(str(one["role"]), _text(one.get("content"))) for one in content["messages"]]
    return [*said, Said("assistant", content["answer"])] if content["answer"] else said


def words_of(alert: Alert) -> str:
    """Return the words that raised a crisis signal."""
    return unseal_of(alert.tenant_id, alert.key_version, bytes(alert.sealed), ALERT_PURPOSE)


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "🖼")) for part in content if isinstance(part, dict))
    return str(content or "")
