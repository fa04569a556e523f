"""The catalogue: search, one field with where it comes from and goes, the dictionary as a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data.queries import catalogue as queries
from zhiwei.data.values import CatalogueField
from zhiwei.data.web.entries import READERS, tabs
from zhiwei.data.wording import (
    KINDS,
    LEVEL_TONES,
    LEVELS,
    grade_of_importance,
    kind_name,
    level_name,
    retention_words,
)
from zhiwei.kernel import audit, clock
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.tables import escaped, workbook
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb

PAGE = 60


@require_GET
@signed_in(*READERS)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every field, found by name, meaning, table or code."""
    actor = actor_of(request)
    require(actor, Verb.LIST, "catalogue")
    lines = queries.all_fields(actor)
    page = Paginator(_found(request, lines), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, level_name(one.level), LEVEL_TONES[one.level]) for one in page.object_list],
        "choices": _choices(request, lines),
        "total_tables": len({one.table for one in lines}),
        "total_fields": len(lines),
        "export_url": _export_url(request),
        "tabs": tabs(actor, "data:catalogue"),
        "trail": (Crumb(_("数据"), reverse("data:home")), Crumb(_("数据目录"))),
    }
    return render(request, "data/catalogue.html", context)


@require_GET
@signed_in(*READERS)
def one_field(request: HttpRequest, key: str) -> HttpResponse:
    """One field: what it is, how long it is kept, where it comes from and goes."""
    actor = actor_of(request)
    require(actor, Verb.READ, "catalogue")
    lines = {one.key: one for one in queries.all_fields(actor)}
    line = lines.get(key)
    if line is None:
        raise NotFoundError
    context = {
        "line": line,
        "level": level_name(line.level),
        "tone": LEVEL_TONES[line.level],
        "kind": kind_name(line.kind),
        "importance": grade_of_importance(),
        "retention": retention_words(line.retention),
        "sources": [(lines.get(one), one) for one in line.sources],
        "targets": [(lines.get(one), one, via) for one, via in zip(line.targets, line.via, strict=True)],
        "siblings": [one for one in lines.values() if one.table == line.table],
        "trail": (
            Crumb(_("数据"), reverse("data:home")),
            Crumb(_("数据目录"), reverse("data:catalogue")),
            Crumb(line.meaning),
        ),
    }
    return render(request, "data/field.html", context)


@require_GET
@signed_in(Role.DATA_OFFICER)
def export(request: HttpRequest) -> HttpResponse:
    """The dictionary of what is shown, as Excel or (``?format=csv``) CSV."""
    actor = actor_of(request)
    require(actor, Verb.EXPORT, "catalogue")
    lines = _found(request, queries.all_fields(actor))
    audit.record(
        actor=actor, verb=Verb.EXPORT, kind="catalogue", now=clock.now(), detail={"fields": len(lines)}
    )
    rows = [dictionary_row(one) for one in lines]
    if request.GET.get("format") == "csv":
        return _file(_csv(rows).encode("utf-8-sig"), "text/csv; charset=utf-8", "data-dictionary.csv")
    return _file(workbook(_("数据字典"), dictionary_headings(), rows), XLSX, "data-dictionary.xlsx")


def dictionary_headings() -> list[str]:
    """Return the columns of the dictionary."""
    return [
        _("标识"), _("类别"), _("责任方"), _("表"), _("表的含义"), _("字段"), _("字段含义"), _("类型"),
        _("标准代码"), _("级别"), _("重要程度"), _("含个人主体"), _("保存期限"), _("来自"), _("去往"),
    ]  # fmt: skip


def dictionary_row(line: CatalogueField) -> list[str]:
    """Return one line of the dictionary."""
    return [
        line.key,
        kind_name(line.kind),
        line.owner,
        line.table,
        line.table_meaning,
        line.name,
        line.meaning,
        line.type,
        line.code,
        level_name(line.level),
        grade_of_importance(),
        _("是") if line.person else _("否"),
        retention_words(line.retention),
        "；".join(line.sources),
        "；".join(line.targets),
    ]


def _found(request: HttpRequest, lines: Sequence[CatalogueField]) -> list[CatalogueField]:
    wanted = {name: request.GET.get(name, "") for name in ("owner", "level", "kind")}
    return queries.search(lines, request.GET.get("q", ""), **wanted)


def _choices(request: HttpRequest, lines: Sequence[CatalogueField]) -> tuple[Choice, ...]:
    owners = tuple((one, one) for one in sorted({line.owner for line in lines}))
    levels = tuple((str(int(level)), str(word)) for level, word in LEVELS.items())
    kinds = tuple((kind, str(word)) for kind, word in KINDS.items())
    return (
        Choice("owner", _("责任方"), owners, request.GET.get("owner", "")),
        Choice("level", _("级别"), levels, request.GET.get("level", "")),
        Choice("kind", _("类别"), kinds, request.GET.get("kind", "")),
    )


def _export_url(request: HttpRequest) -> str:
    if Role.DATA_OFFICER not in actor_of(request).roles:
        return ""
    return f"{reverse('data:catalogue_export')}?{request.GET.urlencode()}"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(dictionary_headings())
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return out.getvalue()


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
