"""Checking what was read: the picture beside the text, one key to correct."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries.readings import unsure_reading, unsure_rows
from zhiwei.assessment.services import reading_check
from zhiwei.kernel import clock, files
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 40


@require_GET
@signed_in(Role.TEACHER)
def readings(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Answers whose reading is not certain."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.UPDATE)
    page = Paginator(unsure_rows(actor, work), PAGE).get_page(request.GET.get("page"))
    trail = (
        Crumb(_("纸卷"), reverse("assessment:paper_works")),
        Crumb(work.title, reverse("assessment:paper", args=[work_uuid])),
        Crumb(_("核对识别")),
    )
    rows = [unsure_reading(row) for row in page.object_list]
    return render(
        request, "assessment/paper/readings.html", {"work": work, "page": page, "rows": rows, "trail": trail}
    )


@require_POST
@signed_in(Role.TEACHER)
def confirm(request: HttpRequest, response_uuid: str) -> HttpResponse:
    """Keep what a person reads; the row answers that it is settled."""
    actor = actor_of(request)
    row = paper_access.access_paper_response(actor, response_uuid, verb=Verb.UPDATE)
    kept = reading_check.confirm_reading(
        actor=actor, now=clock.now(), response=row, text=request.POST.get("text", "")
    )
    if not request.headers.get("HX-Request"):
        return redirect("assessment:paper_readings", work_uuid=kept.sitting.work.uuid)
    return render(request, "assessment/paper/reading_done.html", {"row": unsure_reading(kept)})


@require_GET
@signed_in(Role.TEACHER)
def crop(request: HttpRequest, response_uuid: str, file_id: int) -> HttpResponse:
    """The picture of one field of an answer."""
    row = paper_access.access_paper_response(actor_of(request), response_uuid, verb=Verb.READ)
    if file_id not in row.files:
        raise NotFoundError
    response = HttpResponse(files.read(file_id), content_type=files.describe(file_id).media_type)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
