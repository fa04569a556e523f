"""The item editor: open and save. What it asks while one types is in ``workbench``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.curriculum import access, wording
from zhiwei.curriculum.queries.bank import newest_content, points_in_order
from zhiwei.curriculum.services.authoring import write_item
from zhiwei.curriculum.web.incoming import body_of, content_of
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

AUTHORS = (Role.TEACHER, Role.SUBJECT_LEAD, Role.RESEARCH_OFFICER)


@signed_in(*AUTHORS)
def new_item(request: HttpRequest) -> HttpResponse:
    """An empty editor, in the subject one teaches; ``?from=`` copies an item."""
    actor = actor_of(request)
    source = request.GET.get("from", "")
    content: dict[str, Any] = {"type": "single_choice", "max_score": 3, "stem": "", "difficulty": 0.4}
    content["subject"] = next(iter(kernel.subjects_taught(actor)), "math")
    if source:
        content = newest_content(access.access_item_for_reading(actor, source))
        content.pop("id", None)
    return _editor(request, content, reverse("curriculum:save_new_item"), _("新建题目"))


@signed_in(*AUTHORS)
def edit_item(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """The editor with an item's newest content."""
    item = access.access_item_for_writing(actor_of(request), item_uuid)
    return _editor(
        request,
        newest_content(item),
        reverse("curriculum:save_item", args=[item.uuid]),
        _("编辑题目"),
        item_uuid=str(item.uuid),
    )


@require_POST
@signed_in(*AUTHORS)
def save(request: HttpRequest, item_uuid: str = "") -> HttpResponse:
    """Keep what was written as a draft version."""
    actor, content = actor_of(request), content_of(body_of(request))
    item = access.access_item_for_writing(actor, item_uuid) if item_uuid else None
    saved = write_item(actor=actor, now=clock.now(), content=content, item=item)
    return JsonResponse(
        {
            "url": reverse("curriculum:item", args=[saved.uuid]),
            "save": reverse("curriculum:save_item", args=[saved.uuid]),
            "uuid": str(saved.uuid),
            "version": saved.newest,
        }
    )


def _editor(
    request: HttpRequest, content: dict[str, Any], save_url: str, title: str, *, item_uuid: str = ""
) -> HttpResponse:
    points = points_in_order([str(key) for key in content.get("points") or []])
    context = {
        "content": content,
        "point_names": {row.key: row.name for row in points},
        "title": title,
        "save_url": save_url,
        "item_uuid": item_uuid,
        "types": wording.TYPES.items(),
        "subjects": wording.SUBJECTS.items(),
        "stages": wording.STAGES.items(),
        "tests": wording.TESTS.items(),
        "forms": wording.FORMS.items(),
        "cognition": wording.COGNITION.items(),
        "trail": (Crumb(_("题库"), reverse("curriculum:items")), Crumb(title)),
        "shortcuts": (
            ("Ctrl+S", _("保存")), ("Ctrl+M", _("插入公式")), ("Ctrl+Enter", _("试判")), ("Alt+O", _("加一行")),
        ),
    }  # fmt: skip
    return render(request, "curriculum/editor.html", context)
