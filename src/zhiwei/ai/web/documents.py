"""One document: a page with the passage marked, the original file, a new edition, its audience."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.ai import knowledge_access as access
from zhiwei.ai.queries import knowledge as queries
from zhiwei.ai.services import knowledge as services
from zhiwei.ai.services.page_pictures import has_pictures, page_picture
from zhiwei.ai.values import Audience, DocumentState
from zhiwei.ai.web.knowledge_forms import DOCUMENT_AUDIENCES
from zhiwei.kernel import clock, files
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import STAFF_ROLES, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

READERS = (*sorted(STAFF_ROLES), Role.PUPIL)


@require_GET
@signed_in(*READERS)
def document(request: HttpRequest, document_uuid: str) -> HttpResponse:
    """One page of a document; ``passage`` opens the page where it stands and marks it."""
    actor = actor_of(request)
    found = access.access_document(actor, document_uuid)
    passage = queries.passage_of(found, _number(request.GET.get("passage", "")))
    sheet = queries.sheet_of(found, _number(request.GET.get("page", "1")), passage)
    changeable = actor.is_staff and access.documents_in_reach(actor, Verb.UPDATE).filter(pk=found.pk).exists()
    first = Crumb(
        found.base.name, reverse("ai:knowledge_base", args=[found.base.uuid]) if actor.is_staff else ""
    )
    context = {
        "document": found,
        "sheet": sheet,
        "passage": passage,
        "pictured": has_pictures(found) and found.state == DocumentState.READY,
        "changeable": changeable,
        "audiences": [(one.value, word) for one, word in DOCUMENT_AUDIENCES.items()] if changeable else (),
        "classes": queries.classes_to_open(actor) if changeable else (),
        "trail": (first, Crumb(found.title)),
    }
    return render(request, "ai/knowledge/document.html", context)


@require_GET
@signed_in(*READERS)
def page(request: HttpRequest, document_uuid: str, number: int) -> HttpResponse:
    """One page as it looks; the words of ``passage`` that stand on it are marked."""
    found = access.access_document(actor_of(request), document_uuid)
    passage = queries.passage_of(found, _number(request.GET.get("passage", "")))
    words = queries.words_on(found, number, passage)
    response = HttpResponse(page_picture(found, number, words).jpeg, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@require_GET
@signed_in(*READERS)
def original(request: HttpRequest, document_uuid: str) -> HttpResponse:
    """The file as it was uploaded."""
    found = access.access_document(actor_of(request), document_uuid)
    response = HttpResponse(files.read(found.blob_id), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return response


@require_POST
@signed_in(*STAFF_ROLES)
def replace(request: HttpRequest, document_uuid: str) -> HttpResponse:
    """Put a new edition in a document's place."""
    actor = actor_of(request)
    found = access.access_document(actor, document_uuid, verb=Verb.UPDATE)
    one = request.FILES.get("file")
    if one is None or one.file is None:
        raise InvalidInputError(_("请选择新版本的文件。"), code="knowledge.no_file")
    upload = services.Upload(one.name or "", one.file)
    services.replace_document(actor=actor, now=clock.now(), document=found, upload=upload)
    return redirect("ai:knowledge_base", base_uuid=found.base.uuid)


@require_POST
@signed_in(*STAFF_ROLES)
def opened(request: HttpRequest, document_uuid: str) -> HttpResponse:
    """Say who may see this document."""
    actor = actor_of(request)
    found = access.access_document(actor, document_uuid, verb=Verb.UPDATE)
    chosen = request.POST.get("audience", "")
    if chosen not in set(Audience):
        raise InvalidInputError(_("请选择这份文档对谁开放。"), code="knowledge.audience")
    mine = {one.id for one in queries.classes_to_open(actor)}
    classes = [_number(one) for one in request.POST.getlist("classes") if _number(one) in mine]
    services.open_document(
        actor=actor, now=clock.now(), document=found, audience=Audience(chosen), classes=classes
    )
    return redirect("ai:knowledge_document", document_uuid=document_uuid)


@require_POST
@signed_in(*STAFF_ROLES)
def remove(request: HttpRequest, document_uuid: str) -> HttpResponse:
    """Remove a document."""
    actor = actor_of(request)
    found = access.access_document(actor, document_uuid, verb=Verb.DELETE)
    base_uuid = found.base.uuid
    services.remove_document(actor=actor, now=clock.now(), document=found)
    return redirect("ai:knowledge_base", base_uuid=base_uuid)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
