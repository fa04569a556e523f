"""Questions of a work: found in the bank, typed in, put in order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment import access
from zhiwei.assessment.rules.typed_items import typed_content
from zhiwei.assessment.services import setting as writing
from zhiwei.assessment.web.setting_forms import TypedItemForm
from zhiwei.assessment.web.wording import TYPES, type_name
from zhiwei.curriculum import api as curriculum
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in

SHOWN = 20


@require_GET
@signed_in(Role.TEACHER)
def bank(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Items of the bank that match what is typed; fetched into the page as one types."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    level = request.GET.get("level", "")
    low, high = {"easy": (0.0, 0.35), "middle": (0.35, 0.6), "hard": (0.6, 1.0)}.get(level, (None, None))
    cards = curriculum.search_items(
        actor,
        text=request.GET.get("q", "").strip()[:80],
        subject=work.subject,
        types=[one for one in [request.GET.get("type", "")] if one in TYPES],
        easiest=low,
        hardest=high,
        limit=SHOWN,
    ).items
    points = curriculum.get_points([point for card in cards for point in card.points])
    rows = [
        (
            card,
            type_name(card.type),
            [points[one].name if one in points else one for one in card.points],
        )
        for card in cards
    ]
    return render(request, "assessment/bank_rows.html", {"work": work, "rows": rows})


@require_POST
@signed_in(Role.TEACHER)
def add(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Add picked items of the bank."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    picked = request.POST.getlist("picked")[:100]
    added = writing.add_items(actor=actor, now=clock.now(), work=work, item_uuids=picked)
    messages.success(request, _("已加入 %(n)s 题。") % {"n": len(added)})
    return redirect("assessment:edit-work", work_uuid=work.uuid)


@require_POST
@signed_in(Role.TEACHER)
def typed(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Add a question that was typed in."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    form = TypedItemForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError(_("请填写题型、满分和题干。"), code="item.incomplete")
    data = form.cleaned_data
    content = typed_content(
        data["type"],
        stem=data["stem"],
        max_score=data["max_score"],
        key=data["key"],
        options=data["options"],
        rubric=data["rubric"],
        points=data["points"],
    )
    writing.add_typed_item(
        actor=actor, now=clock.now(), work=work, content={**content, "subject": work.subject}
    )
    messages.success(request, _("已加入 1 题。"))
    return redirect("assessment:edit-work", work_uuid=work.uuid)


@require_POST
@signed_in(Role.TEACHER)
def arrange(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Put the questions in the order sent; those left out are removed."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    sent = request.POST.getlist("item")
    if not all(one.isdigit() and len(one) < 19 for one in sent):
        raise InvalidInputError(_("题目的编号不对。"), code="work.foreign_item")
    writing.arrange_items(actor=actor, now=clock.now(), work=work, order=[int(one) for one in sent])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"items": len(sent)})
    return redirect("assessment:edit-work", work_uuid=work.uuid)
