"""What the editor asks while one types: preview, trial marking, duplicates, knowledge points."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhiwei.curriculum import wording
from zhiwei.curriculum.queries.likeness import alike_items, suggested_points
from zhiwei.curriculum.queries.trying import judge_trial
from zhiwei.curriculum.rules.showing import shown
from zhiwei.curriculum.web.editor import AUTHORS
from zhiwei.curriculum.web.incoming import body_of, content_of
from zhiwei.curriculum.wording import word
from zhiwei.engines.variants import VariantError, variant
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.web.acting import actor_of, signed_in


@require_POST
@signed_in(*AUTHORS)
def preview(request: HttpRequest) -> HttpResponse:
    """The question as the pupil sees it, as far as it is written."""
    content = content_of(body_of(request))
    try:
        drawn = variant(content, 1)
    except VariantError as error:
        raise InvalidInputError(str(error), code="item.variant") from error
    return render(request, "curriculum/parts/question.html", {"shown": shown(drawn)})


@require_POST
@signed_in(*AUTHORS)
def try_answer(request: HttpRequest) -> HttpResponse:
    """How an answer would be marked, and why."""
    body = body_of(request)
    trial = judge_trial(content_of(body), body.get("answer"))
    return render(request, "curriculum/parts/trial.html", {"trial": trial})


@require_POST
@signed_in(*AUTHORS)
def alike(request: HttpRequest) -> HttpResponse:
    """Items in reach whose stem is much the same."""
    body = body_of(request)
    found = alike_items(actor_of(request), content_of(body), without=str(body.get("uuid") or ""))
    rows = [(one.item, one.share, word(wording.TYPES, one.item.type)) for one in found]
    return render(request, "curriculum/parts/alike.html", {"rows": rows})


@require_POST
@signed_in(*AUTHORS)
def suggest(request: HttpRequest) -> HttpResponse:
    """Knowledge points that fit the question."""
    body = body_of(request)
    found = suggested_points(actor_of(request), content_of(body), without=str(body.get("uuid") or ""))
    return JsonResponse(
        {
            "points": [
                {"key": row.key, "name": row.name, "grade": row.grade, "share": share} for row, share in found
            ]
        }
    )
