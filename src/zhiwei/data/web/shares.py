"""Sharing: what one asked for, what waits for one's decision, the ledger; ask, decide, end, read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access_sharing as access
from zhiwei.data.queries import sharing as queries
from zhiwei.data.rules.sharing_policy import ASKERS, DECIDERS, GIVERS_DOWN, RECEIVERS
from zhiwei.data.rules.tables import SharedTable, tables
from zhiwei.data.services import reading_shares, sharing
from zhiwei.data.services.handing_down import ask_to_hand_down, hand_down, take_back
from zhiwei.data.values_sharing import ShareKind, ShareState
from zhiwei.data.web.share_form import ShareForm
from zhiwei.data.wording_sharing import (
    BASES,
    KINDS,
    STATES,
    TONES,
    columns_of,
    filter_words,
    given_words,
    level_words,
    table_name,
)
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, ZhiweiError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

VISITORS = frozenset({*ASKERS, *DECIDERS, *RECEIVERS, Role.AUDITOR})
PAGE = 50


@require_GET
@signed_in(*VISITORS)
def shares(request: HttpRequest) -> HttpResponse:
    """Everything of sharing that concerns the actor."""
    actor, now = actor_of(request), clock.now()
    mine = access.own_shares(actor)
    context = {
        "own": [_line(one, now) for one in mine],
        "waiting": [_line(one, now) for one in queries.waiting_shares(actor)],
        "exports": queries.waiting_exports(actor),
        "ledger": [_line(one, now) for one in access.ledger(actor).order_by("-asked_at")[:100]],
        "received": [(one, table_name(one.table)) for one in access.received(actor)[:50]],
        "tables": list(tables().values()),
        "may_ask": bool(set(ASKERS) & actor.roles),
        "may_hand_down": bool(set(GIVERS_DOWN) & actor.roles) and len(actor.tenants) > 1,
        "now": now,
        "trail": (Crumb(_("共享")),),
    }
    return render(request, "data/shares.html", context)


@signed_in(*ASKERS)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for data of one table."""
    return _new(request, down=False)


@signed_in(*GIVERS_DOWN)
def new_down(request: HttpRequest) -> HttpResponse:
    """Ask to hand one table down to the schools below."""
    return _new(request, down=True)


def _new(request: HttpRequest, *, down: bool) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    require(actor, Verb.CREATE, "handed_down" if down else "share")
    table = _table(request.GET.get("table", ""))
    givers = kernel.givers_for(actor)
    if down:
        givers = [one for one in givers if one.id == actor.tenant_id]
    initial = {
        "giver": str(actor.tenant_id),
        "columns": _usual(table),
        "basis": "teaching" if down else "research",
    }
    form = ShareForm(request.POST or None, table=table, givers=givers, down=down, initial=initial)
    if request.method == "POST" and form.is_valid():
        ask = ask_to_hand_down if down else sharing.ask_for_share
        try:
            made = ask(actor=actor, now=now, spec=form.spec())
        except (InvalidInputError, ForbiddenError, ConflictError) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("申请已提交：先评估风险，再由另一人审批。"))
            return redirect("data:share", share_uuid=made.uuid)
    context = {
        "form": form,
        "table": table,
        "tables": list(tables().values()),
        "down": down,
        "trail": (Crumb(_("共享"), reverse("data:shares")), Crumb(_("下发数据") if down else _("申请数据"))),
    }
    return render(request, "data/share_new.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in(*VISITORS)
def share(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """One share: what was asked, what it would give away, who decided."""
    actor, now = actor_of(request), clock.now()
    row = access.access_share(actor, share_uuid)
    mine = row.asked_by_id == actor.person_id and row.asked_account == actor.account_id
    context = {
        **_about(row, now),
        "mine": mine,
        "may_read": mine and reading_shares.is_open(row, now) and row.kind == ShareKind.ROWS,
        "may_ask": mine and reading_shares.is_open(row, now) and row.kind == ShareKind.ROOM,
        "may_decide": row.state == ShareState.WAITING and not mine and bool(set(DECIDERS) & actor.roles),
        "may_end": row.state in {ShareState.OPEN, ShareState.WAITING}
        and (mine or bool(set(DECIDERS) & actor.roles)),
        "elevated": actor.elevated,
        "trail": (Crumb(_("共享"), reverse("data:shares")), Crumb(table_name(row.table))),
    }
    return render(request, "data/share.html", context)


@require_GET
@signed_in(*VISITORS)
def share_state(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """The moving part, polled while the share is weighed."""
    row = access.access_share(actor_of(request), share_uuid)
    response = render(request, "data/share_state.html", _about(row, clock.now()))
    if row.state != ShareState.WEIGHING or getattr(row.job, "state", "") not in jobs.ALIVE:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@signed_in(*DECIDERS)
def decide(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """Let somebody see data, or not, as the second person."""
    actor, now = actor_of(request), clock.now()
    row = access.access_decision(actor, share_uuid)
    approve = request.POST.get("decision") == "approve"
    words = request.POST.get("words", "")
    decided = sharing.decide_share(actor=actor, now=now, share=row, approve=approve, words=words)
    if approve and decided.kind == ShareKind.DOWN:
        hand_down(actor=actor, now=now, share=decided)
    messages.success(request, _("已批准。") if approve else _("已退回。"))
    return redirect("data:share", share_uuid=share_uuid)


@require_POST
@signed_in(*VISITORS)
def end(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """End a share at once, as who asked or who decides."""
    actor, now = actor_of(request), clock.now()
    try:
        row = access.access_decision(actor, share_uuid)
    except NotFoundError:
        row = access.access_own_share(actor, share_uuid)
    with access.at_giver(actor, share_uuid):
        sharing.end_share(actor=actor, now=now, share=row)
        if row.kind == ShareKind.DOWN:
            take_back(now=now, share=row)
    messages.success(request, _("已收回：现在起不能再读取。"))
    return redirect("data:share", share_uuid=share_uuid)


@require_GET
@signed_in(*ASKERS)
def rows(request: HttpRequest, share_uuid: str) -> HttpResponse:
    """Rows of one's own open share, page by page."""
    actor, now = actor_of(request), clock.now()
    row = access.access_own_share(actor, share_uuid)
    try:
        page = reading_shares.read_share(
            actor=actor, now=now, share=row, after=_whole(request.GET.get("after", "")), limit=PAGE
        )
    except ZhiweiError as error:
        messages.error(request, error.message)
        return redirect("data:share", share_uuid=share_uuid)
    context = {
        **_about(row, now),
        "page": page,
        "next_url": f"?after={page.following}" if page.following is not None else "",
        "trail": (
            Crumb(_("共享"), reverse("data:shares")),
            Crumb(table_name(row.table), reverse("data:share", args=[row.uuid])),
            Crumb(_("数据")),
        ),
    }
    return render(request, "data/share_rows.html", context)


def _line(row: Any, now: Any) -> dict[str, Any]:
    state = _state(row, now)
    return {
        "row": row,
        "table": table_name(row.table),
        "kind": KINDS[row.kind],
        "state": STATES[state],
        "tone": TONES[state],
    }


def _state(row: Any, now: Any) -> str:
    over = row.state == ShareState.OPEN and not reading_shares.is_open(row, now)
    return "over" if over else str(row.state)


def _about(row: Any, now: Any) -> dict[str, Any]:
    columns = columns_of(row.table, row.columns)
    return {
        **_line(row, now),
        "columns": [(one, given_words(one)) for one in columns],
        "conditions": filter_words(row.table, row.filters),
        "basis": BASES[row.basis],
        "levels": level_words(row.table, row.risk.get("levels") or {}),
        "risk": row.risk,
        "too_small": row.state == ShareState.WAITING and sharing.too_small(row),
        "job": row.job,
        "now": now,
    }


def _table(key: str) -> SharedTable:
    known = tables()
    if key and key not in known:
        raise NotFoundError
    return known[key] if key else next(iter(known.values()))


def _usual(table: SharedTable) -> list[str]:
    return [one.name for one in table.columns if one.kind not in {"name", "number", "text", "class"}]


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0
