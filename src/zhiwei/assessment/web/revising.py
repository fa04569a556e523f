"""The key was wrong: change it, see exactly whose marks would change and why, apply to all."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiwei.assessment import access
from zhiwei.assessment.rules import revised_key
from zhiwei.assessment.rules.typed_items import rubric_text
from zhiwei.assessment.services import judging, rescoring, setting
from zhiwei.assessment.web.wording import type_name
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

SHOWN = 500


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def key(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Change a question's key and rubric; marks change only on the next page."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.UPDATE)
    trouble = ""
    if request.method == "POST":
        sent = request.POST
        try:
            content = revised_key.revised(
                item.content,
                key=sent.get("key", "")[:20_000],
                rubric=sent.get("rubric", "")[:20_000],
                max_score=_score(sent.get("max_score", ""), item.max_score),
                as_json=sent.get("as_json", "")[:100_000],
            )
            setting.revise_item(
                actor=actor,
                now=clock.now(),
                item=item,
                content=content,
                reason=sent.get("reason", "").strip(),
            )
        except InvalidInputError as error:
            trouble = str(error.message)
        else:
            return redirect("assessment:item-rejudge", item_uuid=item.uuid)
    context = {
        "item": item,
        "work": item.work,
        "type": type_name(item.type),
        "trouble": trouble,
        "key": request.POST.get("key", revised_key.key_text(item.content)),
        "rubric": request.POST.get("rubric", rubric_text(list(item.content.get("rubric", [])))),
        "whole": json.dumps(item.content, ensure_ascii=False, indent=1),
        "history": rescoring.history(item=item),
        "trail": _trail(item, _("答案与评分标准")),
    }
    return render(request, "assessment/item_key.html", context, status=422 if trouble else 200)


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def rejudge(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Whose marks would change and why; the same page applies it to all."""
    actor, now = actor_of(request), clock.now()
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    if request.method == "POST":
        count = rescoring.apply_change(
            actor=actor, now=now, item=item, release_again=request.POST.get("keep_released") != "on"
        )
        messages.success(request, _("已按新标准重新评分，%(n)s 份的分数有变化。") % {"n": count})
        return redirect("assessment:work", work_uuid=item.work.uuid)
    changes: list[judging.Change | rescoring.Rescored] = [
        *rescoring.preview_rescore(item=item),
        *judging.preview_rejudge(item=item),
    ]
    people = kernel.people_by_id([one.person_id for one in changes])
    audit.record_reads(
        actor=actor,
        kind="response",
        now=now,
        about_ids=people,
        tenant_id=item.tenant_id,
        level=Level.PERSONAL,
        object_id=item.pk,
    )
    context = {
        "item": item,
        "work": item.work,
        "rows": [(one, people.get(one.person_id), _direction(one)) for one in changes[:SHOWN]],
        "total": len(changes),
        "up": sum(_direction(one) == "up" for one in changes),
        "down": sum(_direction(one) == "down" for one in changes),
        "released": sum(one.released for one in changes),
        "history": rescoring.history(item=item),
        "trail": _trail(item, _("重新评分")),
    }
    return render(request, "assessment/rejudge.html", context)


def _direction(change: judging.Change | rescoring.Rescored) -> str:
    if change.old_score is None:
        return "new"
    return "up" if change.new_score > change.old_score else "down"


def _score(text: str, otherwise: float) -> float:
    try:
        return float(text) if text.strip() else otherwise
    except ValueError as error:
        raise InvalidInputError(_("满分应是数字。"), code="item.max_score") from error


def _trail(item: object, label: str) -> tuple[Crumb, ...]:
    work = getattr(item, "work")  # noqa: B009 - rows are not imported here
    position = getattr(item, "position")  # noqa: B009
    return (
        Crumb(_("作业"), reverse("assessment:works")),
        Crumb(work.title, reverse("assessment:work", args=[work.uuid])),
        Crumb(f"{_('第 %(n)s 题') % {'n': position}} · {label}"),
    )
