"""Rosters: hand in a file, see what it would change and what is wrong, confirm, watch, look back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.engines.rosters import template_xlsx
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.queries import rosters as queries
from zhiwei.kernel.services import rosters
from zhiwei.kernel.tables import workbook
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording_rosters import FORMATS, sentence
from zhiwei.ui.values import Crumb, Stat

PAGE = 50
TONES = {
    "checking": "machine", "ready": "due", "unusable": "unsure", "running": "machine", "done": "earned",
    "discarded": "plain",
}  # fmt: skip


@dataclass(frozen=True)
class ProblemRow:
    """A problem in words, at its place in the sheet."""

    sheet: str
    row: int
    field: str
    value: str
    sentence: str


@signed_in(Role.SCHOOL_ADMIN)
def roster_list(request: HttpRequest) -> HttpResponse:
    """Hand in a roster; see those of before."""
    actor = actor_of(request)
    schools = queries.schools_to_import(actor)
    if request.method == "POST":
        file = request.FILES.get("file")
        chosen = {str(one.pk): one.pk for one in schools}.get(request.POST.get("school", ""), schools[0].pk)
        if file is None:
            raise InvalidInputError(_("请选择一个文件。"), code="roster.no_file")
        row = rosters.take_in(
            actor=actor,
            now=clock.now(),
            tenant_id=chosen,
            content=cast(BinaryIO, file),
            name=str(file.name or ""),
        )
        return redirect("kernel:roster", import_uuid=row.uuid)
    page = Paginator(queries.imports(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, TONES[row.state]) for row in page.object_list],
        "schools": schools,
        "max_mb": rosters.MAX_BYTES // (1024 * 1024),
        "trail": (Crumb(_("花名册")),),
    }
    return render(request, "kernel/rosters.html", context)


@signed_in(Role.SCHOOL_ADMIN)
def roster_template(request: HttpRequest) -> HttpResponse:
    """The Excel template."""
    del request
    return _download(template_xlsx(), "roster-template.xlsx")


@signed_in(Role.SCHOOL_ADMIN)
def roster(request: HttpRequest, import_uuid: str) -> HttpResponse:
    """One import: its check, preview, progress or result."""
    row = queries.roster_import(actor_of(request), import_uuid)
    shown = [_problem(one) for one in row.problems]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "tone": TONES[row.state],
        "format": FORMATS.get(row.format, ""),
        "alive": _alive(row.job),
        "job": row.job,
        "stats": _stats(row.counts),
        "written": row.counts.get("written", {}),
        "places": [one[1] for one in row.counts.get("places", [])][:60],
        "page": page,
        "today": clock.today(clock.now()),
        "trail": (Crumb(_("花名册"), reverse("kernel:rosters")), Crumb(row.name)),
    }
    return render(request, "kernel/roster.html", context)


@signed_in(Role.SCHOOL_ADMIN)
def roster_state(request: HttpRequest, import_uuid: str) -> HttpResponse:
    """The moving part, polled while a job runs; when it rests, the whole page is drawn anew."""
    row = queries.roster_import(actor_of(request), import_uuid)
    response = render(
        request, "kernel/roster_state.html", {"row": row, "job": row.job, "alive": _alive(row.job)}
    )
    if not _alive(row.job):
        response.headers["HX-Refresh"] = "true"
    return response


@signed_in(Role.SCHOOL_ADMIN)
def roster_problems(request: HttpRequest, import_uuid: str) -> HttpResponse:
    """The problems as a workbook, to work through beside the roster."""
    row = queries.roster_import(actor_of(request), import_uuid)
    shown = [_problem(one) for one in row.problems]
    headings = [_("工作表"), _("行"), _("列"), _("内容"), _("问题")]
    cells = [[one.sheet, one.row or "", one.field, one.value, one.sentence] for one in shown]
    return _download(workbook(_("问题"), headings, cells), "roster-problems.xlsx")


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def roster_confirm(request: HttpRequest, import_uuid: str) -> HttpResponse:
    """Write a checked roster."""
    actor, now = actor_of(request), clock.now()
    row = queries.roster_import(actor, import_uuid, Verb.IMPORT)
    try:
        begins = date.fromisoformat(request.POST.get("begins_on", ""))
    except ValueError as error:
        raise InvalidInputError(_("生效日期请写成 2026-09-01。"), code="roster.date") from error
    rosters.confirm(
        actor=actor,
        now=now,
        import_id=row.pk,
        begins_on=begins,
        end_missing=request.POST.get("end_missing") == "1",
    )
    return redirect("kernel:roster", import_uuid=import_uuid)


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def roster_discard(request: HttpRequest, import_uuid: str) -> HttpResponse:
    """Put a checked roster aside."""
    actor = actor_of(request)
    row = queries.roster_import(actor, import_uuid, Verb.IMPORT)
    rosters.discard(actor=actor, now=clock.now(), import_id=row.pk)
    return redirect("kernel:rosters")


def _stats(counts: dict[str, int]) -> list[Stat]:
    words = (
        ("created", _("新建")), ("updated", _("更新")), ("unchanged", _("不变")), ("moved", _("换班或换任")),
        ("kept", _("手工值保留")), ("guardians", _("新监护人")), ("classes", _("新班级")),
        ("missing", _("在读但未列出")),
    )  # fmt: skip
    return [Stat(word, str(counts.get(name, 0))) for name, word in words] if counts.get("people") else []


def _problem(one: dict[str, object]) -> ProblemRow:
    given = one["facts"]
    facts = {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
    row = one["row"] if isinstance(one["row"], int) else 0
    return ProblemRow(
        str(one["sheet"]), row, str(one["field"]), facts.get("value", ""), sentence(str(one["code"]), facts)
    )


def _alive(job: object) -> bool:
    return getattr(job, "state", "") in jobs.ALIVE


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
