"""A run: what came of each rule, and every row that broke one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data.access_sources import access_result, access_run, open_level
from zhiwei.data.services.datasets import Dataset, dataset, meanings_of
from zhiwei.data.services.running_quality import failing_rows, record_look
from zhiwei.data.web.entries import SOURCE_READERS
from zhiwei.data.web.mapping import hidden
from zhiwei.data.web.quality import trail
from zhiwei.data.web.sources import job_state
from zhiwei.data.wording_quality import STATES, TONES, dimension_of, figure_words, rule_words
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.tables import Cell, workbook
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50
MOST = 20_000
_WIDE = 8
"""Columns shown besides those of the rule."""


@require_GET
@signed_in(*SOURCE_READERS)
def run(request: HttpRequest, run_uuid: str) -> HttpResponse:
    """What came of each rule."""
    actor = actor_of(request)
    row = access_run(actor, run_uuid)
    results = row.results.order_by("holds", "-failing", "position")
    meanings = meanings_of(row.dataset)
    context = {
        **_about(row),
        "results": [
            (one, dimension_of(one.form), rule_words(one, meanings), figure_words(one.figures))
            for one in results
        ],
        "is_officer": Role.DATA_OFFICER in actor.roles,
        "trail": (
            *trail(),
            Crumb(row.name, reverse("data:dataset", args=[row.dataset])),
            Crumb(_("检查结果")),
        ),
    }
    return render(request, "data/quality_run.html", context)


@require_GET
@signed_in(*SOURCE_READERS)
def run_state(request: HttpRequest, run_uuid: str) -> HttpResponse:
    """The moving part, polled while the job runs."""
    return job_state(request, _about(access_run(actor_of(request), run_uuid)))


@require_GET
@signed_in(Role.DATA_OFFICER)
def failing(request: HttpRequest, run_uuid: str, position: int) -> HttpResponse:
    """A page of the rows that broke a rule."""
    text = request.GET.get("page", "1")
    page = min(max(int(text), 1), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    row, found, columns, opened = _found(request, run_uuid, position, Verb.READ)
    rows = failing_rows(row, found, offset=(page - 1) * PAGE, limit=PAGE, columns=columns)
    context = {
        "result": row,
        "words": rule_words(row, found.meanings),
        "columns": [(found.meanings.get(one, one), one in row.columns) for one in columns],
        "rows": [(number, _cells(found, columns, cells, opened)) for number, cells in rows],
        "is_table": row.run.dataset.startswith("table:"),
        "page": page,
        "before": page - 1,
        "after": page + 1 if page * PAGE < row.failing else 0,
        "trail": (
            *trail(),
            Crumb(row.run.name, reverse("data:dataset", args=[row.run.dataset])),
            Crumb(_("检查结果"), reverse("data:quality_run", args=[row.run.uuid])),
            Crumb(_("未通过的行")),
        ),
    }
    return render(request, "data/failing.html", context)


@require_GET
@signed_in(Role.DATA_OFFICER)
def failing_file(request: HttpRequest, run_uuid: str, position: int) -> HttpResponse:
    """The rows (20,000 at most) as a workbook."""
    row, found, columns, opened = _found(request, run_uuid, position, Verb.EXPORT)
    rows = failing_rows(row, found, offset=0, limit=MOST, columns=columns)
    cells: list[list[Cell]] = [[number, *_cells(found, columns, one, opened)] for number, one in rows]
    response = HttpResponse(workbook(_("未通过的行"), [_("行"), *columns], cells), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="failing-rows.xlsx"'
    return response


def _found(
    request: HttpRequest, run_uuid: str, position: int, verb: Verb
) -> tuple[Any, Dataset, list[str], Level]:
    """Return the result, its dataset, the columns to show (the rule's first) and the level that may be seen."""
    actor = actor_of(request)
    row = access_result(access_run(actor, run_uuid), position)
    opened = open_level(actor, str(kernel.get_organisation(row.tenant_id).path), verb=verb)
    found = dataset(row.run.dataset)
    others = [one.name for one in found.columns if one.name not in row.columns][:_WIDE]
    columns = [*row.columns, *others]
    level = max((found.level_of(one) for one in columns), default=int(Level.INTERNAL))
    record_look(actor, row, min(level, int(opened)), clock.now())
    return row, found, columns, opened


def _cells(found: Dataset, columns: list[str], cells: tuple[str | None, ...], opened: Level) -> list[str]:
    return [
        hidden(cell) if found.level_of(name) > opened else (cell or "")
        for name, cell in zip(columns, cells, strict=True)
    ]


def _about(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "state": str(STATES[row.state]),
        "tone": TONES[row.state],
        "job": row.job,
        "alive": getattr(row.job, "state", "") in jobs.ALIVE,
        "state_url": reverse("data:quality_run_state", args=[row.uuid]),
    }
