"""What the pages of paper show: classes, pupils, files in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from zhiwei.assessment.models import PaperFile, ScanBatch, ScanPage, SheetTemplate, Sitting, Target, Work
from zhiwei.engines import scanning
from zhiwei.engines.sheets import answer_space_for
from zhiwei.kernel import api as kernel


@dataclass(frozen=True, slots=True)
class PaperClass:
    """One class of a work with the pupils it is set for, by number."""

    id: int
    name: str
    pupils: tuple[kernel.PersonInfo, ...]


def classes_of(work: Work, today: date, class_ids: Iterable[int] | None = None) -> list[PaperClass]:
    """Return the classes a work is set for with their pupils.

    Args:
        class_ids: Only these.
    """
    targets = list(Target.objects.filter(work=work))
    wanted = None if class_ids is None else set(class_ids)
    found = []
    for class_id in dict.fromkeys(target.organisation_id for target in targets):
        if wanted is None or class_id in wanted:
            chosen = {target.person_id for target in targets if target.organisation_id == class_id}
            pupils = kernel.pupils_of_class(class_id, today)
            if None not in chosen:
                pupils = [one for one in pupils if one.id in chosen]
            found.append(PaperClass(class_id, kernel.get_organisation(class_id).name, tuple(pupils)))
    return found


def newest_template(work: Work) -> SheetTemplate | None:
    """Return the template by which scans of a work are read unless another is chosen."""
    return SheetTemplate.objects.filter(work=work).exclude(body="").order_by("-made_at", "-pk").first()


def templates_of(work: Work) -> list[SheetTemplate]:
    """Return a work's templates, newest first."""
    return list(SheetTemplate.objects.filter(work=work).order_by("-made_at", "-pk"))


def batches_of(work: Work, limit: int = 20) -> list[ScanBatch]:
    """Return what came in, newest first."""
    return list(ScanBatch.objects.filter(work=work).prefetch_related("files").order_by("-at", "-pk")[:limit])


def batch_report(batch: ScanBatch) -> dict[str, Any]:
    """Return what came of each file of a batch, for programs and the phone page."""
    report = [
        {
            "name": one.name,
            "state": one.state,
            "pages": one.page_count,
            "repeated": one.repeated,
            "problems": one.problems,
            "findings": [_page_findings(page) for page in one.pages.order_by("pk")],
        }
        for one in batch.files.order_by("pk")
    ]
    return {"batch": str(batch.uuid), "state": batch.state, "pages": batch.done_pages, "files": report}


def _page_findings(page: ScanPage) -> dict[str, Any]:
    return {
        "page": page.number,
        "pupil_known": bool(page.read["pupil"]),
        "findings": page.read["findings"],
    }


def files_of(work: Work, kinds: Sequence[str], class_ids: Iterable[int], limit: int = 12) -> list[PaperFile]:
    """Return files made from a work's paper for these classes (or for all), newest first."""
    rows = PaperFile.objects.filter(work=work, kind__in=kinds).select_related("organisation")
    mine = [one for one in rows.order_by("-made_at", "-pk")[:60] if one.organisation_id in (None, *class_ids)]
    return mine[:limit]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A work in the list: how many pages came in, and how many of them wait for a person."""

    work: Work
    pages: int
    handed_in: int


def paper_list(works: QuerySet[Work], limit: int = 60) -> list[PaperLine]:
    """Return works with what came in for them, newest first."""
    rows = list(works.order_by("-created_at")[:limit])
    pages = _counts(ScanPage.objects.filter(work__in=rows))
    taken = _counts(Sitting.objects.filter(work__in=rows, medium="paper"))
    return [PaperLine(row, pages.get(row.pk, 0), taken.get(row.pk, 0)) for row in rows]


def questions_for_drawing(work: Work) -> list[dict[str, object]]:
    """Return the work's questions as the drawing page offers them."""
    return [
        {
            "id": str(item.pk),
            "label": str(item.position),
            "kind": _DRAWN_AS.get(answer_space_for(item.type), "free"),
            "options": "".join(_letters(item.content)),
            "multiple": item.type == "multiple_choice",
            "score": item.max_score,
        }
        for item in work.items.order_by("position")
    ]


def drawn_regions(row: SheetTemplate) -> list[dict[str, object]]:
    """Return a drawn template's regions in shares of their pages, to go on drawing."""
    if not row.body:
        return []
    template = scanning.template_from_json(row.body)
    return [
        {
            "page": page.number,
            "question": region.question,
            "kind": "amount" if region.kind == "short" and region.alphabet else region.kind,
            "x": region.box.x / page.width_mm,
            "y": region.box.y / page.height_mm,
            "w": region.box.w / page.width_mm,
            "h": region.box.h / page.height_mm,
            "options": "".join(cell.value for cell in region.cells) or region.alphabet or "ABCD",
            "cells": len({cell.group for cell in region.cells})
            if region.kind == "number"
            else len(region.cells) or 4,
            "multiple": region.multiple,
        }
        for page in template.pages
        for region in page.regions
    ]


_DRAWN_AS = {"choice": "bubbles", "blank": "short", "grid": "lines"} | {
    kind: kind for kind in ("digits", "letter", "lines", "free")
}


def _letters(content: dict[str, Any]) -> list[str]:
    options = content.get("options") or []
    found = [str(one.get("id", "")) for one in options if isinstance(one, dict)]
    return found if found and all(len(one) == 1 for one in found) else list("ABCD")


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(
        rows.order_by().values_list("work_id").annotate(count=Count("pk")).values_list("work_id", "count")
    )
