"""Photos and drawings of working, through the API."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from zhiwei.assessment.access import access_sitting
from zhiwei.assessment.queries.photos import photo_of
from zhiwei.assessment.services import photos
from zhiwei.kernel import clock, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Needs

router = Router(tags=["photos"])
READ, WRITE = Needs("results:read"), Needs("answers:write")


class PhotoOut(Schema):
    """A photo's number within its sitting."""

    photo: int


@router.post(
    "/sittings/{uuid:sitting_uuid}/answers/{uuid:item_uuid}/photos",
    auth=WRITE,
    response={201: PhotoOut},
    operation_id="add_photo",
)
def add_photo(
    request: HttpRequest, sitting_uuid: UUID, item_uuid: UUID, photo: File[UploadedFile]
) -> tuple[int, PhotoOut]:
    """Keep a photo (JPEG, PNG, WebP, at most 12 MB) with an answer; the same photo again changes nothing."""
    actor = actor_of(request)
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    if photo.file is None:
        raise InvalidInputError("没有收到图片。", code="photo.missing")
    kept = photos.add_photo(
        actor=actor, now=clock.now(), sitting=sitting, item_uuid=item_uuid, content=photo.file
    )
    return 201, PhotoOut(photo=kept)


@router.delete(
    "/sittings/{uuid:sitting_uuid}/answers/{uuid:item_uuid}/photos/{int:photo_id}",
    auth=WRITE,
    response={204: None},
    operation_id="remove_photo",
)
def remove_photo(
    request: HttpRequest, sitting_uuid: UUID, item_uuid: UUID, photo_id: int
) -> tuple[int, None]:
    """Take a photo out of an answer."""
    actor = actor_of(request)
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    photos.remove_photo(actor=actor, now=clock.now(), sitting=sitting, item_uuid=item_uuid, file_id=photo_id)
    return 204, None


@router.get("/sittings/{uuid:sitting_uuid}/photos/{int:photo_id}", auth=READ, operation_id="get_photo")
def get_photo(request: HttpRequest, sitting_uuid: UUID, photo_id: int) -> HttpResponse:
    """Return a photo (``image/jpeg``), to the pupil, their guardians and their teachers."""
    kept = photo_of(actor_of(request), sitting_uuid, photo_id)
    return HttpResponse(files.read(kept.id), content_type=kept.media_type)
