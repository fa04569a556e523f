"""Paper: works on paper, and one work's way from sheets to marked pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.queries.readings import unsure_rows
from zhiwei.assessment.queries.tray import tray_of
from zhiwei.assessment.services.papering import PAPERS
from zhiwei.assessment.services.templating import WIDTHS_MM
from zhiwei.assessment.web.paper_files import made_context
from zhiwei.assessment.web.paper_in import batches_context
from zhiwei.kernel import clock, files
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.web.middleware import reaching
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(Role.TEACHER)
def works(request: HttpRequest) -> HttpResponse:
    """Works whose paper the teacher handles, newest first."""
    actor = actor_of(request)
    rows = queries.paper_list(paper_access.paper_works(actor, Verb.READ))
    return render(request, "assessment/paper/works.html", {"rows": rows, "trail": (Crumb(_("纸卷")),)})


@require_GET
@signed_in(Role.TEACHER)
def overview(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """One work: print, scan in, sort, check, take out."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.READ)
    classes = paper_access.classes_in_hand(actor, work)
    today = clock.today(clock.now())
    origin = files.direct_origin()
    context = {
        "work": work,
        "papers": PAPERS,
        "blank_papers": tuple(WIDTHS_MM),
        "templates": queries.templates_of(work),
        "tray": tray_of(work, today, classes),
        "unsure": unsure_rows(actor, work).count(),
        "direct": bool(origin),
        "trail": (Crumb(_("纸卷"), reverse("assessment:paper_works")), Crumb(work.title)),
        **made_context(actor, work),
        **batches_context(work),
    }
    response = render(request, "assessment/paper/overview.html", context)
    if origin:
        response.headers["Content-Security-Policy"] = reaching(origin)
    return response
