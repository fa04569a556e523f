"""What the frame around every page shows of the actor, in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from zhiwei.kernel.values import Actor

_FACTS = """
select (select name from kernel_organisation where id = %s),
       (select count(*) from kernel_notification where person_id = %s and read_at is null)
"""


@dataclass(frozen=True)
class FrameFacts:
    """The name of one's own unit, and how many notices are unread."""

    place_name: str
    unread: int


def frame_facts(actor: Actor) -> FrameFacts:
    """Return what the frame shows; one statement, because every page pays for it."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [actor.tenant_id, actor.person_id])
        row = cursor.fetchone()
    name, unread = row if row else ("", 0)
    return FrameFacts(name or "", int(unread))
