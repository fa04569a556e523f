"""Photos and drawings of a pupil's working: made small and clean, kept as files of the response."""

from __future__ import annotations

import io
from datetime import datetime
from typing import IO
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from zhiwei.assessment.errors import HandedInError
from zhiwei.assessment.models import Response, Sitting, WorkItem
from zhiwei.assessment.services.autosaving import reading_order
from zhiwei.assessment.values import SittingState
from zhiwei.kernel import audit, files
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2400
MAX_PHOTOS = 9
FORMATS = ("JPEG", "PNG", "WEBP")
REFUSED = "请上传 JPEG、PNG 或 WebP 图片，单张不超过 12 MB。"


def add_photo(
    *, actor: Actor, now: datetime, sitting: Sitting, item_uuid: UUID | str, content: IO[bytes]
) -> int:
    """Keep a photo with the answer to a question; the same photo again changes nothing.

    The picture is drawn anew (JPEG, at most 2,400 pixels a side), so that place, device and whatever else the
    camera wrote into it are gone.

    Returns:
        The file's id.

    Raises:
        HandedInError: The sitting was handed in.
        InvalidInputError: No picture of these kinds, too large, or too many.
        NotFoundError: The question is not of this work.

    Effects:
        One audit row.
    """
    row = _response(sitting, item_uuid, now)
    clean = redrawn(content)
    kept = files.store(
        clean, tenant_id=row.tenant_id, now=now, max_bytes=MAX_BYTES, media_types=["image/jpeg"]
    )
    if kept.id not in row.files:
        if len(row.files) >= MAX_PHOTOS:
            raise InvalidInputError(f"每题最多 {MAX_PHOTOS} 张图片。", code="photo.too_many")
        _write(actor, now, row, [*row.files, kept.id])
    return kept.id


def remove_photo(
    *, actor: Actor, now: datetime, sitting: Sitting, item_uuid: UUID | str, file_id: int
) -> None:
    """Take a photo out of an answer; one that is not there changes nothing.

    Raises:
        HandedInError: The sitting was handed in.

    Effects:
        One audit row.
    """
    row = _response(sitting, item_uuid, now)
    if file_id in row.files:
        _write(actor, now, row, [one for one in row.files if one != file_id])


def redrawn(content: IO[bytes]) -> bytes:
    """Return a picture drawn anew as JPEG.

    Raises:
        InvalidInputError: Not a JPEG, PNG or WebP picture, or larger than 12 MB or 50 million pixels.
    """
    raw = content.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InvalidInputError(REFUSED, code="photo.too_large")
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidInputError("图片的像素太多，请重新拍摄或缩小后再上传。", code="photo.too_large")
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            return _as_jpeg(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise InvalidInputError(REFUSED, code="photo.unreadable") from None


def _as_jpeg(picture: Image.Image) -> bytes:
    """Flatten onto white paper, so that a drawing on a clear ground stays legible."""
    paper = Image.new("RGB", picture.size, "white")
    clear = picture.convert("RGBA")
    paper.paste(clear, mask=clear.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _response(sitting: Sitting, item_uuid: UUID | str, now: datetime) -> Response:
    standing = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    if standing.state != SittingState.ANSWERING:
        raise HandedInError("已经交卷，不能再修改。")
    item = WorkItem.objects.filter(work_id=sitting.work_id, uuid=item_uuid).first()
    if item is None:
        raise NotFoundError
    row, _created = Response.objects.get_or_create(
        tenant_id=sitting.tenant_id,
        sitting=sitting,
        item=item,
        defaults={"saved_at": now, "order_key": reading_order(sitting.pk, item.pk)},
    )
    return row


def _write(actor: Actor, now: datetime, row: Response, kept: list[int]) -> None:
    Response.objects.filter(pk=row.pk).update(files=kept, saved_at=now)
    audit.record(
        actor=actor,
        verb=Verb.ANSWER,
        kind="photo",
        object_id=row.pk,
        about_id=row.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"photos": len(kept)},
    )
