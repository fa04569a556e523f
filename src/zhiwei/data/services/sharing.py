"""Shares: asked for with a purpose, weighed, decided by another person, ended by time or by hand."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhiwei.data.models import Share, ShareTicket
from zhiwei.data.rules.tables import ANALYSABLE, DIRECT, FILTERABLE, OPERATORS, SharedTable, tables
from zhiwei.data.values_sharing import BASES, BUDGETS, DAYS, LEAST_K, ShareKind, ShareState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, jobs, scope
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import STAFF_ROLES, Actor, Level, Verb

MOST_FILTERS = 6
SHORTEST_PURPOSE = 8


@dataclass(frozen=True)
class ShareSpec:
    """What somebody asks for.

    Attributes:
        giver: Id of the organisation whose data are asked for.
        filters: ``{"column", "operator", "value"}`` each.
    """

    giver: int
    table: str
    columns: Sequence[str]
    purpose: str
    basis: str
    days: int
    kind: str = ShareKind.ROWS
    filters: Sequence[Mapping[str, str]] = ()
    plain: bool = False
    k: int = LEAST_K
    budget: int = BUDGETS[1]
    tenants: tuple[int, ...] = field(default=())


def ask_for_share(*, actor: Actor, now: datetime, spec: ShareSpec) -> Share:
    """Ask an organisation for data; they are weighed by a job, then somebody there decides.

    Raises:
        InvalidInputError: Something in the wish does not fit the table.
        ForbiddenError: Not for people of this role, or the basis needs a duty towards these pupils.
        NotFoundError: No such organisation to ask.

    Effects:
        One audit row at the giver; a job.
    """
    require(actor, Verb.CREATE, "share")
    giver = _giver(actor, spec)
    table = checked(spec)
    if spec.basis == "teaching" and not _has_duty(actor, giver.path):
        raise ForbiddenError("「教学」只适用于本单位人员使用本单位的数据。", code="share.no_duty")
    with scope.entered({giver.id, actor.tenant_id, *actor.tenants}):
        row = new_share(actor, now, spec, giver.id, kernel.tenants_below(giver.id))
        if giver.id != actor.tenant_id:
            ShareTicket.objects.create(
                tenant_id=actor.tenant_id,
                person_id=actor.person_id,
                share=row.uuid,
                giver_id=giver.id,
                asked_at=now,
            )
        note(actor, Verb.CREATE, row, now, {"columns": len(row.columns), "plain": row.plain})
        plan_weighing(actor, row, table, now)
    return row


def new_share(actor: Actor, now: datetime, spec: ShareSpec, giver: int, tenants: Sequence[int]) -> Share:
    """Write a share that is still to be weighed."""
    return Share.objects.create(
        tenant_id=giver,
        kind=spec.kind,
        table=spec.table,
        columns=list(spec.columns),
        filters=[dict(one) for one in spec.filters],
        purpose=spec.purpose.strip()[:300],
        basis=spec.basis,
        days=spec.days,
        plain=spec.plain,
        k=spec.k,
        budget=spec.budget,
        tenants=sorted(tenants),
        secret=secrets.token_hex(32),
        asked_by_id=actor.person_id,
        asked_account=actor.account_id,
        asked_from_id=actor.tenant_id,
        asked_name=actor.name[:60],
        asked_at=now,
    )


def plan_weighing(actor: Actor, row: Share, table: SharedTable, now: datetime) -> None:
    """Plan the job that counts what a share would give away."""
    row.job_id = jobs.enqueue(
        "data.weigh_share",
        tenant_id=row.tenant_id,
        key=f"share-{row.pk}",
        now=now,
        arguments={"share_id": row.pk},
        title=f"评估共享申请：{table.meaning}"[:160],
        owner_id=actor.person_id if actor.tenant_id == row.tenant_id else None,
    )
    row.save(update_fields=["job"])


def checked(spec: ShareSpec) -> SharedTable:
    """Return the table a wish is about when all of the wish fits it.

    Raises:
        InvalidInputError: Naming what does not fit.
    """
    table = tables().get(spec.table)
    if table is None:
        raise InvalidInputError("没有这张数据表。", code="share.table")
    known = table.by_name()
    if not spec.columns or not set(spec.columns) <= set(known) or len(set(spec.columns)) != len(spec.columns):
        raise InvalidInputError("请选择这张表中的列。", code="share.columns")
    if any(known[name].level >= Level.SENSITIVE for name in spec.columns):
        raise InvalidInputError("敏感个人信息的列不能共享。", code="share.sensitive")
    if spec.kind == ShareKind.ROOM and any(known[name].kind not in ANALYSABLE for name in spec.columns):
        raise InvalidInputError("分析间只能用类别、日期和数字列。", code="share.not_analysable")
    if spec.plain and spec.kind == ShareKind.ROOM:
        raise InvalidInputError("分析间不提供原始身份。", code="share.plain_room")
    _check_filters(spec.filters, table)
    if len(spec.purpose.strip()) < SHORTEST_PURPOSE:
        raise InvalidInputError("请写明用途（至少 8 个字）。", code="share.purpose")
    if spec.basis not in BASES or spec.days not in DAYS or spec.kind not in list(ShareKind):
        raise InvalidInputError("请选择依据、期限和方式。", code="share.choices")
    if not LEAST_K <= spec.k <= 1000 or spec.budget not in BUDGETS:
        raise InvalidInputError("k 至少为 5。", code="share.k")
    return table


def _check_filters(filters: Sequence[Mapping[str, str]], table: SharedTable) -> None:
    known = table.by_name()
    if len(filters) > MOST_FILTERS:
        raise InvalidInputError("行的条件太多。", code="share.filters")
    for one in filters:
        column = known.get(one.get("column", ""))
        if column is None or column.kind not in FILTERABLE or one.get("operator") not in OPERATORS:
            raise InvalidInputError("行的条件只能用类别、日期和数字列。", code="share.filters")
        if not str(one.get("value", "")).strip() or len(str(one["value"])) > 60:
            raise InvalidInputError("请写明条件的值（至多 60 个字）。", code="share.filters")


def decide_share(*, actor: Actor, now: datetime, share: Share, approve: bool, words: str) -> Share:
    """Let somebody see data, or not; never by who asked.

    Raises:
        ForbiddenError: The actor asked for it (as whomever).
        ConflictError: It does not wait, or too few people look alike in it.
        InvalidInputError: Refused without a word.

    Effects:
        One audit row; the asker is told.
    """
    row = Share.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if row.asked_by_id == actor.person_id or row.asked_account == actor.account_id:
        raise ForbiddenError("申请人不能审批自己的申请，请由另一人审批。", code="share.same_person")
    if row.state != ShareState.WAITING:
        raise ConflictError("这份申请不在等待审批。", code="share.not_waiting")
    if not approve and not words.strip():
        raise InvalidInputError("请写明不同意的理由。", code="share.no_reason")
    if approve and too_small(row):
        raise ConflictError("人数太少，谁都可能被认出，不能共享。", code="share.risk_too_high")
    row.state = ShareState.OPEN if approve else ShareState.REFUSED
    row.decided_by_id, row.decided_at, row.decision = actor.person_id, now, words.strip()[:300]
    row.until = now + timedelta(days=row.days) if approve else None
    row.save(update_fields=["state", "decided_by", "decided_at", "decision", "until"])
    note(actor, Verb.APPROVE, row, now, {"approved": approve})
    _tell_asker(row, now, "已批准" if approve else "没有获批")
    return row


def too_small(row: Share) -> bool:
    """Tell whether too few people stand behind a share for anybody to be hidden among them."""
    if row.plain or row.kind == ShareKind.DOWN:
        return not row.risk.get("people")
    if row.kind == ShareKind.ROOM:
        return int(row.risk.get("people", 0)) < 2 * row.k
    return not row.risk.get("reached")


def end_share(*, actor: Actor, now: datetime, share: Share) -> None:
    """End a share at once: nothing can be read any more and its pseudonyms cannot be made again."""
    row = Share.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if row.state in {ShareState.ENDED, ShareState.REFUSED}:
        return
    row.state, row.ended_at, row.secret = ShareState.ENDED, now, ""
    row.save(update_fields=["state", "ended_at", "secret"])
    note(actor, Verb.DELETE, row, now, {})
    if row.asked_by_id != actor.person_id:
        _tell_asker(row, now, "已被收回")


def note(actor: Actor, verb: Verb, row: Share, now: datetime, detail: Mapping[str, Any]) -> None:
    """Write what was done to a share into the giver's trail."""
    audit.record(
        actor=actor,
        verb=verb,
        kind="share",
        object_id=row.pk,
        now=now,
        tenant_id=row.tenant_id,
        level=Level.PERSONAL,
        detail={"table": row.table, **detail},
    )


def has_direct(table: SharedTable, columns: Sequence[str]) -> bool:
    """Tell whether a choice of columns names people by themselves."""
    return any(table.column(name).kind in DIRECT for name in columns)


def _giver(actor: Actor, spec: ShareSpec) -> kernel.OrganisationInfo:
    found = next((one for one in kernel.givers_for(actor) if one.id == spec.giver), None)
    if found is None:
        raise NotFoundError
    return found


def _has_duty(actor: Actor, path: str) -> bool:
    return any(one.role in STAFF_ROLES and path.startswith(one.path) for one in actor.held)


def _tell_asker(row: Share, now: datetime, words: str) -> None:
    table = tables().get(row.table)
    with scope.entered({row.asked_from_id, *scope.current().tenants}):
        kernel.notify(
            person_ids=[row.asked_by_id],
            tenant_id=row.asked_from_id,
            text=f"您申请的数据「{table.meaning if table else row.table}」{words}",
            url=f"/data/shares/{row.uuid}/",
            key=f"share-{row.pk}-{row.state}",
            now=now,
        )
