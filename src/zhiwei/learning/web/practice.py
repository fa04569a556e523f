"""Doing a practice set: one question at a time, judged at once."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.learning import access
from zhiwei.learning.queries.practice import hint_ladder, question_view
from zhiwei.learning.services import practising
from zhiwei.learning.wording import REASONS, tier_name
from zhiwei.ui.values import Crumb

MAX_BODY = 40_000


@require_GET
@signed_in(Role.PUPIL)
def practice(request: HttpRequest, practice_uuid: str) -> HttpResponse:
    """Go to the first open question, or show how the set went."""
    found = access.access_practice(actor_of(request), practice_uuid, verb=Verb.READ)
    rows = list(found.items.select_related("practice"))
    waiting = next((row for row in rows if row.answered_at is None), None)
    if waiting is not None:
        return redirect("learning:question", practice_uuid=found.uuid, position=waiting.position)
    views = [question_view(row) for row in rows]
    context = {
        "practice": found,
        "views": views,
        "full": sum(view.full for view in views),
        "trail": _trail(_("练完了")),
    }
    return render(request, "learning/practice_done.html", context)


@require_GET
@signed_in(Role.PUPIL)
def question(request: HttpRequest, practice_uuid: str, position: int) -> HttpResponse:
    """One question: to be answered, or with its verdict."""
    row = access.access_question(actor_of(request), practice_uuid, position)
    rows = list(row.practice.items.values_list("position", "answered_at", "score", "max_score"))
    context = {
        "view": question_view(row),
        "practice": row.practice,
        "strip": [
            (number, at is not None, at is not None and (score or 0.0) >= full)
            for number, at, score, full in rows
        ],
        "why": REASONS.get(row.reason, ""),
        "tier": tier_name(row.practice.tier),
        "last": position == len(rows),
        "trail": _trail(_("第 %(n)s 题") % {"n": position}),
    }
    return render(request, "learning/question.html", context)


@require_POST
@signed_in(Role.PUPIL)
def answer(request: HttpRequest, practice_uuid: str, position: int) -> HttpResponse:
    """Judge an answer and show the verdict; a second answer changes nothing."""
    row = access.access_question(actor_of(request), practice_uuid, position)
    with suppress(ConflictError):
        practising.answer(now=clock.now(), question=row, value=_value(request.POST.get("value", "")))
    return redirect("learning:question", practice_uuid=practice_uuid, position=position)


@require_POST
@signed_in(Role.PUPIL)
def hint(request: HttpRequest, practice_uuid: str, position: int) -> HttpResponse:
    """Show one hint more."""
    row = access.access_question(actor_of(request), practice_uuid, position)
    practising.take_hint(question=row, most=len(hint_ladder(row)))
    address = reverse("learning:question", args=[practice_uuid, position])
    return redirect(f"{address}#hints")


def _value(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if len(text) <= MAX_BODY else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInputError(_("没有收到作答内容，请刷新页面再试。"), code="practice.shape")
    return value


def _trail(label: str) -> tuple[Crumb, ...]:
    return (Crumb(_("学习"), reverse("learning:home")), Crumb(label))
