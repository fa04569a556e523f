"""The tray: pages that wait for a person, and the board of who handed in what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries.tray import TrayView, tray_of
from zhiwei.assessment.services import collecting
from zhiwei.assessment.services import tray as decisions
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

KEYS = (
    ("J / K", gettext_lazy("下一页、上一页")),
    ("Enter", gettext_lazy("填学生")),
    ("X", gettext_lazy("放到一边")),
    ("Z", gettext_lazy("撤销上一步")),
)


@require_GET
@signed_in(Role.TEACHER)
def tray(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """The tray of one work."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.READ)
    trail = (
        Crumb(_("纸卷"), reverse("assessment:paper_works")),
        Crumb(work.title, reverse("assessment:paper", args=[work_uuid])),
        Crumb(_("分拣")),
    )
    context = _context(actor, work) | {"trail": trail, "shortcuts": KEYS}
    return render(request, "assessment/paper/tray.html", context)


@require_POST
@signed_in(Role.TEACHER)
def place(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """Say whose page it is, by id (dropped on the board) or by number or name (typed)."""
    actor = actor_of(request)
    page = paper_access.access_page(actor, page_uuid, verb=Verb.UPDATE)
    view = _view(actor, page.work)
    person = _person(view, request.POST.get("person", ""), request.POST.get("who", ""))
    number = request.POST.get("page", "0")
    decisions.place_page(
        actor=actor,
        now=clock.now(),
        page=page,
        person_id=person,
        page_number=int(number) if number.isdigit() and len(number) < 4 else 0,
    )
    return _again(request, actor, page.work)


@require_POST
@signed_in(Role.TEACHER)
def aside(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """Put a page aside."""
    return _decided(request, page_uuid, decisions.set_aside)


@require_POST
@signed_in(Role.TEACHER)
def keep(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """Let this copy count."""
    return _decided(request, page_uuid, decisions.keep_copy)


@require_POST
@signed_in(Role.TEACHER)
def undo(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """Take the newest decision about a page back."""
    return _decided(request, page_uuid, decisions.undo)


@require_POST
@signed_in(Role.TEACHER)
def accept(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Take a pupil's answers in although pages are missing."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.UPDATE)
    person = _person(_view(actor, work), request.POST.get("person", ""), "")
    collecting.accept_incomplete(actor=actor, now=clock.now(), work=work, person_id=person)
    return _again(request, actor, work)


@require_GET
@signed_in(Role.TEACHER)
def thumb(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """A page, small."""
    page = paper_access.access_page(actor_of(request), page_uuid, verb=Verb.READ)
    return _picture(page.thumb_id)


@require_GET
@signed_in(Role.TEACHER)
def image(request: HttpRequest, page_uuid: str) -> HttpResponse:
    """A page, large; whose it is by a person's decision is noted as looked at."""
    actor = actor_of(request)
    page = paper_access.access_page(actor, page_uuid, verb=Verb.READ)
    if page.person_id is not None:
        audit.record_reads(
            actor=actor,
            kind="scan",
            now=clock.now(),
            about_ids=[page.person_id],
            tenant_id=page.tenant_id,
            level=Level.PERSONAL,
            object_id=page.pk,
        )
    return _picture(page.image_id)


def _decided(request: HttpRequest, page_uuid: str, decide: Callable[..., object]) -> HttpResponse:
    """Take a decision about a page and show the tray as it then stands."""
    actor = actor_of(request)
    page = paper_access.access_page(actor, page_uuid, verb=Verb.UPDATE)
    decide(actor=actor, now=clock.now(), page=page)
    return _again(request, actor, page.work)


def _picture(blob_id: int) -> HttpResponse:
    response = HttpResponse(files.read(blob_id), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _view(actor: Actor, work: Any) -> TrayView:
    return tray_of(work, clock.today(clock.now()), paper_access.classes_in_hand(actor, work))


def _context(actor: Actor, work: Any) -> dict[str, object]:
    view = _view(actor, work)
    groups = (
        ("unknown", _("不知道是谁的"), view.unknown),
        ("doubtful", _("前后矛盾"), view.doubtful),
        ("extra", _("多出来的"), view.extra),
        ("aside", _("放到一边"), view.aside),
    )
    return {
        "work": work,
        "view": view,
        "groups": [one for one in groups if one[2]],
        "page_numbers": range(1, view.page_count + 1),
        "last": decisions.last_decided(actor=actor, page_work_id=work.pk),
        "english": str(get_language()).startswith("en"),
    }


def _again(request: HttpRequest, actor: Actor, work: Any) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "assessment/paper/tray_body.html", _context(actor, work))
    return redirect("assessment:paper_tray", work_uuid=work.uuid)


def _person(view: TrayView, person: str, who: str) -> int:
    pupils = [row.pupil for group in view.classes for row in group.rows]
    text = who.strip()
    found = [
        one.id
        for one in pupils
        if (
            str(one.id) == person
            if person
            else text and text in {one.number, one.name, f"{one.name} {one.number}"}
        )
    ]
    if len(found) != 1:
        raise InvalidInputError(
            _("有同名学生，请填学号。") if found else _("没有这名学生，请从名单中选择。"), code="tray.who"
        )
    return found[0]
