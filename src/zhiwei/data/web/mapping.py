"""What a source's columns are: suggestions to accept or change, and what the first rows become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiwei.data.access_sources import access_source, open_level
from zhiwei.data.errors import SourceInputError
from zhiwei.data.queries.sources import Head, head_of, preview, suggested_fields
from zhiwei.data.services import sources as services
from zhiwei.data.services.sources import MappingSpec
from zhiwei.data.values import RETENTIONS, Origin, SourceField
from zhiwei.data.web.sources import trail
from zhiwei.data.wording import LEVELS, retention_words
from zhiwei.data.wording_quality import KINDS, SCHEDULES, WHYS, reason_words
from zhiwei.engines import intake as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

SHOWN = 8


@signed_in(Role.DATA_OFFICER)
def mapping(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """Accept or change what each column is; see what the first rows become before keeping it."""
    actor = actor_of(request)
    row = access_source(actor, source_uuid, verb=Verb.UPDATE)
    opened = open_level(actor, str(kernel.get_organisation(row.tenant_id).path))
    head, problem = head_of(row), ""
    fields = suggested_fields(row, head)
    if request.method == "POST":
        try:
            fields = _filled_in(request, len(row.columns))
            if "keep" in request.POST:
                services.save_mapping(actor=actor, now=clock.now(), source=row, spec=_spec(request, fields))
                return redirect("data:source", source_uuid=source_uuid)
        except InvalidInputError as error:
            problem = error.message
    good, bad, problem = _previewed(row, head, fields, problem)
    if row.level >= Level.PERSONAL:
        audit.record(
            actor=actor, verb=Verb.READ, kind="data_rows", object_id=row.pk, now=clock.now(),
            tenant_id=row.tenant_id, level=opened, detail={"sample": len(head.rows)},
        )  # fmt: skip
    context = {
        "row": row,
        "problem": problem,
        "lines": _lines(row, head, fields, opened),
        "elements": list(engine.elements()),
        "kinds": [(str(key), str(words)) for key, words in KINDS.items()],
        "levels": [(int(key), str(words)) for key, words in LEVELS.items()],
        "retentions": [(one, retention_words(one)) for one in RETENTIONS],
        "retention": request.POST.get("retention", row.retention),
        "schedules": [(key, str(words)) for key, words in SCHEDULES.items()]
        if row.origin == Origin.DATABASE
        else [],
        "schedule": request.POST.get("schedule", row.schedule),
        "fields": fields,
        "good": [_masked(cells, fields, opened) for cells in good[:SHOWN]],
        "bad": [(one.row, "；".join(reason_words(*why) for why in one.reasons)) for one in bad[:SHOWN]],
        "bad_total": len(bad),
        "sampled": len(head.rows),
        "elevate_url": reverse("kernel:elevate"),
        "is_masked": opened < Level.SENSITIVE and any(one.level >= Level.SENSITIVE for one in fields),
        "trail": (*trail(), Crumb(row.name, reverse("data:source", args=[row.uuid])), Crumb(_("确认各列"))),
    }
    return render(request, "data/mapping.html", context, status=422 if problem else 200)


def hidden(text: str | None) -> str:
    """Return a level-4 cell as it is shown without elevated mode: its first sign and its length."""
    return "" if not text else text[:1] + "•" * min(len(text) - 1, 20)


def _previewed(row: Any, head: Head, fields: Sequence[SourceField], problem: str) -> tuple[Any, Any, str]:
    if not fields or not head.rows:
        return [], [], problem
    try:
        services.engine_fields(fields)
        good, bad = preview(row, head, fields)
    except InvalidInputError as error:
        return [], [], problem or error.message
    return good, bad, problem


def _spec(request: HttpRequest, fields: Sequence[SourceField]) -> MappingSpec:
    return MappingSpec(fields, request.POST.get("retention", ""), request.POST.get("schedule", ""))


def _filled_in(request: HttpRequest, columns: int) -> list[SourceField]:
    """Read the table of columns; a column whose box is empty is left out."""
    known, found = engine.elements(), []
    for place in range(columns):
        if request.POST.get(f"take-{place}") != "1":
            continue
        element = request.POST.get(f"element-{place}", "").strip()
        if element and element not in known:
            raise SourceInputError("element", _("没有「%s」这个标准数据项。") % element[:60])
        kind = request.POST.get(f"kind-{place}", "text")
        codes = known[element].codes if element and kind == engine.Kind.CODE else ""
        if kind == engine.Kind.CODE and not codes:
            raise SourceInputError("kind", _("「%s」没有代码表，请选别的类型。") % element[:60])
        level = request.POST.get(f"level-{place}", "3")
        found.append(
            SourceField(
                place,
                request.POST.get(f"name-{place}", "").strip() or element,
                element,
                kind,
                int(level) if level in {"1", "2", "3", "4"} else 4,
                required=request.POST.get(f"required-{place}") == "1",
                codes=codes,
            )
        )
    return found


def _lines(row: Any, head: Head, fields: Sequence[SourceField], opened: Level) -> list[dict[str, Any]]:
    by_place = {one.place: one for one in fields}
    lines = []
    for place, column in enumerate(row.columns):
        hint = head.suggestions[place] if place < len(head.suggestions) else None
        field = by_place.get(place)
        level = field.level if field else (hint.level if hint else 3)
        cells = [cells[place] for cells in head.rows[:40] if place < len(cells) and cells[place]][:3]
        shown = [hidden(one) if level > opened else (one or "")[:24] for one in cells]
        lines.append(
            {
                "place": place, "title": column["title"], "type": column["type"], "field": field,
                "why": str(WHYS[hint.why]) if hint else "", "level": level, "cells": shown,
                "name": field.name if field else column["title"],
                "element": field.element if field else (hint.element if hint else ""),
                "kind": field.kind if field else "text",
            }
        )  # fmt: skip
    return lines


def _masked(cells: Sequence[str | None], fields: Sequence[SourceField], opened: Level) -> list[str]:
    return [
        hidden(cell) if one.level > opened else (cell or "") for cell, one in zip(cells, fields, strict=True)
    ]
