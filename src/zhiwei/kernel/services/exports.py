"""Bulk exports of level 3–4 data: one person asks, another decides, the first fetches once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhiwei.kernel import audit
from zhiwei.kernel.access import one, reach_q, require
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import ExportRequest
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb

HOURS = 48
SHORTEST_REASON = 8


def ask(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    choices: Mapping[str, str],
    rows: int,
    level: Level,
    reason: str,
) -> ExportRequest:
    """Ask for an export; the caller has checked that the actor may export this kind.

    Raises:
        InvalidInputError: There is nothing to export, or the purpose is not told.

    Effects:
        One audit row.
    """
    if not rows:
        raise InvalidInputError(_("没有可导出的内容。"), code="export.empty")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError(_("请写明用途（至少 8 个字）。"), code="export.reason")
    row = ExportRequest.objects.create(
        tenant_id=actor.tenant_id,
        kind=kind,
        choices=dict(choices),
        rows=rows,
        level=level,
        reason=reason.strip()[:200],
        asked_by_id=actor.person_id,
        asked_account=actor.account_id,
        asked_at=now,
        expires_at=now + timedelta(hours=HOURS),
    )
    _note(actor, Verb.CREATE, row, now)
    return row


def own(actor: Actor) -> QuerySet[ExportRequest]:
    """Return what the actor has asked for, newest first."""
    return ExportRequest.objects.filter(asked_by_id=actor.person_id).order_by("-asked_at")


def waiting(actor: Actor, now: datetime) -> QuerySet[ExportRequest]:
    """Return what waits for the actor's decision; never what they, as anybody, asked for themselves."""
    found = policy.reach(actor, Verb.APPROVE, "export", level=Level.SENSITIVE)
    rows = ExportRequest.objects.filter(reach_q(found, place="tenant__path"))
    mine = Q(asked_by_id=actor.person_id) | Q(asked_account=actor.account_id)
    return rows.exclude(mine).filter(approved__isnull=True, expires_at__gt=now).order_by("asked_at")


def decide(*, actor: Actor, now: datetime, request_uuid: object, approve: bool) -> ExportRequest:
    """Approve or refuse somebody else's request.

    Raises:
        ForbiddenError: No role of the actor decides exports.
        NotFoundError: Absent, one's own, decided, expired, or outside the actor's reach.

    Effects:
        One audit row.
    """
    require(actor, Verb.APPROVE, "export", level=Level.SENSITIVE)
    row = one(waiting(actor, now).select_for_update(of=("self",)), uuid=request_uuid)
    row.decided_by_id, row.decided_account = actor.person_id, actor.account_id
    row.decided_at, row.approved = now, approve
    row.save(update_fields=["decided_by", "decided_account", "decided_at", "approved"])
    _note(actor, Verb.APPROVE, row, now)
    return row


def fetch(*, actor: Actor, now: datetime, request_uuid: object, rows: int) -> ExportRequest:
    """Use an approved request up; the caller then gives out what it names.

    Args:
        rows: How many rows the export would have now.

    Raises:
        NotFoundError: Absent or somebody else's.
        ConflictError: Not approved, expired, fetched already, or grown since.
    """
    row = one(own(actor).select_for_update(of=("self",)), uuid=request_uuid)
    if not row.approved or row.expires_at <= now or row.fetched_at is not None:
        raise ConflictError(_("这份导出未获批准、已过期或已下载过，请重新申请。"), code="export.not_open")
    if rows > row.rows:
        raise ConflictError(_("名单比批准时多了，请重新申请。"), code="export.grown")
    row.fetched_at = now
    row.save(update_fields=["fetched_at"])
    return row


def _note(actor: Actor, verb: Verb, row: ExportRequest, now: datetime) -> None:
    detail = {"rows": row.rows, "kind": row.kind, "approved": row.approved, "reason": row.reason}
    audit.record(
        actor=actor, verb=verb, kind="export", object_id=row.pk, tenant_id=row.tenant_id, now=now,
        level=Level(row.level), detail=detail,
    )  # fmt: skip
