"""Pages of the class picture 学情: for teachers only; on the big screen without names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.assessment.queries import picture as pictured
from zhiwei.assessment.queries import picture_evidence as evidence
from zhiwei.assessment.queries.picture_list import pictures as picture_lines
from zhiwei.assessment.queries.picture_values import Picture
from zhiwei.assessment.services import picture_files
from zhiwei.assessment.web import picture_charts as charts
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Level, Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

TEACHERS = (Role.TEACHER, Role.CLASS_TEACHER)


@signed_in(*TEACHERS)
def pictures(request: HttpRequest) -> HttpResponse:
    """The newest works with judged papers, a line a class."""
    context = {"rows": picture_lines(actor_of(request)), "trail": (Crumb(_("学情")),)}
    return render(request, "assessment/picture/list.html", context)


@signed_in(*TEACHERS)
def first_class(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Go to the first class of the work in reach."""
    classes = pictured.classes_of(actor_of(request), work_uuid)
    if not classes:
        raise NotFoundError
    return redirect("assessment:picture", work_uuid=work_uuid, class_id=classes[0][0])


@signed_in(*TEACHERS)
def picture(request: HttpRequest, work_uuid: str, class_id: int) -> HttpResponse:
    """One class on one work."""
    actor = actor_of(request)
    found = pictured.class_picture(actor, work_uuid, class_id)
    audit.record_reads(
        actor=actor,
        kind="picture",
        now=clock.now(),
        about_ids=[one.person_id for one in found.needs],
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
        object_id=found.work_id,
    )
    context = {
        "picture": found,
        "classes": pictured.classes_of(actor, work_uuid),
        "questions": charts.questions(found),
        "spread": charts.spread(found),
        "points": charts.points(found),
        "past": charts.past(found),
        "trail": (
            Crumb(_("学情"), reverse("assessment:pictures")),
            Crumb(found.title),
            Crumb(found.class_name),
        ),
    }
    return render(request, "assessment/picture/picture.html", context)


@signed_in(*TEACHERS)
def screen(request: HttpRequest, work_uuid: str, class_id: int) -> HttpResponse:
    """What may be put on the wall: no names."""
    found = pictured.class_picture(actor_of(request), work_uuid, class_id)
    context = {"picture": found, "first": _first(found), "questions": charts.questions(found)}
    return render(request, "assessment/picture/screen.html", context)


@signed_in(*TEACHERS)
def behind(request: HttpRequest, class_id: int, item_uuid: str) -> HttpResponse:
    """The responses a figure was computed from."""
    actor = actor_of(request)
    item = evidence.item_of(actor, item_uuid)
    asked = evidence.Asked(*(request.GET.get(name, "")[:200] for name in ("answer", "reason", "earned")))
    rows = evidence.responses_behind(actor, item, class_id, asked)
    audit.record_reads(
        actor=actor,
        kind="response",
        now=clock.now(),
        about_ids=[one.person_id for one in rows],
        tenant_id=actor.tenant_id,
        level=Level.PERSONAL,
        object_id=item.pk,
    )
    here = reverse("assessment:picture", args=[item.work.uuid, class_id])
    context = {
        "item": item,
        "rows": rows,
        "asked": asked,
        "back": here,
        "trail": (Crumb(item.work.title, here), Crumb(_("第 {n} 题的作答").format(n=item.position))),
    }
    return render(request, "assessment/picture/behind.html", context)


@require_POST
@signed_in(*TEACHERS)
def take(request: HttpRequest, work_uuid: str, class_id: int, form: str) -> HttpResponse:
    """Make the Excel table, the PDF or the parents' slips as a job and go to it."""
    job = picture_files.plan_file(
        actor=actor_of(request), now=clock.now(), work_uuid=work_uuid, class_id=class_id, form=form
    )
    return redirect("kernel:job", job_uuid=job)


@signed_in(*TEACHERS)
def file(request: HttpRequest, job_uuid: str) -> HttpResponse:
    """Give the file a job of one's own has made."""
    found, name = picture_files.file_of(actor=actor_of(request), now=clock.now(), job_uuid=job_uuid)
    response = HttpResponse(files.read(found.id), content_type=found.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _first(found: Picture) -> list[object]:
    by_position = {one.position: one for one in found.items}
    return [(one, by_position[one.position]) for one in found.first]
