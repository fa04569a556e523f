"""Photos and drawings of working: handed in, taken out, shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.access import access_sitting
from zhiwei.assessment.queries.photos import photo_of
from zhiwei.assessment.services import photos
from zhiwei.kernel import clock, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in


@require_POST
@signed_in(Role.PUPIL)
def add(request: HttpRequest, sitting_uuid: str, item_uuid: str) -> HttpResponse:
    """Keep a photo; answers its number."""
    actor = actor_of(request)
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    sent = request.FILES.get("photo")
    if sent is None or sent.file is None:
        raise InvalidInputError(_("没有收到图片。"), code="photo.missing")
    kept = photos.add_photo(
        actor=actor, now=clock.now(), sitting=sitting, item_uuid=item_uuid, content=sent.file
    )
    return JsonResponse({"photo": kept})


@require_POST
@signed_in(Role.PUPIL)
def remove(request: HttpRequest, sitting_uuid: str, item_uuid: str, file_id: int) -> HttpResponse:
    """Take a photo out of an answer."""
    actor = actor_of(request)
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    photos.remove_photo(actor=actor, now=clock.now(), sitting=sitting, item_uuid=item_uuid, file_id=file_id)
    return JsonResponse({"removed": file_id})


@require_GET
@signed_in()
def show(request: HttpRequest, sitting_uuid: str, file_id: int) -> HttpResponse:
    """A photo, to the pupil, their guardians and their teachers."""
    kept = photo_of(actor_of(request), sitting_uuid, file_id)
    response = HttpResponse(files.read(kept.id), content_type=kept.media_type)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Disposition"] = "inline"
    return response
