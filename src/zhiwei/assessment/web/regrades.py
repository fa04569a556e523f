"""Regrade requests of pupils, answered by their teacher."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.queries import releasing as reading
from zhiwei.assessment.queries.desk import answers_json
from zhiwei.assessment.services import regrading
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(Role.TEACHER)
def requests(request: HttpRequest) -> HttpResponse:
    """Requests that wait, with the answer and the place; and those that were answered."""
    actor = actor_of(request)
    rows = reading.regrade_rows(actor, state="open")
    audit.record_reads(
        actor=actor,
        kind="regrade",
        now=clock.now(),
        about_ids=[row.person_id for row in rows],
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
    )
    answers = answers_json([row.response for row in rows], with_names=False)
    context = {
        "open": list(zip(rows, answers, strict=True)),
        "answered": reading.regrade_rows(actor, state="answered"),
        "trail": (Crumb(_("作业"), reverse("assessment:works")), Crumb(_("复核申请"))),
    }
    return render(request, "assessment/regrades.html", context)


@require_POST
@signed_in(Role.TEACHER)
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer one request: keep the mark, or change it."""
    actor = actor_of(request)
    row = reading.access_regrade(actor, request_id)
    typed = request.POST.get("score", "").strip()
    try:
        score = float(typed) if typed else None
    except ValueError as error:
        raise InvalidInputError(_("分数应是数字。"), code="mark.score_missing") from error
    regrading.answer_regrade(
        actor=actor, now=clock.now(), request=row, answer=request.POST.get("answer", ""), new_score=score
    )
    messages.success(request, _("已答复，学生会收到通知。"))
    return redirect("assessment:regrades")
