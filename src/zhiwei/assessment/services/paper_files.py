"""Files out: marked pages for a pupil or a class, and crops with their marks for corpora."""

from __future__ import annotations

import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import PaperFile, Response, ScanPage, Sitting, Work
from zhiwei.assessment.queries.tray import tray_of
from zhiwei.assessment.rules import page_marks
from zhiwei.assessment.rules.paper_reading import shown
from zhiwei.assessment.services import papering
from zhiwei.assessment.services.scanning_in import parsed_template
from zhiwei.assessment.values import SittingState
from zhiwei.engines import scanning
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

JUDGED = (SittingState.JUDGED, SittingState.RELEASED)
_LARGEST = 1024 * 1024 * 1024
_UNKNOWN_WIDTH_MM = 210.0
MarkedPage = tuple[scanning.Pixels, list[scanning.Mark], float]


def request_marked(
    *, actor: Actor, now: datetime, work: Work, class_id: int, person_id: int | None = None
) -> PaperFile:
    """Plan the PDF of marked pages of a class or of one pupil.

    Effects:
        One audit row; a job.
    """
    who = kernel.get_person(person_id).name if person_id else kernel.get_organisation(class_id).name
    return _request(
        actor, now, work, "marked", f"{work.title} {who} 批阅卷.pdf", class_id, {"person": person_id or 0}
    )


def request_dataset(*, actor: Actor, now: datetime, work: Work, class_id: int) -> PaperFile:
    """Plan the ZIP of crops with marks (no names, no numbers).

    Effects:
        One audit row; a job.
    """
    name = f"{work.title} {kernel.get_organisation(class_id).name} 切图与评分.zip"
    return _request(actor, now, work, "dataset", name, class_id, {})


def make_file(*, file_id: int, now: datetime) -> dict[str, int]:
    """Make a planned file; what cannot be made says why in its row."""
    row = PaperFile.objects.select_related("work").get(pk=file_id)
    try:
        _MAKERS[row.kind](row=row, now=now)
    except InvalidInputError as error:
        PaperFile.objects.filter(pk=file_id).update(state="failed", problem=error.message[:300])
    return {"file": file_id}


def make_marked(*, row: PaperFile, now: datetime) -> None:
    """Write scores, rubric marks and comments on the pages of a class or one pupil, pupil after pupil.

    Raises:
        InvalidInputError: Nothing is judged yet.
    """
    pages = _marked_pages(row, now)
    try:
        content = scanning.marked_pdf(pages)
    except ValueError as error:
        raise InvalidInputError(
            "还没有批改完的答卷，无法生成批阅卷。", code="paper.nothing_marked"
        ) from error
    papering.keep_file(row, content, now)


def make_dataset(*, row: PaperFile, now: datetime) -> None:
    """Zip every crop of the class's judged answers with a manifest of readings and marks.

    Raises:
        InvalidInputError: Nothing is judged yet.
    """
    answers = Response.objects.filter(
        sitting__work_id=row.work_id,
        sitting__organisation_id=row.organisation_id or 0,
        sitting__medium="paper",
        score__isnull=False,
    )
    found = list(answers.select_related("item", "mark").order_by("item__position", "order_key"))
    if not found:
        raise InvalidInputError("还没有批改完的答卷，无法导出。", code="paper.nothing_marked")
    with tempfile.TemporaryFile() as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
            pupils: dict[int, str] = {}
            lines = [_add_answer(archive, one, number, pupils) for number, one in enumerate(found, start=1)]
            archive.writestr(
                "manifest.jsonl", "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)
            )
        kept.seek(0)
        ref = files.store(kept, tenant_id=row.tenant_id, now=now, max_bytes=_LARGEST, name=row.name)
    row.blob_id, row.state = ref.id, "done"
    row.save(update_fields=["blob", "state"])


def _request(
    actor: Actor, now: datetime, work: Work, kind: str, name: str, class_id: int, options: dict[str, Any]
) -> PaperFile:
    row = PaperFile.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        organisation_id=class_id,
        kind=kind,
        name=name[:160],
        options=options,
        made_by_id=actor.person_id or None,
        made_at=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.EXPORT,
        kind="scan",
        object_id=work.pk,
        about_id=options.get("person") or None,
        now=now,
        level=Level.PERSONAL,
        tenant_id=work.tenant_id,
        detail={"what": kind, "class": class_id},
    )
    papering.plan_file(row, now, name)
    return row


def _marked_pages(row: PaperFile, now: datetime) -> Iterator[MarkedPage]:
    wanted = int(row.options.get("person", 0))
    tray = tray_of(row.work, clock.today(now), [row.organisation_id or 0])
    for group in tray.classes:
        for one in group.rows:
            sitting = one.sitting
            if sitting is None or sitting.state not in JUDGED or wanted not in (0, one.pupil.id):
                continue
            answers = {str(each.item_id): each for each in _answers(sitting)}
            there = [(number, page) for number, page in one.pages if page is not None]
            for index, (number, page) in enumerate(there):
                yield _marked_page(page, number, answers, sitting if index == 0 else None)


def _answers(sitting: Sitting) -> list[Response]:
    return list(sitting.responses.select_related("item", "mark"))


def _marked_page(
    page: ScanPage, number: int, answers: dict[str, Response], sitting: Sitting | None
) -> MarkedPage:
    layout = parsed_template(page.template.body).page(number)
    pixels = scanning.page_pixels(files.read(page.image_id))
    if layout is None or not page.read["flat"]:
        return pixels, page_marks.total(None if sitting is None else sitting.score), _UNKNOWN_WIDTH_MM
    marks = page_marks.total(None if sitting is None else sitting.score, layout)
    seen: set[str] = set()
    for region in layout.regions:
        answer = answers.get(region.question)
        if answer is not None and region.question not in seen and answer.score is not None:
            seen.add(region.question)
            marks += page_marks.on_answer(region, _seen_mark(answer), layout.width_mm)
    return pixels, marks, layout.width_mm


def _seen_mark(answer: Response) -> page_marks.SeenMark:
    judgement = answer.mark.judgement if answer.mark is not None else {}
    points = [one for one in judgement.get("points", []) if isinstance(one, dict)]
    return page_marks.SeenMark(
        score=float(answer.score or 0),
        max_score=answer.item.max_score,
        points=tuple(float(one.get("score") or 0) for one in points),
        comment=answer.mark.comment if answer.mark is not None else "",
    )


def _add_answer(
    archive: zipfile.ZipFile, answer: Response, number: int, pupils: dict[int, str]
) -> dict[str, Any]:
    names = []
    for index, blob in enumerate(answer.files, start=1):
        name = f"crops/{number:06d}-{index}.{'jpg' if _is_jpeg(blob) else 'png'}"
        archive.writestr(name, files.read(int(blob)))
        names.append(name)
    reading = answer.value.get("reading", {})
    return {
        "images": names,
        "writer": pupils.setdefault(answer.sitting_id, secrets.token_hex(6)),
        "question": answer.item.position,
        "type": answer.item.type,
        "text": shown(answer.value),
        "text_by": "person" if reading.get("by_person") else "machine",
        "text_confidence": reading.get("confidence"),
        "score": answer.score,
        "max_score": answer.item.max_score,
        "score_by": answer.mark.kind if answer.mark is not None else "",
        "points": (answer.mark.judgement.get("points", []) if answer.mark is not None else []),
    }


def _is_jpeg(blob_id: int) -> bool:
    return files.describe(int(blob_id)).media_type == "image/jpeg"


_MAKERS = {"sheets": papering.make_sheets, "marked": make_marked, "dataset": make_dataset}
