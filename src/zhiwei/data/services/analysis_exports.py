"""Taking a result of the analysis room away: asked for, looked at by another person, then fetched."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

from django.db.models import F

from zhiwei.data.models import AnalysisExport, AnalysisRun
from zhiwei.data.services.reading_shares import check_reader
from zhiwei.data.values_sharing import ExportState, RunState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from zhiwei.kernel.tables import escaped
from zhiwei.kernel.values import Actor, Level, Verb

SHORTEST_REASON = 8


def ask_export(*, actor: Actor, now: datetime, run: AnalysisRun, reason: str) -> AnalysisExport:
    """Ask to take a result away.

    Raises:
        ConflictError: There is no result, or it was asked for already.
        InvalidInputError: The reason is missing.
    """
    check_reader(actor, run.share, now)
    if run.state != RunState.DONE or AnalysisExport.objects.filter(run=run).exists():
        raise ConflictError("没有可导出的结果，或已经申请过。", code="analysis.no_export")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError("请写明用途（至少 8 个字）。", code="analysis.reason")
    with scope.entered({run.tenant_id, actor.tenant_id}):
        row = AnalysisExport.objects.create(
            tenant_id=run.tenant_id,
            run=run,
            reason=reason.strip()[:300],
            asked_by_id=actor.person_id,
            asked_at=now,
        )
        _note(actor, Verb.CREATE, row, now)
    return row


def decide_export(
    *, actor: Actor, now: datetime, export: AnalysisExport, approve: bool, words: str
) -> AnalysisExport:
    """Let a result out, or not; never by who asked.

    Raises:
        ForbiddenError: The actor asked for it.
        ConflictError: It was decided already.
        InvalidInputError: Refused without a word.
    """
    row = AnalysisExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    share = row.run.share
    if row.asked_by_id == actor.person_id or share.asked_account == actor.account_id:
        raise ForbiddenError("申请人不能审批自己的导出，请由另一人审批。", code="analysis.same_person")
    if row.state != ExportState.WAITING:
        raise ConflictError("这份导出已经审批过。", code="analysis.decided")
    if not approve and not words.strip():
        raise InvalidInputError("请写明不同意的理由。", code="analysis.no_reason")
    row.state = ExportState.APPROVED if approve else ExportState.REFUSED
    row.decided_by_id, row.decided_at, row.decision = actor.person_id, now, words.strip()[:300]
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _note(actor, Verb.APPROVE, row, now)
    with scope.entered({share.asked_from_id, *scope.current().tenants}):
        kernel.notify(
            person_ids=[row.asked_by_id],
            tenant_id=share.asked_from_id,
            text="分析结果的导出已批准" if approve else "分析结果的导出没有获批",
            url=f"/data/shares/{share.uuid}/room/{row.run.uuid}/",
            key=f"analysis-export-{row.pk}",
            now=now,
        )
    return row


def take_export(*, actor: Actor, now: datetime, run: AnalysisRun) -> bytes:
    """Return an approved result as CSV; every taking is on record.

    Raises:
        ConflictError: It is not approved, or the share is over.
    """
    check_reader(actor, run.share, now)
    row = AnalysisExport.objects.filter(run=run, state=ExportState.APPROVED).first()
    if row is None:
        raise ConflictError("导出还没有获批。", code="analysis.not_approved")
    AnalysisExport.objects.filter(pk=row.pk).update(taken=F("taken") + 1)
    _note(actor, Verb.EXPORT, row, now)
    return as_csv(run)


def as_csv(run: AnalysisRun) -> bytes:
    """Return a result as CSV whose cells are no formulas."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([escaped(str(one)) for one in run.columns])
    for row in run.rows:
        writer.writerow(["" if one is None else escaped(one) if isinstance(one, str) else one for one in row])
    return out.getvalue().encode("utf-8-sig")


def _note(actor: Actor, verb: Verb, row: AnalysisExport, now: datetime) -> None:
    audit.record(
        actor=actor, verb=verb, kind="analysis_export", object_id=row.pk, now=now, tenant_id=row.tenant_id,
        level=Level.INTERNAL, detail={"run": row.run_id, "state": row.state},
    )  # fmt: skip
