"""Keeping a page that was read: its picture, a thumbnail, every field with its crop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhiwei.assessment.models import ScanBatch, ScanFile, ScanPage
from zhiwei.engines import scanning
from zhiwei.kernel import files

PAGE_SIDE = 2400
THUMB_SIDE = 420
_LARGEST_PICTURE = 40 * 1024 * 1024


@dataclass(frozen=True)
class ReadPage:
    """A page after reading.

    Attributes:
        digest: Of the decoded pixels: the same page twice has the same.
        flat: The page drawn flat; ``None`` when it was not found.
        by_print: It was found by its own print, without marks, and may lie a little off.
    """

    picture: scanning.PageImage
    digest: str
    result: scanning.PageResult
    flat: scanning.Pixels | None
    by_print: bool = False


def keep_page(batch: ScanBatch, file: ScanFile, page: ReadPage) -> bool:
    """Keep a page; ``False`` when the very same page of this work is there already, and nothing is kept."""
    if ScanPage.objects.filter(work_id=batch.work_id, digest=page.digest).exists():
        return False
    try:
        with transaction.atomic():
            _create(batch, file, page)
    except IntegrityError:
        return False
    return True


def _create(batch: ScanBatch, file: ScanFile, page: ReadPage) -> None:
    shown = page.picture.pixels if page.flat is None else page.flat
    tenant, at = batch.tenant_id, batch.at
    ScanPage.objects.create(
        tenant_id=tenant,
        work_id=batch.work_id,
        template_id=batch.template_id,
        file=file,
        member=page.picture.member,
        number=page.picture.number,
        digest=page.digest,
        read=_what_was_read(page),
        readings=[_reading(one, page.by_print, tenant, at) for one in page.result.readings],
        image_id=_picture(scanning.page_jpeg(shown, long_side=PAGE_SIDE), tenant, at),
        thumb_id=_picture(scanning.page_jpeg(shown, long_side=THUMB_SIDE, quality=70), tenant, at),
    )


def _what_was_read(page: ReadPage) -> dict[str, Any]:
    result = page.result
    return {
        "work": result.work,
        "pupil": result.pupil,
        "sheet": result.sheet,
        "page": result.page,
        "how": result.how,
        "doubts": list(result.doubts),
        "findings": [{"code": one.code, "zh": one.zh, "en": one.en} for one in result.findings],
        "tilt": result.tilt_degrees,
        "error_mm": result.error_mm,
        "flat": page.flat is not None,
    }


def _reading(one: scanning.Reading, by_print: bool, tenant_id: int, at: datetime) -> dict[str, Any]:
    """Of a page found by its print alone an empty field is never certain: the writing may stand beside it."""
    doubtful_blank = by_print and not one.values
    return {
        "region": one.region,
        "question": one.question,
        "kind": one.kind,
        "values": list(one.values),
        "confidence": round(min(one.confidence, 0.5) if doubtful_blank else one.confidence, 3),
        "unsure": one.unsure or doubtful_blank,
        "remark": one.remark,
        "crop": _picture(one.crop_png, tenant_id, at),
    }


def _picture(content: bytes, tenant_id: int, at: datetime) -> int:
    return files.store(content, tenant_id=tenant_id, now=at, max_bytes=_LARGEST_PICTURE).id
