"""The record of calls: one's own, or the organisation's for those who oversee it; contents only for auditors."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.ai.access import calls_in_reach
from zhiwei.ai.queries import usage
from zhiwei.ai.queries.records import content_of, find_call
from zhiwei.ai.values import CallState, Purpose
from zhiwei.ai.web.setting_up import trail
from zhiwei.ai.wording import GUARDS, LEVELS, PURPOSES, STATES, purpose_name, yuan
from zhiwei.kernel import audit, clock
from zhiwei.kernel.values import Level, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import role_name
from zhiwei.ui.values import Choice, Crumb

PAGE = 50


@require_GET
@signed_in()
def calls(request: HttpRequest) -> HttpResponse:
    """List calls in reach, newest first."""
    actor, now = actor_of(request), clock.now()
    rows = calls_in_reach(actor).order_by("-at")
    purpose, state = request.GET.get("purpose", ""), request.GET.get("state", "")
    rows = rows.filter(purpose=purpose) if purpose in set(Purpose) else rows
    rows = rows.filter(state=state) if state in set(CallState) else rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = usage.names_of(page.object_list)
    others = {row.person_id for row in page.object_list}
    audit.record_reads(
        actor=actor,
        kind="ai_call",
        now=now,
        about_ids=others,
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
    )
    context = {
        "page": page,
        "rows": [
            (
                row,
                names.get(row.person_id, "—"),
                purpose_name(row.purpose),
                *STATES[CallState(row.state)],
                yuan(row.micro),
            )
            for row in page.object_list
        ],
        "choices": (
            Choice("purpose", _("用途"), tuple((k.value, str(v)) for k, v in PURPOSES.items()), purpose),
            Choice("state", _("结果"), tuple((k.value, str(v[0])) for k, v in STATES.items()), state),
        ),
        "trail": trail(Crumb(_("调用记录"))),
    }
    return render(request, "ai/calls.html", context)


@require_GET
@signed_in()
def call(request: HttpRequest, call_uuid: str) -> HttpResponse:
    """One call with all that is recorded; its content for its own caller, and for auditors under audit."""
    actor, now = actor_of(request), clock.now()
    row = find_call(actor, call_uuid)
    opened = content_of(actor, row)
    if row.person_id != actor.person_id:
        audit.record(
            actor=actor,
            verb=Verb.READ,
            kind="ai_call",
            object_id=row.pk,
            about_id=row.person_id,
            now=now,
            level=Level.SENSITIVE if opened else Level.PERSONAL,
        )
    words, tone = STATES[CallState(row.state)]
    guards = [
        (_("提问") if side == "asked" else _("回答"), GUARDS.get(kind, kind), round(100 * score))
        for side, found in row.guards.items()
        for kind, score in found.items()
    ]
    context = {
        "row": row,
        "who": usage.names_of([row]).get(row.person_id, "—"),
        "role": role_name(row.role) if row.role else "—",
        "purpose": purpose_name(row.purpose),
        "level": LEVELS[row.level],
        "state": words,
        "tone": tone,
        "cost": yuan(row.micro),
        "guards": guards,
        "content": opened,
        "trail": trail(Crumb(_("调用记录"), reverse("ai:calls")), Crumb(str(row.uuid)[:8])),
    }
    return render(request, "ai/call.html", context)
