"""Ordering and fetching a printed paper of one's own wrong answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.access import wrong_entries_in_reach
from zhiwei.assessment.services import wrong_paper
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, files
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in


@require_POST
@signed_in(Role.PUPIL)
def order(request: HttpRequest) -> HttpResponse:
    """Plan the printing of what was picked, and go to the job's page."""
    actor = actor_of(request)
    picked = [int(one) for one in request.POST.getlist("picked") if one.isdigit()][:500]
    rows = wrong_entries_in_reach(actor, Verb.EXPORT).filter(person_id=actor.person_id, pk__in=picked)
    job_id = wrong_paper.order_paper(
        actor=actor, now=clock.now(), entries=list(rows.order_by("subject", "pk"))
    )
    return redirect("kernel:job", job_uuid=kernel.job_uuid(job_id))


@require_GET
@signed_in(Role.PUPIL)
def fetch(request: HttpRequest, file_id: int) -> HttpResponse:
    """A paper that one had printed oneself."""
    kept = wrong_paper.own_paper(actor_of(request), file_id, request.GET.get("key", ""))
    response = HttpResponse(files.read(kept.id), content_type=kept.media_type)
    response.headers["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E9%94%99%E9%A2%98%E7%BB%83%E4%B9%A0.pdf"
    )
    return response
