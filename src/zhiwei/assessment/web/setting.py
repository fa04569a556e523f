"""Setting a work: one page for its facts and its questions, and what can be done with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhiwei.assessment import access
from zhiwei.assessment.queries import works as reading
from zhiwei.assessment.queries.setting import audiences, target_classes
from zhiwei.assessment.services import details
from zhiwei.assessment.services import setting as writing
from zhiwei.assessment.values import Medium
from zhiwei.assessment.web.setting_forms import TypedItemForm, WorkForm
from zhiwei.assessment.web.wording import type_name
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError, ZhiweiError
from zhiwei.kernel.values import Actor, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def new_work(request: HttpRequest) -> HttpResponse:
    """Begin a work: title, classes and times first; questions follow on the next page."""
    actor, now = actor_of(request), clock.now()
    form = WorkForm(request.POST or None, initial=_suggested(now), **_offers(actor))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            work = writing.create_work(
                actor=actor,
                now=now,
                title=data["title"],
                subject=data["subject"],
                medium=Medium(data["medium"]),
                opens_at=data["opens_at"],
                due_at=data["due_at"],
                rules=form.rules(),
                note=data["note"],
            )
            writing.set_targets(
                actor=actor, now=now, work=work, class_ids=[int(one) for one in data["classes"]]
            )
        except InvalidInputError as error:
            form.add_error(None, error.message)
        else:
            return redirect("assessment:edit-work", work_uuid=work.uuid)
    context = {"form": form, "trail": (_home(), Crumb(_("布置作业")))}
    return render(request, "assessment/work_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def edit_work(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Change a work: facts on the left, questions on the right."""
    actor, now = actor_of(request), clock.now()
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    chosen = target_classes(work)
    form = WorkForm(
        request.POST or None, initial={**_facts(work), "classes": list(map(str, chosen))}, **_offers(actor)
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(actor, now, work, form)
        except ZhiweiError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("assessment:edit-work", work_uuid=work.uuid)
    context = {
        "work": work,
        "form": form,
        "typed": TypedItemForm(),
        "items": [(item, type_name(item.type)) for item in work.items.order_by("position")],
        "full": sum(item.max_score for item in work.items.all()),
        "answered": any(row.total for row in reading.question_rows(actor, work)),
        "classes": audiences(actor, work, clock.today(now)),
        "trail": (
            _home(),
            Crumb(work.title, reverse("assessment:work", args=[work.uuid])),
            Crumb(_("修改")),
        ),
    }
    return render(request, "assessment/work_edit.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(Role.TEACHER)
def act_on_work(request: HttpRequest, work_uuid: str, act: str) -> HttpResponse:
    """Open, close, copy, keep as template, remove or restore a work."""
    actor, now = actor_of(request), clock.now()
    if act == "restore":
        details.restore_work(actor=actor, now=now, work=reading.removed_work(actor, work_uuid))
        messages.success(request, _("已恢复。"))
        return redirect("assessment:work", work_uuid=work_uuid)
    verbs = {"copy": Verb.READ, "template": Verb.READ, "remove": Verb.DELETE}
    work = access.access_work(actor, work_uuid, verb=verbs.get(act, Verb.UPDATE))
    if act in {"copy", "template"}:
        copy = writing.copy_work(
            actor=actor,
            now=now,
            work=work,
            title=work.title if act == "template" or work.is_template else "",
            as_template=act == "template",
        )
        messages.success(request, _("已放进学科模板库。") if act == "template" else _("已复制为草稿。"))
        return redirect("assessment:edit-work", work_uuid=copy.uuid)
    if act == "open":
        writing.open_work(actor=actor, now=now, work=work)
        messages.success(request, _("已布置，学生现在可以看到。"))
    elif act == "close":
        details.close_work(actor=actor, now=now, work=work)
        messages.success(request, _("已提前截止。"))
    elif act == "remove":
        details.remove_work(actor=actor, now=now, work=work)
        messages.success(request, _("已移入回收站，30 天内可以恢复。"))
        return redirect("assessment:works")
    else:
        raise NotFoundError
    return redirect("assessment:work", work_uuid=work.uuid)


def _save(actor: Actor, now: datetime, work: Any, form: WorkForm) -> None:
    data = form.cleaned_data
    details.change_details(
        actor=actor,
        now=now,
        work=work,
        title=data["title"],
        note=data["note"],
        medium=Medium(data["medium"]),
        opens_at=data["opens_at"],
        due_at=data["due_at"],
        rules=form.rules(),
    )
    classes = [int(one) for one in data["classes"]]
    if sorted(classes) != sorted(target_classes(work)):
        writing.set_targets(actor=actor, now=now, work=work, class_ids=classes)


def _offers(actor: Actor) -> dict[str, Any]:
    classes = kernel.classes_taught(actor, verb=Verb.CREATE, kind="work")
    return {
        "subjects": kernel.subjects_taught(actor),
        "classes": [(str(one.id), one.name) for one in classes],
    }


def _facts(work: Any) -> dict[str, Any]:
    return {
        "title": work.title,
        "subject": work.subject,
        "opens_at": work.opens_at,
        "due_at": work.due_at,
        "medium": work.medium,
        "note": work.note,
        **work.rules,
    }


def _suggested(now: datetime) -> dict[str, Any]:
    local = timezone.localtime(now)
    tomorrow = (local + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    return {"due_at": tomorrow, "title": _("%(day)s作业") % {"day": f"{local.month}月{local.day}日"}}


def _home() -> Crumb:
    return Crumb(_("作业"), reverse("assessment:works"))
