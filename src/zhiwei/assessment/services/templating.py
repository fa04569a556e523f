"""Templates of existing paper: the scan of a blank, and the regions a teacher draws on it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj

from zhiwei.assessment.models import ScanPage, SheetTemplate, Work
from zhiwei.assessment.rules.drawn_regions import Drawn, drawn_region
from zhiwei.assessment.rules.paper_codes import work_code
from zhiwei.assessment.services.scanning_in import Upload
from zhiwei.engines import scanning, sheets
from zhiwei.kernel import audit, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Verb

MOST_PAGES = 8
LARGEST_BLANK = 40 * 1024 * 1024
PAGE_SIDE = 2400
WIDTHS_MM = {"A4": 210.0, "A3": 420.0, "8K": 370.0, "B5": 176.0}
_LIMITS = scanning.Limits(
    file_bytes=LARGEST_BLANK, pages=MOST_PAGES, page_seconds=10.0, cpu_seconds=30, long_side_px=PAGE_SIDE
)


def begin_template(
    *, actor: Actor, now: datetime, work: Work, upload: Upload, name: str, paper: str = "A4"
) -> SheetTemplate:
    """Keep the pages of a scanned blank, ready to be drawn on.

    Args:
        paper: How wide the paper is: a key of ``WIDTHS_MM``.

    Raises:
        InvalidInputError: The file cannot be read, has no page or more than eight, or the paper is not known.

    Effects:
        One audit row.
    """
    if paper not in WIDTHS_MM:
        raise InvalidInputError("请选择纸张大小。", code="template.paper")
    pages = _decoded(upload)
    blanks = []
    for pixels in pages:
        height, width = pixels.shape[:2]
        picture = scanning.page_jpeg(pixels, long_side=PAGE_SIDE, quality=88)
        ref = files.store(picture, tenant_id=work.tenant_id, now=now, max_bytes=LARGEST_BLANK)
        blanks.append({"blob": ref.id, "width": width, "height": height, "paper": paper})
    row = SheetTemplate.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        name=(name.strip() or upload.name)[:80],
        origin="drawn",
        blanks=blanks,
        page_count=len(blanks),
        made_by_id=actor.person_id or None,
        made_at=now,
    )
    _note(actor, now, row, Verb.CREATE)
    return row


def save_regions(
    *, actor: Actor, now: datetime, template: SheetTemplate, drawn: Sequence[Drawn]
) -> SheetTemplate:
    """Make the template from what was drawn. Once pages were read by it, a new template takes its place.

    Raises:
        InvalidInputError: Nothing is drawn, a region lies outside its page, belongs to no question of the work,
            or nothing is printed on the page to find it by.

    Effects:
        One audit row.
    """
    questions = {str(pk) for pk in template.work.items.values_list("pk", flat=True)}
    if not any(one.question for one in drawn):
        raise InvalidInputError("请至少为一道题画出作答区域。", code="template.empty")
    stray = next((one for one in drawn if one.kind != "number" and one.question not in questions), None)
    if stray is not None:
        raise InvalidInputError("有区域没有选择对应的题目。", code="template.no_question")
    row = template
    if ScanPage.objects.filter(template=template).exists():
        row = SheetTemplate(
            tenant_id=template.tenant_id,
            work=template.work,
            name=template.name,
            origin="drawn",
            blanks=template.blanks,
            page_count=template.page_count,
        )
    row.body = scanning.template_to_json(_template(row, drawn))
    row.made_by_id, row.made_at = actor.person_id or None, now
    row.save()
    _note(actor, now, row, Verb.UPDATE)
    return row


def _template(row: SheetTemplate, drawn: Sequence[Drawn]) -> sheets.Template:
    try:
        pages = tuple(
            scanning.page_from_blank(
                scanning.page_pixels(files.read(int(blank["blob"]))),
                [
                    drawn_region(one, int(blank["width"]), int(blank["height"]), number)
                    for number, one in enumerate(drawn)
                    if one.page == index
                ],
                number=index,
                width_mm=WIDTHS_MM[str(blank["paper"])],
            )
            for index, blank in enumerate(row.blanks, start=1)
        )
        found = sheets.Template(work_code(row.work_id), row.name, pages)
        return scanning.template_from_json(scanning.template_to_json(found))
    except sheets.SheetError as error:
        raise InvalidInputError(f"模板有误：{error}", code="template.invalid") from error


def _decoded(upload: Upload) -> list[scanning.Pixels]:
    with tempfile.TemporaryDirectory(prefix="zhiwei-blank-") as folder:
        path = Path(folder) / "blank"
        with path.open("wb") as out:
            copyfileobj(upload.content, out)
        found = list(scanning.read_pages(path, _LIMITS))
    problems = [one for one in found if isinstance(one, scanning.FileProblem)]
    if problems:
        raise InvalidInputError(problems[0].why.zh, code="template.unreadable")
    return [one.pixels for one in found if isinstance(one, scanning.PageImage)]


def _note(actor: Actor, now: datetime, row: SheetTemplate, verb: Verb) -> None:
    audit.record(
        actor=actor, verb=verb, kind="scan", object_id=row.pk, now=now, tenant_id=row.tenant_id,
        detail={"template": row.origin},
    )  # fmt: skip
