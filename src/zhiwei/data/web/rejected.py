"""Rejected rows: why, as they were, and as a workbook to work through beside the source."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data.access_sources import access_intake, access_source, open_level
from zhiwei.data.queries.sources import Rejected, rejected_rows
from zhiwei.data.services.sources import fields_of
from zhiwei.data.web.mapping import hidden
from zhiwei.data.web.sources import trail
from zhiwei.data.wording_quality import reason_words
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.tables import Cell, workbook
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50
MOST = 50_000


@require_GET
@signed_in(Role.DATA_OFFICER)
def rejected(request: HttpRequest, source_uuid: str, number: int) -> HttpResponse:
    """A page of the rejected rows of one bringing-in."""
    row, opened = _found(request, source_uuid, number, Verb.READ)
    text = request.GET.get("page", "1")
    page = min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    found = rejected_rows(row, offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "row": row,
        "headings": [one["title"] for one in row.columns],
        "rows": [(one.row, _why(one), _cells(row, one, opened)) for one in found],
        "page": page,
        "before": page - 1,
        "after": page + 1 if page * PAGE < row.rejected else 0,
        "trail": (
            *trail(),
            Crumb(row.source.name, reverse("data:source", args=[row.source.uuid])),
            Crumb(_("拒收的行")),
        ),
    }
    return render(request, "data/rejected.html", context)


@require_GET
@signed_in(Role.DATA_OFFICER)
def rejected_file(request: HttpRequest, source_uuid: str, number: int) -> HttpResponse:
    """All of them (50,000 at most) as a workbook."""
    row, opened = _found(request, source_uuid, number, Verb.EXPORT)
    headings = [_("行"), _("拒收原因"), *(str(one["title"]) for one in row.columns)]
    found = rejected_rows(row, offset=0, limit=MOST)
    cells: list[list[Cell]] = [[one.row, _why(one), *_cells(row, one, opened)] for one in found]
    response = HttpResponse(workbook(_("拒收的行"), headings, cells), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="rejected-rows.xlsx"'
    return response


def _found(request: HttpRequest, source_uuid: str, number: int, verb: Verb) -> tuple[Any, Level]:
    """Return the bringing-in and the level whose cells may be seen; the look is written down."""
    actor = actor_of(request)
    source = access_source(actor, source_uuid, verb=Verb.READ)
    row = access_intake(source, number)
    opened = open_level(actor, str(kernel.get_organisation(row.tenant_id).path), verb=verb)
    audit.record(
        actor=actor, verb=verb, kind="data_rows", object_id=row.pk, now=clock.now(), tenant_id=row.tenant_id,
        level=min(opened, Level(source.level)), detail={"rejected": row.rejected},
    )  # fmt: skip
    return row, opened


def _why(one: Rejected) -> str:
    return "；".join(reason_words(field, why) for field, why in one.reasons)


def _cells(row: Any, one: Rejected, opened: Level) -> list[str]:
    """Return the cells; those of columns that are left out count as sensitive, since nobody said what they are."""
    levels = {field.place: field.level for field in fields_of(row.fields)}
    return [
        hidden(cell) if levels.get(place, int(Level.SENSITIVE)) > opened else (cell or "")
        for place, cell in enumerate(one.cells)
    ]
