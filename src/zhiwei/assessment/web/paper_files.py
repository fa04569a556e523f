"""Files made from paper: sheets to print, marked pages, crops with marks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.services import paper_files, papering
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in

TYPES = {"sheets": "application/pdf", "marked": "application/pdf", "dataset": "application/zip"}


def made_context(actor: Actor, work: Any) -> dict[str, object]:
    """Return what the list of made files shows."""
    classes = paper_access.classes_in_hand(actor, work)
    rows = queries.files_of(work, tuple(TYPES), classes)
    return {
        "work": work,
        "made": rows,
        "making": any(row.state == "waiting" for row in rows),
        "classes": queries.classes_of(work, clock.today(clock.now()), classes),
    }


@require_POST
@signed_in(Role.TEACHER)
def make_sheets(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Plan the sheets of every class in hand."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.CREATE)
    wish = papering.SheetWish(
        paper=request.POST.get("paper", "A4"),
        named=request.POST.get("named") == "on",
        with_text=request.POST.get("with_text") == "on",
        spare=_whole(request.POST.get("spare", "2")),
    )
    classes = paper_access.classes_in_hand(actor, work)
    papering.request_sheets(actor=actor, now=clock.now(), work=work, wish=wish, class_ids=classes)
    return redirect("assessment:paper", work_uuid=work_uuid)


@require_POST
@signed_in(Role.TEACHER)
def make_out(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Plan marked pages or the crops of one class (or the marked pages of one pupil)."""
    actor, now = actor_of(request), clock.now()
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.EXPORT)
    class_id, person_id = _whole(request.POST.get("class", "")), _whole(request.POST.get("person", "0"))
    if class_id not in paper_access.classes_in_hand(actor, work):
        raise NotFoundError
    if request.POST.get("what") == "dataset":
        paper_files.request_dataset(actor=actor, now=now, work=work, class_id=class_id)
    else:
        paper_files.request_marked(
            actor=actor, now=now, work=work, class_id=class_id, person_id=person_id or None
        )
    return redirect("assessment:paper", work_uuid=work_uuid)


@require_GET
@signed_in(Role.TEACHER)
def made(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """The list of made files, asked for while one is being made."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.READ)
    return render(request, "assessment/paper/made.html", made_context(actor, work))


@require_GET
@signed_in(Role.TEACHER)
def download(request: HttpRequest, file_uuid: str) -> HttpResponse:
    """A made file."""
    actor = actor_of(request)
    row = paper_access.access_paper_file(actor, file_uuid)
    if row.organisation_id not in (None, *paper_access.classes_in_hand(actor, row.work)):
        raise NotFoundError
    response = HttpResponse(
        papering.read_file(actor=actor, now=clock.now(), row=row), content_type=TYPES[row.kind]
    )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name)}"
    return response


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise InvalidInputError(_("应填写一个整数。"), code="paper.not_a_number")
    return int(text)
