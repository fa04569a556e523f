"""One item: what the pupil sees, its key, its history, and its way to use."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.curriculum import access, wording
from zhiwei.curriculum.queries.bank import get_item_page
from zhiwei.curriculum.rules.showing import answer_text
from zhiwei.curriculum.services import workflow
from zhiwei.curriculum.values import Audience
from zhiwei.curriculum.wording import word
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@signed_in(*STAFF_ROLES)
def item(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """One item in the version asked for, with the numbers of the seed asked for."""
    version, seed = request.GET.get("version", ""), request.GET.get("seed", "")
    page = get_item_page(
        actor_of(request),
        item_uuid,
        number=int(version) if version.isdigit() else None,
        seed=int(seed) if seed.isdigit() else 1,
    )
    context = {
        "page": page,
        "item": page.item,
        "shown": page.shown,
        "seed": int(seed) + 1 if seed.isdigit() else 2,
        "varies": bool(page.content.get("parameters")),
        "samples": [_sample(one) for one in page.content.get("samples") or []],
        "type_word": word(wording.TYPES, page.item.type),
        "subject_word": word(wording.SUBJECTS, page.item.subject),
        "state_word": word(wording.STATES, page.item.state),
        "tone": wording.STATE_TONES.get(page.item.state, "plain"),
        "audience_word": word(wording.AUDIENCES, page.item.audience),
        "cognition": word(wording.COGNITION, str(page.content.get("cognitive_level", ""))),
        "notes": [(note, word(wording.STATES, note.state)) for note in page.notes],
        "audiences": wording.AUDIENCES.items(),
        "trail": (Crumb(_("题库"), reverse("curriculum:items")), Crumb(word(wording.TYPES, page.item.type))),
        "shortcuts": (("E", _("编辑")),),
    }
    return render(request, "curriculum/item.html", context)


@require_POST
@signed_in(*STAFF_ROLES)
def step(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Take an item one step on (or back) on its way to use."""
    actor, now, note = actor_of(request), clock.now(), request.POST.get("note", "")
    wanted = request.POST.get("step", "")
    if wanted == "send":
        row = access.access_item_for_writing(actor, item_uuid)
        workflow.send_for_review(actor=actor, now=now, item=row, note=note)
        messages.success(request, _("已送审。"))
    elif wanted == "back":
        row = access.access_item_for_approving(actor, item_uuid)
        workflow.send_back(actor=actor, now=now, item=row, note=note)
        messages.success(request, _("已退回作者。"))
    elif wanted == "publish":
        row = access.access_item_for_approving(actor, item_uuid)
        workflow.publish_item(
            actor=actor,
            now=now,
            item=row,
            note=note,
            audience=_audience(request.POST.get("audience", "")),
            sealed_until=_moment(request.POST.get("sealed_until", "")),
        )
        messages.success(request, _("已发布。"))
    elif wanted == "retire":
        row = access.access_item_for_approving(actor, item_uuid)
        workflow.retire_item(actor=actor, now=now, item=row, note=note)
        messages.success(request, _("已停用；用过它的作业不受影响。"))
    else:
        raise InvalidInputError(_("没有这个步骤。"), code="item.step")
    return redirect("curriculum:item", item_uuid=item_uuid)


def _audience(given: str) -> Audience | None:
    return Audience(given) if given in set(Audience) else None


def _moment(given: str) -> datetime | None:
    if not given:
        return None
    found = parse_datetime(given)
    if found is None:
        raise InvalidInputError(_("保密截止时间写法不对，例如 2026-06-20T09:00。"), code="item.sealed_until")
    return make_aware(found, get_current_timezone()) if is_naive(found) else found


def _sample(shape: dict[str, object]) -> tuple[str, object, str, str]:
    answer = shape.get("text") or shape.get("steps") or shape.get("value") or ""
    kinds = {"full": "earned", "partial": "unsure", "wrong": "person"}
    text = (
        "\n".join(map(str, answer))
        if shape.get("steps") and isinstance(answer, list)
        else answer_text(answer)
    )
    return (
        text,
        shape.get("score"),
        kinds.get(str(shape.get("kind")), "plain"),
        str(shape.get("misconception", "")),
    )
