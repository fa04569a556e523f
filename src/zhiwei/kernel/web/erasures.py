"""Erasing a person's data: asked for here, decided by somebody else, proven by a report."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.models import Person
from zhiwei.kernel.queries import erasures as queries
from zhiwei.kernel.services import erasing
from zhiwei.kernel.values import ErasureState, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

KEEPERS = (Role.DATA_OFFICER, Role.SCHOOL_ADMIN, Role.PRINCIPAL, Role.AUDITOR)
TONES = {"asked": "due", "approved": "machine", "refused": "plain", "done": "earned"}
PAGE = 50


@signed_in(*KEEPERS)
def erasures(request: HttpRequest) -> HttpResponse:
    """What was asked for, what waits for a second person, what is done."""
    actor = actor_of(request)
    page = Paginator(queries.erasures(actor), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = dict(Person.objects.filter(pk__in=[row.subject_id for row in shown]).values_list("pk", "name"))
    decides = queries.may(actor, Verb.APPROVE)
    context = {
        "page": page,
        "rows": [
            (row, names.get(row.subject_id, _("（已删除的人员）")), TONES[row.state], state_name(row.state),
             decides and row.state == ErasureState.ASKED and row.asked_by_id != actor.person_id)
            for row in shown
        ],
        "asks": queries.may(actor, Verb.CREATE),
        "trail": (Crumb(_("数据删除")),),
    }  # fmt: skip
    return render(request, "kernel/erasures.html", context)


@signed_in(Role.DATA_OFFICER, Role.SCHOOL_ADMIN)
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """Look at what is there about a person (GET), then ask for it to go (POST)."""
    actor = actor_of(request)
    given = request.POST if request.method == "POST" else request.GET
    person = queries.person_to_erase(actor, given.get("number", ""))
    if request.method == "POST":
        row = erasing.ask(actor=actor, now=clock.now(), person=person, reason=given.get("reason", ""))
        return redirect("kernel:erasure", erasure_uuid=row.uuid)
    context = {
        "person": person,
        "found": sorted(erasing.preview(person).items()),
        "trail": (Crumb(_("数据删除"), reverse("kernel:erasures")), Crumb(_("核对"))),
    }
    return render(request, "kernel/erasure_ask.html", context)


@signed_in(*KEEPERS)
def erasure(request: HttpRequest, erasure_uuid: str) -> HttpResponse:
    """One erasure with its report."""
    actor = actor_of(request)
    row = queries.erasure(actor, erasure_uuid)
    waits = row.state == ErasureState.ASKED and row.asked_by_id != actor.person_id
    context = {
        "row": row,
        "state": state_name(row.state),
        "tone": TONES[row.state],
        "decides": waits and queries.may(actor, Verb.APPROVE),
        "report": [(word, _counted(row.report.get(key))) for key, word in parts() if key in row.report],
        "left": sum((row.report.get("left") or {}).values()),
        "trail": (Crumb(_("数据删除"), reverse("kernel:erasures")), Crumb(_("报告"))),
    }
    return render(request, "kernel/erasure.html", context)


@require_POST
@signed_in(Role.DATA_OFFICER, Role.PRINCIPAL)
def decide_erasure(request: HttpRequest, erasure_uuid: str) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    actor = actor_of(request)
    row = queries.erasure(actor, erasure_uuid, Verb.APPROVE)
    erasing.decide(actor=actor, now=clock.now(), row=row, approve=request.POST.get("approve") == "1")
    return redirect("kernel:erasure", erasure_uuid=erasure_uuid)


def state_name(state: str) -> str:
    """Return the word for a state."""
    return {"asked": _("待审批"), "approved": _("删除中"), "refused": _("未批准"), "done": _("已删除")}[state]


def parts() -> tuple[tuple[str, str], ...]:
    """Return the parts of a report with their words."""
    return (
        ("rows", _("删除的记录")), ("texts", _("涂去的文本")), ("files", _("销毁的文件")), ("logs", _("涂去的日志")),
        ("rooms", _("各模块另外清除")), ("left", _("复查仍有")), ("kept_by_law", _("依法保留（审计）")),
    )  # fmt: skip


def _counted(value: object) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        return sorted(value.items())
    return [("", int(str(value or 0)))]
