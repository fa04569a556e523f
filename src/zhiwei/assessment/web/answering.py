"""The pupil's pages: today, before beginning, answering, handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.access import access_sitting
from zhiwei.assessment.queries import sheet as sheets
from zhiwei.assessment.queries import today as days
from zhiwei.assessment.services import answering
from zhiwei.assessment.values import SittingState
from zhiwei.assessment.web.saving import ADDRESS, PURPOSE
from zhiwei.kernel import clock
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web import tickets
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import SUBJECTS
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(Role.PUPIL, Role.GUARDIAN)
def today(request: HttpRequest) -> HttpResponse:
    """What is due, released and to be reviewed."""
    now = clock.now()
    found = days.days_for(actor_of(request), now=now, today=clock.today(now))
    context = {"days": found, "now": now, "subjects": SUBJECTS, "trail": (Crumb(_("今天")),)}
    return render(request, "assessment/today.html", context)


@signed_in(Role.PUPIL)
def cover(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """A work before one begins: how much, until when; beginning is a press of its own."""
    actor, now = actor_of(request), clock.now()
    if request.method == "POST":
        sitting = answering.begin_sitting(actor=actor, now=now, work_uuid=work_uuid)
        return redirect("assessment:sheet", sitting_uuid=sitting.uuid)
    found = sheets.cover_for(actor, work_uuid)
    if found.answering:
        return redirect("assessment:sheet", sitting_uuid=found.sitting_uuid)
    trail = (Crumb(_("今天"), reverse("assessment:today")), Crumb(found.title))
    context = {
        "cover": found,
        "now": now,
        "subject": SUBJECTS.get(found.subject, found.subject),
        "trail": trail,
    }
    return render(request, "assessment/cover.html", context)


@require_GET
@signed_in(Role.PUPIL)
def sheet(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """The answering page, or the receipt after handing in."""
    found = sheets.sheet_for(actor_of(request), sitting_uuid)
    trail = (Crumb(_("今天"), reverse("assessment:today")), Crumb(found.sitting.work.title))
    context = {"sheet": found, "now": clock.now(), "trail": trail}
    if found.sitting.state != SittingState.ANSWERING:
        return render(request, "assessment/handed_in.html", context)
    return render(request, "assessment/answering.html", {**context, "start": _start(request, found)})


@require_GET
@signed_in(Role.PUPIL)
def latest(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """What is kept now, for a page that was left open while another device went on."""
    found = sheets.sheet_for(actor_of(request), sitting_uuid)
    return JsonResponse(_start(request, found))


@require_POST
@signed_in(Role.PUPIL)
def hand_in(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """Hand in; again changes nothing."""
    actor = actor_of(request)
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    answering.hand_in(actor=actor, now=clock.now(), sitting=sitting)
    messages.success(request, _("已交卷。批改完成后会通知你。"))
    return redirect("assessment:sheet", sitting_uuid=sitting_uuid)


def _start(request: HttpRequest, found: sheets.Sheet) -> dict[str, object]:
    """What the page's script begins with: ticket, times, and every answer that is kept."""
    sitting = found.sitting
    facts = {"sitting": sitting.pk, "tenant": sitting.tenant_id, "grace": found.grace}
    return {
        "sitting": str(sitting.uuid),
        "state": sitting.state,
        "ticket": tickets.issue(request, PURPOSE, facts),
        "save_url": ADDRESS,
        "now": clock.now().isoformat(),
        "due_at": sitting.due_at.isoformat() if sitting.due_at else None,
        "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        "timed": found.timed,
        "kept": {line.question.key: {**line.kept, "photos": list(line.photos)} for line in found.lines},
    }
