"""Scans in: drop files, photograph with the phone, see what came of each file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.services import scanning_in
from zhiwei.kernel import clock, files
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.web.errors import wants_json
from zhiwei.ui.values import Crumb

SOURCES = ("upload", "phone", "api")


def batches_context(work: Any) -> dict[str, object]:
    """Return what the list of batches shows; problems in the reader's language."""
    rows = queries.batches_of(work)
    return {
        "work": work,
        "batches": rows,
        "reading": any(row.state in {"waiting", "reading"} for row in rows),
        "english": str(get_language()).startswith("en"),
    }


@require_POST
@signed_in(Role.TEACHER)
def upload(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Take files in: from the page (answers by going back to it) or from a program (answers JSON)."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.CREATE)
    chosen = request.POST.get("template", "")
    template = paper_access.access_template(actor, chosen, verb=Verb.READ) if chosen else None
    source = request.POST.get("source", "upload")
    uploads = [
        scanning_in.Upload(one.name or "", one.file)
        for one in request.FILES.getlist("scans")
        if one.file is not None
    ] + _direct(request)
    batch = scanning_in.take_files(
        actor=actor,
        now=clock.now(),
        work=work,
        uploads=uploads,
        template=template,
        source=source if source in SOURCES else "upload",
    )
    if wants_json(request):
        address = reverse("assessment:paper_batch", args=[batch.uuid])
        return JsonResponse({"batch": str(batch.uuid), "url": address}, status=201)
    return redirect(f"{reverse('assessment:paper', args=[work_uuid])}#in")


def _direct(request: HttpRequest) -> list[scanning_in.Upload]:
    """Return what went straight to the object store: its tickets and, in the same order, its names."""
    pairs = zip(request.POST.getlist("ticket"), request.POST.getlist("ticket_name"), strict=False)
    return [scanning_in.Upload(name, ticket=ticket[:100]) for ticket, name in pairs]


@require_POST
@signed_in(Role.TEACHER)
def inbox(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Open a place in the object store for one large file, sent there by the browser itself."""
    work = paper_access.access_paper(actor_of(request), work_uuid, verb=Verb.CREATE)
    ticket, address, fields = files.open_inbox(work.tenant_id, max_bytes=scanning_in.LARGEST_FILE)
    return JsonResponse({"ticket": ticket, "address": address, "fields": fields})


@require_GET
@signed_in(Role.TEACHER)
def batches(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """What came in, asked for while something is being read."""
    work = paper_access.access_paper(actor_of(request), work_uuid, verb=Verb.READ)
    return render(request, "assessment/paper/batches.html", batches_context(work))


@require_GET
@signed_in(Role.TEACHER)
def batch(request: HttpRequest, batch_uuid: str) -> HttpResponse:
    """One batch as JSON, for programs and the phone page: a report for each file."""
    row = paper_access.access_batch(actor_of(request), batch_uuid)
    return JsonResponse(queries.batch_report(row))


@require_GET
@signed_in(Role.TEACHER)
def phone(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """The camera page: guides, hints, page after page."""
    work = paper_access.access_paper(actor_of(request), work_uuid, verb=Verb.CREATE)
    trail = (Crumb(work.title, reverse("assessment:paper", args=[work_uuid])), Crumb(_("手机拍照")))
    return render(request, "assessment/paper/phone.html", {"work": work, "trail": trail})
