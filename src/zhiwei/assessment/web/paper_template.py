"""Templates of existing paper: upload a blank, draw where each question is answered."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.rules.drawn_regions import MOST_REGIONS, Drawn, drawn_from_json
from zhiwei.assessment.services import templating
from zhiwei.assessment.services.scanning_in import Upload
from zhiwei.kernel import clock, files
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_POST
@signed_in(Role.TEACHER)
def begin(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Take the scan of a blank and go on to drawing."""
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.CREATE)
    sent = request.FILES.get("blank")
    if sent is None or sent.file is None:
        raise InvalidInputError(_("请选择空白卷的扫描件。"), code="template.no_file")
    if (sent.size or 0) > templating.LARGEST_BLANK:
        raise InvalidInputError(_("空白卷的扫描件不能超过 40 MB。"), code="template.too_large")
    row = templating.begin_template(
        actor=actor,
        now=clock.now(),
        work=work,
        upload=Upload(sent.name or "", sent.file),
        name=request.POST.get("name", ""),
        paper=request.POST.get("paper", "A4"),
    )
    return redirect("assessment:paper_draw", template_uuid=row.uuid)


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def draw(request: HttpRequest, template_uuid: str) -> HttpResponse:
    """Draw regions on the blank; a POST of JSON saves them."""
    actor = actor_of(request)
    verb = Verb.UPDATE if request.method == "POST" else Verb.READ
    row = paper_access.access_template(actor, template_uuid, verb=verb)
    if row.origin != "drawn":
        raise NotFoundError
    if request.method == "POST":
        saved = templating.save_regions(actor=actor, now=clock.now(), template=row, drawn=_drawn(request))
        return JsonResponse(
            {"saved": str(saved.uuid), "url": reverse("assessment:paper", args=[row.work.uuid])}
        )
    pages = [
        {"number": number, "url": reverse("assessment:paper_blank", args=[row.uuid, number]), **_size(blank)}
        for number, blank in enumerate(row.blanks, start=1)
    ]
    start = {"regions": queries.drawn_regions(row), "questions": queries.questions_for_drawing(row.work)}
    trail = (
        Crumb(row.work.title, reverse("assessment:paper", args=[row.work.uuid])),
        Crumb(_("画作答区域")),
    )
    return render(
        request,
        "assessment/paper/draw.html",
        {"template_row": row, "pages": pages, "start": start, "trail": trail},
    )


@require_GET
@signed_in(Role.TEACHER)
def blank(request: HttpRequest, template_uuid: str, number: int) -> HttpResponse:
    """One page of the blank."""
    row = paper_access.access_template(actor_of(request), template_uuid, verb=Verb.READ)
    if not 1 <= number <= len(row.blanks):
        raise NotFoundError
    return HttpResponse(files.read(int(row.blanks[number - 1]["blob"])), content_type="image/jpeg")


def _drawn(request: HttpRequest) -> list[Drawn]:
    wrong = InvalidInputError(_("画出的区域有误，请检查后再保存。"), code="template.invalid")
    try:
        sent = json.loads(request.body)
        if not isinstance(sent, list) or len(sent) > MOST_REGIONS:
            raise wrong
        return [drawn_from_json(one) for one in sent]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise wrong from error


def _size(blank: dict[str, Any]) -> dict[str, int]:
    return {"width": int(blank["width"]), "height": int(blank["height"])}
