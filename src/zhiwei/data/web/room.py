"""The analysis room: ask a share questions, see safe answers, ask to take one away, let one out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access_sharing as access
from zhiwei.data.rules.sharing_policy import ASKERS, DECIDERS
from zhiwei.data.rules.tables import tables
from zhiwei.data.services import analysing, analysis_exports, reading_shares, room_tables
from zhiwei.data.services.weighing import wanted_of
from zhiwei.data.values_sharing import RunState, ShareKind
from zhiwei.data.wording_sharing import RUN_STATES, RUN_TONES, columns_of, problem_words, table_name
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError, ZhiweiError
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@signed_in(*ASKERS)
def room(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """The room of one share: its table, a question, the questions asked before."""
    actor, now = actor_of(request), clock.now()
    row = access.access_own_share(actor, share_uuid)
    if row.kind != ShareKind.ROOM:
        raise NotFoundError
    sql, wrong = request.POST.get("sql", ""), ""
    with access.at_giver(actor, share_uuid):
        if request.method == "POST":
            try:
                run = analysing.ask(actor=actor, now=now, share=row, sql=sql)
            except ZhiweiError as error:
                wrong = error.message
            else:
                return redirect("data:run", share_uuid=share_uuid, run_uuid=run.uuid)
        context = {**_room(row, now), "sql": sql or _example(row), "wrong": wrong}
        return render(request, "data/room.html", context, status=422 if wrong else 200)


@require_GET
@signed_in(*ASKERS)
def run(request: HttpRequest, share_uuid: str, run_uuid: str) -> HttpResponse:
    """One question and its answer."""
    actor, now = actor_of(request), clock.now()
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        context = {
            **_run(found),
            "is_open": reading_shares.is_open(found.share, now),
            "export": getattr(found, "export", None),
            "trail": (
                Crumb(_("共享"), reverse("data:shares")),
                Crumb(table_name(found.share.table), reverse("data:share", args=[share_uuid])),
                Crumb(_("分析间"), reverse("data:room", args=[share_uuid])),
                Crumb(_("查询")),
            ),
        }
        return render(request, "data/run.html", context)


@require_GET
@signed_in(*ASKERS)
def run_state(request: HttpRequest, share_uuid: str, run_uuid: str) -> HttpResponse:
    """The moving part, polled while a question is answered."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        response = render(request, "data/run_state.html", _run(found))
    if found.state != RunState.WAITING:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@signed_in(*ASKERS)
def run_cancel(request: HttpRequest, share_uuid: str, run_uuid: str) -> HttpResponse:
    """Stop a question."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        analysing.cancel(actor=actor, now=clock.now(), run=found)
    return redirect("data:run", share_uuid=share_uuid, run_uuid=run_uuid)


@require_POST
@signed_in(*ASKERS)
def export_ask(request: HttpRequest, share_uuid: str, run_uuid: str) -> HttpResponse:
    """Ask to take a result away."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        try:
            analysis_exports.ask_export(
                actor=actor, now=clock.now(), run=found, reason=request.POST.get("reason", "")
            )
        except ZhiweiError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("申请已提交，由另一人看过结果后决定。"))
    return redirect("data:run", share_uuid=share_uuid, run_uuid=run_uuid)


@require_POST
@signed_in(*ASKERS)
def export_take(request: HttpRequest, share_uuid: str, run_uuid: str) -> HttpResponse:
    """Fetch an approved result."""
    actor = actor_of(request)
    with access.at_giver(actor, share_uuid):
        found = access.access_own_run(actor, share_uuid, run_uuid)
        content = analysis_exports.take_export(actor=actor, now=clock.now(), run=found)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="analysis.csv"'
    return response


@signed_in(*DECIDERS)
def export_review(request: HttpRequest, run_uuid: str) -> HttpResponse:
    """Look at somebody else's result and let it out, or not."""
    actor, now = actor_of(request), clock.now()
    row = access.access_export(actor, run_uuid)
    if request.method == "POST":
        approve = request.POST.get("decision") == "approve"
        analysis_exports.decide_export(
            actor=actor, now=now, export=row, approve=approve, words=request.POST.get("words", "")
        )
        messages.success(request, _("已批准。") if approve else _("已退回。"))
        return redirect("data:shares")
    context = {
        **_run(row.run),
        "export": row,
        "share": row.run.share,
        "may_decide": row.state == "waiting" and row.asked_by_id != actor.person_id,
        "trail": (Crumb(_("共享"), reverse("data:shares")), Crumb(_("审查结果"))),
    }
    return render(request, "data/export_review.html", context)


def _room(row: Any, now: Any) -> dict[str, Any]:
    table = tables()[row.table]
    spent = analysing.spent(row)
    return {
        "row": row,
        "table": table,
        "title": table_name(row.table),
        "columns": [
            (
                one,
                any(each.name == one.name and each.figure for each in room_tables.shapes(wanted_of(row, []))),
            )
            for one in columns_of(row.table, row.columns)
            if one.kind != "person"
        ],
        "is_open": reading_shares.is_open(row, now),
        "spent": spent,
        "least": max(analysing.LEAST_PEOPLE, row.k),
        "runs": [
            (one, RUN_STATES[one.state], RUN_TONES[one.state]) for one in row.runs.order_by("-asked_at")[:50]
        ],
        "trail": (
            Crumb(_("共享"), reverse("data:shares")),
            Crumb(table_name(row.table), reverse("data:share", args=[row.uuid])),
            Crumb(_("分析间")),
        ),
    }


def _example(row: Any) -> str:
    table = tables()[row.table]
    chosen = {one.name: one for one in columns_of(row.table, row.columns)}
    group = next((name for name in ("grade", "subject", "school") if name in chosen), "")
    figure = next((name for name, one in chosen.items() if one.kind == "figure"), "")
    told = ["COUNT(DISTINCT person) AS pupils"]
    if figure:
        told.append(f"AVG({figure}) AS mean")
    if not group:
        return f"SELECT {', '.join(told)}\nFROM {table.query_name}"
    return f"SELECT {group}, {', '.join(told)}\nFROM {table.query_name}\nGROUP BY {group}\nORDER BY {group}"


def _run(found: Any) -> dict[str, Any]:
    return {
        "run": found,
        "state": RUN_STATES[found.state],
        "tone": RUN_TONES[found.state],
        "alive": found.state == RunState.WAITING,
        "wrong": problem_words(found.problem, found.detail) if found.problem else "",
        "result": list(zip(found.rows, found.people, strict=True)),
        "least": max(analysing.LEAST_PEOPLE, found.share.k),
    }
