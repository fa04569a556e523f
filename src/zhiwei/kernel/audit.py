"""The audit door: one row for every write, and for every read of another person's level 3–4 data.

Of pupils and guardians only the id is written: the trail cannot be changed, and a name that is not there needs no
erasing. Staff are named, as those who answer for what they did; pages look other names up while the person is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from zhiwei.kernel.models import AuditRow
from zhiwei.kernel.values import Actor, Level, Verb

_EACH = """
insert into kernel_auditrow
    (tenant_id, at, account_id, actor_id, actor_name, verb, kind, object_id, level, detail, about_id)
select %s, %s, %s, %s, %s, %s, %s, object, %s, %s::jsonb, about
from unnest(%s::text[], %s::bigint[]) as one (object, about)
"""


def record(
    *,
    actor: Actor,
    verb: Verb,
    kind: str,
    now: datetime,
    object_id: int | str = "",
    about_id: int | None = None,
    tenant_id: int | None = None,
    level: Level = Level.INTERNAL,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one audit row in the current transaction.

    Args:
        tenant_id: Whose records were touched; the actor's own tenant when not given.
        detail: Small facts (counts, codes); never names or content.
    """
    _rows(actor, verb, kind, now, object_id, [about_id], tenant_id, level, detail)


def record_reads(
    *,
    actor: Actor,
    kind: str,
    now: datetime,
    about_ids: Iterable[int],
    tenant_id: int,
    level: Level,
    object_id: int | str = "",
) -> None:
    """Write one row for each other person whose data of level 3–4 was read; one's own data needs none."""
    if level < Level.PERSONAL:
        return
    others = sorted({about for about in about_ids if about != actor.person_id})
    _rows(actor, Verb.READ, kind, now, object_id, others, tenant_id, level, None)


def record_each(
    *,
    actor: Actor,
    verb: Verb,
    kind: str,
    now: datetime,
    about_ids: Iterable[int],
    tenant_id: int,
    level: Level = Level.PERSONAL,
    object_id: int | str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one row for each person that one deed (an import) created or changed, in one statement."""
    about = list(about_ids)
    _many(actor, verb, kind, now, [str(object_id)] * len(about), about, tenant_id, level, detail)


def record_objects(
    *,
    actor: Actor,
    verb: Verb,
    kind: str,
    now: datetime,
    object_ids: Iterable[int],
    tenant_id: int,
    level: Level = Level.INTERNAL,
) -> None:
    """Write one row for each object that one deed created or changed, in one statement."""
    objects = [str(one) for one in object_ids]
    _many(actor, verb, kind, now, objects, [None] * len(objects), tenant_id, level, None)


def _named(actor: Actor) -> str:
    """Return the name that the trail keeps for ever: of staff and the platform only."""
    return actor.name if actor.is_staff or actor.is_system else ""


def _detail(actor: Actor, detail: Mapping[str, object] | None) -> dict[str, object]:
    """Return the facts of a row; in elevated mode with the stretch and the reason, for those concerned to read."""
    mode = actor.elevation
    elevated = {} if mode is None else {"elevation": mode.id, "elevated_for": mode.reason}
    return {**(detail or {}), **elevated}


def _many(
    actor: Actor,
    verb: Verb,
    kind: str,
    now: datetime,
    objects: list[str],
    about: Sequence[int | None],
    tenant_id: int,
    level: Level,
    detail: Mapping[str, object] | None,
) -> None:
    if not objects:
        return
    shared: list[str | int | datetime | None] = [
        tenant_id, now, actor.account_id, actor.person_id, _named(actor), str(verb), kind, int(level),
        json.dumps(_detail(actor, detail), ensure_ascii=False),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_EACH, [*shared, objects, list(about)])


def _rows(
    actor: Actor,
    verb: Verb,
    kind: str,
    now: datetime,
    object_id: int | str,
    about_ids: Iterable[int | None],
    tenant_id: int | None,
    level: Level,
    detail: Mapping[str, object] | None,
) -> None:
    AuditRow.objects.bulk_create(
        AuditRow(
            tenant_id=actor.tenant_id if tenant_id is None else tenant_id,
            at=now,
            account_id=actor.account_id,
            actor_id=actor.person_id,
            actor_name=_named(actor),
            verb=verb,
            kind=kind,
            object_id=str(object_id),
            about_id=about_id,
            level=level,
            detail=_detail(actor, detail),
        )
        for about_id in about_ids
    )
