"""Knowledge bases: list, one base with its documents, asking."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiwei.ai import knowledge_access as access
from zhiwei.ai.queries import knowledge as queries
from zhiwei.ai.queries.knowledge_search import ask as ask_bases
from zhiwei.ai.services import knowledge as services
from zhiwei.ai.values import Audience
from zhiwei.ai.web.knowledge_forms import AUDIENCES, DOCUMENT_AUDIENCES, SUBJECTS, KnowledgeForm
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import STAFF_ROLES, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*STAFF_ROLES)
def bases(request: HttpRequest) -> HttpResponse:
    """All bases one sees, and a box to ask them."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    question = request.GET.get("ask", "").strip()
    rows = queries.bases_for(actor, text)
    context = {
        "rows": [
            (one, AUDIENCES[Audience(one.audience)], SUBJECTS.get(one.subject, one.subject)) for one in rows
        ],
        "may_make": access.may_make(actor),
        "question": question,
        "answer": ask_bases(actor, question) if question else None,
        "trail": (Crumb(_("知识库")),),
    }
    return render(request, "ai/knowledge/bases.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF_ROLES)
def new(request: HttpRequest) -> HttpResponse:
    """Found a base."""
    actor = actor_of(request)
    if not access.may_make(actor):
        raise NotFoundError
    form = KnowledgeForm(request.POST or None, classes=queries.classes_to_open(actor))
    if request.method == "POST" and form.is_valid():
        try:
            base = services.found_base(actor=actor, now=clock.now(), form=form.told())
            return redirect("ai:knowledge_base", base_uuid=base.uuid)
        except InvalidInputError as error:
            form.add_error(None, error.message)
    return _form(request, form, _("新建知识库"))


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF_ROLES)
def settings(request: HttpRequest, base_uuid: str) -> HttpResponse:
    """Change name and audience of a base."""
    actor = actor_of(request)
    base = access.access_base(actor, base_uuid, verb=Verb.UPDATE)
    facts = {name: getattr(base, name) for name in ("name", "about", "subject", "audience", "for_companion")}
    facts["classes"] = [str(one) for one in base.classes]
    form = KnowledgeForm(request.POST or None, initial=facts, classes=queries.classes_to_open(actor))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_base(actor=actor, now=clock.now(), base=base, form=form.told())
            return redirect("ai:knowledge_base", base_uuid=base.uuid)
        except InvalidInputError as error:
            form.add_error(None, error.message)
    return _form(request, form, base.name, base)


@require_GET
@signed_in(*STAFF_ROLES)
def base(request: HttpRequest, base_uuid: str) -> HttpResponse:
    """One base: ask it, see its documents, bring more in."""
    actor = actor_of(request)
    found = access.access_base(actor, base_uuid)
    question = request.GET.get("ask", "").strip()
    context = documents_context(actor, found) | {
        "question": question,
        "answer": ask_bases(actor, question, bases=[found]) if question else None,
        "audience": AUDIENCES[Audience(found.audience)],
        "opened_to": queries.audiences_of(found.audience, found.classes),
        "trail": (Crumb(_("知识库"), reverse("ai:knowledge")), Crumb(found.name)),
    }
    return render(request, "ai/knowledge/base.html", context)


@require_GET
@signed_in(*STAFF_ROLES)
def documents(request: HttpRequest, base_uuid: str) -> HttpResponse:
    """The list of documents alone, asked for while something is being read."""
    actor = actor_of(request)
    context = documents_context(actor, access.access_base(actor, base_uuid))
    return render(request, "ai/knowledge/documents.html", context)


@require_POST
@signed_in(*STAFF_ROLES)
def upload(request: HttpRequest, base_uuid: str) -> HttpResponse:
    """Take files in."""
    actor = actor_of(request)
    found = access.access_base(actor, base_uuid, verb=Verb.UPDATE)
    uploads = [
        services.Upload(one.name or "", one.file)
        for one in request.FILES.getlist("files")
        if one.file is not None
    ]
    services.add_documents(actor=actor, now=clock.now(), base=found, uploads=uploads)
    return redirect("ai:knowledge_base", base_uuid=base_uuid)


@require_POST
@signed_in(*STAFF_ROLES)
def remove(request: HttpRequest, base_uuid: str) -> HttpResponse:
    """Remove a base with everything in it."""
    actor = actor_of(request)
    found = access.access_base(actor, base_uuid, verb=Verb.DELETE)
    services.remove_base(actor=actor, now=clock.now(), base=found)
    return redirect("ai:knowledge")


def documents_context(actor: Any, found: Any) -> dict[str, object]:
    """Return what the list of documents shows."""
    rows = queries.documents_of(actor, found)
    changeable = access.bases_in_reach(actor, Verb.UPDATE).filter(pk=found.pk).exists()
    return {
        "base": found,
        "rows": [(one, DOCUMENT_AUDIENCES[Audience(one.audience)]) for one in rows],
        "reading": queries.is_reading(rows),
        "changeable": changeable,
    }


def _form(request: HttpRequest, form: KnowledgeForm, title: str, base: Any = None) -> HttpResponse:
    trail = (Crumb(_("知识库"), reverse("ai:knowledge")), Crumb(title))
    context = {"form": form, "title": title, "base": base, "trail": trail}
    return render(request, "ai/knowledge/form.html", context)
