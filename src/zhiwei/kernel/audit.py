"""The audit door: one row for every write, and for every read of another person's level 3–4 data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from zhiwei.kernel.models import AuditRow
from zhiwei.kernel.values import Actor, Level, Verb


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
    _rows(actor, verb, kind, now, object_id, about_ids, tenant_id, level, detail)


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
            actor_name=actor.name,
            verb=verb,
            kind=kind,
            object_id=str(object_id),
            about_id=about_id,
            level=level,
            detail=dict(detail or {}),
        )
        for about_id in about_ids
    )
