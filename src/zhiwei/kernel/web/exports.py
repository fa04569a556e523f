"""Pages of bulk exports: ask, decide about somebody else's, fetch one's own once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiwei.kernel import audit, clock
from zhiwei.kernel.access import require
from zhiwei.kernel.api import notify, people_holding
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.models import Person
from zhiwei.kernel.queries import directory
from zhiwei.kernel.services import exports as service
from zhiwei.kernel.tables import workbook
from zhiwei.kernel.values import Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import role_name
from zhiwei.ui.values import Crumb

ASKING = (Role.SCHOOL_ADMIN, Role.DATA_OFFICER)
DECIDING = (Role.PRINCIPAL, Role.SECURITY_OFFICER, Role.DATA_OFFICER, Role.SCHOOL_ADMIN, Role.BUREAU_ADMIN)
CHOICES = ("q", "role", "class", "sort")
PEOPLE = "people"
MOST_ROWS = 20_000


class ExportForm(forms.Form):
    """What the export is for."""

    reason = forms.CharField(label=gettext_lazy("用途"), max_length=200, min_length=service.SHORTEST_REASON)


@signed_in(*ASKING)
def ask_export(request: HttpRequest) -> HttpResponse:
    """Ask for the list of people as a workbook; somebody else decides."""
    actor, now = actor_of(request), clock.now()
    require(actor, Verb.EXPORT, "roster", level=Level.PERSONAL)
    choices = {name: request.GET[name] for name in CHOICES if request.GET.get(name)}
    rows, form = len(_people(actor, choices)), ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.ask(
                actor=actor, now=now, kind=PEOPLE, choices=choices, rows=rows, level=Level.PERSONAL,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except InvalidInputError as error:
            form.add_error("reason", error.message)
        else:
            _tell_deciders(actor, made.pk)
            messages.success(request, _("申请已提交，由另一位负责人审批。"))
            return redirect("kernel:exports")
    context = {
        "form": form,
        "rows": rows,
        "trail": (Crumb(_("人员"), reverse("kernel:people")), Crumb(_("申请导出"))),
    }
    return render(request, "kernel/export_ask.html", context, status=422 if form.errors else 200)


@signed_in(*DECIDING)
def exports(request: HttpRequest) -> HttpResponse:
    """What waits for one's decision, and what one asked for."""
    actor, now = actor_of(request), clock.now()
    context = {
        "waiting": service.waiting(actor, now).select_related("asked_by", "tenant")[:100],
        "own": service.own(actor).select_related("decided_by")[:50],
        "now": now,
        "trail": (Crumb(_("导出审批")),),
    }
    return render(request, "kernel/exports.html", context)


@require_POST
@signed_in(*DECIDING)
def decide_export(request: HttpRequest, export_uuid: str) -> HttpResponse:
    """Approve or refuse somebody else's export; the asker is told."""
    actor, now, approve = actor_of(request), clock.now(), request.POST.get("decision") == "approve"
    row = service.decide(actor=actor, now=now, request_uuid=export_uuid, approve=approve)
    notify(
        person_ids=[row.asked_by_id],
        tenant_id=row.tenant_id,
        text=_("您的导出申请已批准，请在期限内下载。") if approve else _("您的导出申请未获批准。"),
        url=reverse("kernel:exports"),
        key=f"export-decided/{row.pk}",
        now=now,
    )
    messages.success(request, _("已批准。") if approve else _("已拒绝。"))
    return redirect("kernel:exports")


@signed_in(*ASKING)
def fetch_export(request: HttpRequest, export_uuid: str) -> HttpResponse:
    """Give an approved export out, once; everybody in it finds it among who looked at their data."""
    actor, now = actor_of(request), clock.now()
    require(actor, Verb.EXPORT, "roster", level=Level.PERSONAL)
    asked = service.own(actor).filter(uuid=export_uuid).values_list("choices", flat=True).first() or {}
    found = _people(actor, asked)
    row = service.fetch(actor=actor, now=now, request_uuid=export_uuid, rows=len(found))
    audit.record_each(
        actor=actor,
        verb=Verb.EXPORT,
        kind="person",
        now=now,
        about_ids=[one.pk for one in found],
        tenant_id=actor.tenant_id,
        object_id=row.pk,
        detail={"rows": len(found), "reason": row.reason},
    )
    return _workbook(found)


def _people(actor: Actor, choices: dict[str, str]) -> list[Person]:
    class_id = choices.get("class", "")
    found: QuerySet[Person] = directory.search_people(
        actor,
        choices.get("q", ""),
        role=choices.get("role", ""),
        class_id=int(class_id) if class_id.isdigit() else None,
        sort=choices.get("sort", ""),
    )
    return list(found[:MOST_ROWS])


def _workbook(found: list[Person]) -> HttpResponse:
    headings = [_("姓名"), _("学号/工号"), _("角色"), _("单位与班级")]
    rows = (
        [row.name, row.number, "、".join(map(role_name, row.roles)), "、".join(row.places)]
        for row in directory.person_rows(found, clock.today(clock.now()))
    )
    response = HttpResponse(workbook(_("人员"), headings, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response


def _tell_deciders(actor: Actor, export_id: int) -> None:
    now = clock.now()
    people = {
        one.id
        for role in (Role.PRINCIPAL, Role.SECURITY_OFFICER, Role.DATA_OFFICER, Role.SCHOOL_ADMIN)
        for one in people_holding(actor.tenant_id, role, clock.today(now))
    }
    notify(
        person_ids=people - {actor.person_id},
        tenant_id=actor.tenant_id,
        text=_("有一份数据导出等您审批。"),
        url=reverse("kernel:exports"),
        key=f"export-asked/{export_id}",
        now=now,
    )
