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
    """A page after reading: the picture, its digest, what was read, and the page drawn flat when it was found."""

    picture: scanning.PageImage
    digest: str
    result: scanning.PageResult
    flat: scanning.Pixels | None


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
        readings=[_reading(one, tenant, at) for one in page.result.readings],
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


def _reading(one: scanning.Reading, tenant_id: int, at: datetime) -> dict[str, Any]:
    return {
        "region": one.region,
        "question": one.question,
        "kind": one.kind,
        "values": list(one.values),
        "confidence": round(one.confidence, 3),
        "unsure": one.unsure,
        "remark": one.remark,
        "crop": _picture(one.crop_png, tenant_id, at),
    }


def _picture(content: bytes, tenant_id: int, at: datetime) -> int:
    return files.store(content, tenant_id=tenant_id, now=at, max_bytes=_LARGEST_PICTURE).id
