"""Released feedback: the pupil's, the guardian's, and the teacher's preview of it."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.access import access_own_response
from zhiwei.assessment.queries.feedback import Feedback, feedback_for
from zhiwei.assessment.services import regrading
from zhiwei.assessment.services.feedback_slip import feedback_slip
from zhiwei.kernel import audit, clock
from zhiwei.kernel.values import Actor, Level, Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in()
def feedback(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """One's own (or one's child's, or one's pupil's) released feedback."""
    actor, now = actor_of(request), clock.now()
    found = feedback_for(actor, sitting_uuid, now=now)
    return _page(request, actor, found)


@require_GET
@signed_in(Role.TEACHER)
def preview(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """What the pupil would see if it were released now."""
    actor, now = actor_of(request), clock.now()
    found = feedback_for(actor, sitting_uuid, now=now, preview=True)
    return _page(request, actor, found)


@require_GET
@signed_in()
def slip(request: HttpRequest, sitting_uuid: str) -> HttpResponse:
    """The same feedback as a PDF to print or keep."""
    pdf = feedback_slip(actor=actor_of(request), now=clock.now(), sitting_uuid=sitting_uuid)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('批改单'))}.pdf"
    return response


@require_POST
@signed_in(Role.PUPIL)
def second_look(request: HttpRequest, sitting_uuid: str, response_uuid: str) -> HttpResponse:
    """Ask for a second look at one answer."""
    actor = actor_of(request)
    response = access_own_response(actor, sitting_uuid, response_uuid)
    quote = request.POST.get("place", "").strip()[:300]
    regrading.request_regrade(
        actor=actor,
        now=clock.now(),
        response_uuid=response.uuid,
        reason=request.POST.get("reason", ""),
        place={"quote": quote} if quote else {},
    )
    messages.success(request, _("已请老师复核，答复后会通知你。"))
    return redirect(f"{reverse('assessment:feedback', args=[sitting_uuid])}#r-{response_uuid}")


def _page(request: HttpRequest, actor: Actor, found: Feedback) -> HttpResponse:
    sitting = found.sitting
    audit.record_reads(
        actor=actor,
        kind="sitting",
        now=clock.now(),
        about_ids=[sitting.person_id],
        tenant_id=sitting.tenant_id,
        level=Level.PERSONAL,
        object_id=sitting.pk,
    )
    trail = (Crumb(_("今天"), reverse("assessment:today")), Crumb(sitting.work.title))
    context = {"feedback": found, "trail": (Crumb(sitting.work.title),) if actor.is_staff else trail}
    return render(request, "assessment/feedback.html", context)
