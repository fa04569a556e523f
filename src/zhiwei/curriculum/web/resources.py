"""Teaching resources: the list, one of them, a form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.curriculum import access, wording
from zhiwei.curriculum.queries.resources import find_resources, get_resource, resource_file
from zhiwei.curriculum.services.resources import save_resource
from zhiwei.curriculum.values import Audience
from zhiwei.curriculum.web.editor import AUTHORS
from zhiwei.curriculum.web.resource_form import ResourceForm
from zhiwei.curriculum.wording import word
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb


@signed_in()
def resources(request: HttpRequest) -> HttpResponse:
    """Resources in reach."""
    query = request.GET
    kind, subject = query.get("kind", ""), query.get("subject", "")
    found = find_resources(
        actor_of(request), text=query.get("q", ""), kind=kind, subject=subject, point=query.get("point", "")
    )
    kinds = tuple((code, str(name)) for code, name in wording.KINDS.items())
    subjects = tuple((code, str(name)) for code, name in wording.SUBJECTS.items())
    context = {
        "rows": [(one, word(wording.KINDS, one.kind), word(wording.SUBJECTS, one.subject)) for one in found],
        "choices": (Choice("kind", _("类别"), kinds, kind), Choice("subject", _("学科"), subjects, subject)),
        "may_add": bool(set(AUTHORS) & actor_of(request).roles),
        "trail": (Crumb(_("学习资源")),),
    }
    return render(request, "curriculum/resources.html", context)


@signed_in()
def resource(request: HttpRequest, resource_uuid: str) -> HttpResponse:
    """One resource."""
    page = get_resource(actor_of(request), resource_uuid)
    context = {
        "page": page,
        "resource": page.resource,
        "kind": word(wording.KINDS, page.resource.kind),
        "trail": (Crumb(_("学习资源"), reverse("curriculum:resources")), Crumb(page.resource.title)),
    }
    return render(request, "curriculum/resource.html", context)


@require_GET
@signed_in()
def download(request: HttpRequest, resource_uuid: str) -> HttpResponse:
    """A resource's file, always as a download."""
    name, media_type, content = resource_file(actor_of(request), resource_uuid)
    response = HttpResponse(b"".join(content), content_type=media_type)
    ascii_name = "".join(one for one in name if one.isascii() and (one.isalnum() or one in ".-_")) or "file"
    response.headers["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
    return response


@signed_in(*AUTHORS)
def edit_resource(request: HttpRequest, resource_uuid: str = "") -> HttpResponse:
    """Write a new resource or change one."""
    actor = actor_of(request)
    row = access.access_resource_for_writing(actor, resource_uuid) if resource_uuid else None
    start = (
        {"points": request.GET.get("point", ""), "licence": "CC-BY-4.0"}
        if row is None
        else ResourceForm.facts(row)
    )
    form = ResourceForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        upload = facts.pop("file")
        try:
            saved = save_resource(
                actor=actor,
                now=clock.now(),
                row=row,
                upload=upload.file if upload else None,
                file_name=str(upload.name) if upload else "",
                points=facts.pop("points").split(),
                audience=Audience(facts.pop("audience")),
                **facts,
            )
        except InvalidInputError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("curriculum:resource", resource_uuid=saved.uuid)
    title = _("编辑资源") if row else _("新增资源")
    context = {
        "form": form,
        "title": title,
        "trail": (Crumb(_("学习资源"), reverse("curriculum:resources")), Crumb(title)),
    }
    return render(request, "curriculum/resource_form.html", context, status=422 if form.errors else 200)
