"""Lists of works: all of them with saved views, the trash, and one work at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.assessment import access
from zhiwei.assessment.queries import works as reading
from zhiwei.assessment.queries.versions import NAMES, WORDS, versions_of
from zhiwei.assessment.services.details import TRASH_DAYS
from zhiwei.assessment.web.wording import subject_name, work_state
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.values import Actor, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb, View

if TYPE_CHECKING:
    from zhiwei.assessment.models import Work

PAGE = 30
VIEWERS = (Role.TEACHER, Role.SUBJECT_LEAD, Role.CLASS_TEACHER, Role.PRINCIPAL)


@require_GET
@signed_in(*VIEWERS)
def works(request: HttpRequest) -> HttpResponse:
    """Works by saved view and filter, each with its progress by class."""
    actor, now = actor_of(request), clock.now()
    view, class_id = request.GET.get("view", ""), request.GET.get("class", "")
    found = reading.found_works(
        actor,
        now=now,
        view=view,
        text=request.GET.get("q", "").strip()[:60],
        subject=request.GET.get("subject", ""),
        class_id=int(class_id) if class_id.isdigit() and len(class_id) < 12 else 0,
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = reading.rows_of(actor, page.object_list, now)
    context = {
        "page": page,
        "rows": [(row, *work_state(row.work, now)) for row in rows],
        "views": _views(actor, view),
        "choices": _choices(actor, request),
        "may_set": Role.TEACHER in actor.roles,
        "trail": (Crumb(_("作业")),),
    }
    return render(request, "assessment/works.html", context)


@require_GET
@signed_in(Role.TEACHER)
def trash(request: HttpRequest) -> HttpResponse:
    """One's removed works; they can be taken out again for 30 days."""
    context = {
        "rows": list(reading.removed_works(actor_of(request))[:100]),
        "days": TRASH_DAYS,
        "trail": (Crumb(_("作业"), reverse("assessment:works")), Crumb(_("回收站"))),
    }
    return render(request, "assessment/trash.html", context)


@require_GET
@signed_in(*VIEWERS)
def work(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """One work: classes, questions, what to do next."""
    actor, now = actor_of(request), clock.now()
    found = access.access_work(actor, work_uuid, verb=Verb.READ)
    (row,) = reading.rows_of(actor, [found], now)
    state, tone = work_state(found, now)
    context = {
        "work": found,
        "row": row,
        "state": state,
        "tone": tone,
        "subject": subject_name(found.subject),
        "questions": reading.question_rows(actor, found),
        "may_set": found.author_id == actor.person_id,
        "may_mark": not found.is_template and reading.may_mark(actor, found),
        "may_copy": Role.TEACHER in actor.roles,
        "versions": versions_of(found),
        "rules": _rules(found),
        "trail": (Crumb(_("作业"), reverse("assessment:works")), Crumb(found.title)),
    }
    return render(request, "assessment/work.html", context)


def _rules(found: Work) -> list[tuple[str, str]]:
    """Return what pupils are told of a work's rules, in words; what is as always is left out."""
    told = [(str(NAMES["medium"]), str(WORDS.get(found.medium, found.medium)))]
    told.append((str(NAMES["show"]), str(WORDS[str(found.rules.get("show") or "after_release")])))
    for name in ("time_limit_minutes", "attempts", "grace_minutes", "late_deduct_percent", "two_markers"):
        value = found.rules.get(name)
        if value and (name, value) != ("attempts", 1):
            told.append((str(NAMES[name]), f"{value:g}"))
    helps = [str(NAMES[name]) for name in ("calculator", "notes", "companion") if found.rules.get(name)]
    return [*told, (_("可用的帮助"), "、".join(helps) or _("无"))]


def _views(actor: Actor, chosen: str) -> list[View]:
    now, base = clock.now(), reverse("assessment:works")
    names = (
        ("", _("全部")),
        ("review", _("待复核")),
        ("open", _("进行中")),
        ("draft", _("草稿")),
        ("released", _("已发布")),
        ("template", _("学科模板库")),
    )
    return [
        View(
            label,
            f"{base}?view={key}" if key else base,
            reading.found_works(actor, now=now, view=key).count(),
            key == chosen,
        )
        for key, label in names
    ]


def _choices(actor: Actor, request: HttpRequest) -> tuple[Choice, ...]:
    classes = kernel.classes_taught(actor, verb=Verb.READ, kind="work")
    subjects = kernel.subjects_taught(actor)
    found = [
        Choice(
            "class",
            _("班级"),
            tuple((str(one.id), one.name) for one in classes[:200]),
            request.GET.get("class", ""),
        )
    ]
    if len(subjects) > 1:
        options = tuple((one, subject_name(one)) for one in subjects)
        found.append(Choice("subject", _("学科"), options, request.GET.get("subject", "")))
    return tuple(found)
