"""Paper for tests: a work for class one, its sheets printed, filled in and scanned."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from tests.cast import NOW, Cast

from zhiwei.assessment.models import ScanBatch, Work
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.services import papering, scanning_in, setting
from zhiwei.engines import scanning, sheets
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.models import Job
from zhiwei.kernel.values import Actor

Pixels = NDArray[np.uint8]
SCALE = 200 / 25.4
CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": one, "text": one} for one in "ABCD"],
    "reference_answers": ["B"],
}
SEVERAL: dict[str, Any] = {
    **CHOICE,
    "type": "multiple_choice",
    "stem": "哪些是偶数？",
    "reference_answers": ["A", "C"],
}
DERIVED: dict[str, Any] = {
    "type": "solution",
    "max_score": 4,
    "stem": "解 $2x=6$",
    "reference_answers": [["x=3"]],
}


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    """Act as somebody within the tenants they reach."""
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor


def run_jobs() -> None:
    """Run what waits, and what that plans, as the worker would."""
    for _round in range(4):
        with scope.everywhere("test"):
            waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
        for job_id, tenant_id in waiting:
            jobs.run(job_id, tenant_id)


def paper_work(cast: Cast, *contents: Mapping[str, Any], paper: str = "A4") -> Work:
    """A paper homework for class one with its sheets' template."""
    with acting(cast, "teacher") as teacher:
        work = setting.create_work(actor=teacher, now=NOW, title="随堂卷", subject="math")
        for content in contents or (CHOICE, SEVERAL):
            setting.add_typed_item(actor=teacher, now=NOW, work=work, content=content)
        setting.set_targets(actor=teacher, now=NOW, work=work, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=work)
        wish = papering.SheetWish(paper=paper)
        papering.request_sheets(actor=teacher, now=NOW, work=work, wish=wish, class_ids=[cast.class_one])
        return work


class Sheets:
    """The printed pages of a work by pupil, in pixels at 200 dpi."""

    def __init__(self, cast: Cast, work: Work) -> None:
        with acting(cast, "teacher"):
            classes = queries.classes_of(work, clock.today(NOW))
            width = papering.number_width(work, NOW)
            spec = papering.sheet_spec(work, papering.SheetWish(), classes, width)
            row = queries.newest_template(work)
            assert row is not None
            self.template = scanning.template_from_json(row.body)
            self.items = {str(item.pk): item for item in work.items.all()}
            self.key = papering.sheet_key(work.tenant_id)
            self.order = [one.id for group in classes for one in group.pupils]
        document = pypdfium2.PdfDocument(sheets.render_sheets(spec, self.key))
        self.pages = [
            np.array(page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")) for page in document
        ]

    def filled(self, person_id: int, answers: Mapping[int, str], page: int = 1) -> Pixels:
        """A pupil's page with bubbles filled: question position to the letters."""
        count = len(self.template.pages)
        pixels = self.pages[self.order.index(person_id) * count + page - 1].copy()
        layout = self.template.page(page)
        assert layout is not None
        for region in layout.regions:
            if region.kind == "bubbles":
                chosen = answers.get(self.items[region.question].position, "")
                for cell in region.cells:
                    if cell.value in chosen:
                        _fill(pixels, cell.box)
        return pixels


def _fill(pixels: Pixels, box: sheets.Box) -> None:
    centre = (round((box.x + box.w / 2) * SCALE), round((box.y + box.h / 2) * SCALE))
    axes = (round(box.w / 2 * SCALE), round(box.h / 2 * SCALE))
    cv2.ellipse(pixels, centre, axes, 0, 0, 360, 60, -1)


def without_code(pixels: Pixels, sheets_: Sheets) -> Pixels:
    """The page with its code torn off."""
    qr = sheets_.template.pages[0].qr
    assert qr is not None
    torn = pixels.copy()
    torn[: round((qr.y + qr.h + 2) * SCALE), round((qr.x - 2) * SCALE) : round((qr.x + qr.w + 2) * SCALE)] = (
        255
    )
    return torn


def as_pdf(*pages: Pixels) -> bytes:
    """Pages as one scanned PDF."""
    out = io.BytesIO()
    first, *rest = [Image.fromarray(page) for page in pages]
    first.save(out, "PDF", resolution=200, save_all=True, append_images=rest)
    return out.getvalue()


def scan_in(cast: Cast, work: Work, *files: tuple[str, bytes]) -> ScanBatch:
    """Hand files in as the teacher and let the jobs run."""
    with acting(cast, "teacher") as teacher:
        uploads = [scanning_in.Upload(name, io.BytesIO(content)) for name, content in files]
        batch = scanning_in.take_files(actor=teacher, now=NOW, work=work, uploads=uploads)
    run_jobs()
    with acting(cast, "teacher"):
        batch.refresh_from_db()
    return batch
