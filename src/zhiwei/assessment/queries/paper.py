"""What the pages of paper show: classes, pupils, files in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhiwei.assessment.models import PaperFile, ScanBatch, SheetTemplate, Target, Work
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


def files_of(work: Work, kinds: Sequence[str], class_ids: Iterable[int], limit: int = 12) -> list[PaperFile]:
    """Return files made from a work's paper for these classes (or for all), newest first."""
    rows = PaperFile.objects.filter(work=work, kind__in=kinds).select_related("organisation")
    mine = [one for one in rows.order_by("-made_at", "-pk")[:60] if one.organisation_id in (None, *class_ids)]
    return mine[:limit]
