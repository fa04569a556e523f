"""Sampling review: what waits for one, and one answer after the other, blind."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data import access
from zhiwei.data.queries import corpora as queries
from zhiwei.data.services import reviewing
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

REVIEWERS = (Role.DATA_OFFICER, Role.SUBJECT_LEAD, Role.RESEARCH_OFFICER)


@require_GET
@signed_in(*REVIEWERS)
def reviews(request: HttpRequest) -> HttpResponse:
    """Corpora whose samples one may review, with how many wait."""
    rows = queries.open_reviews(actor_of(request))
    return render(request, "data/reviews.html", {"rows": rows, "trail": (Crumb(_("抽样复核")),)})


@signed_in(*REVIEWERS)
def review(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """The next sampled answer; the given score and the other's word are not shown."""
    actor, now = actor_of(request), clock.now()
    row = access.access_review(actor, corpus_uuid)
    if request.method == "POST":
        entry = access.access_entry(row, _whole(request.POST.get("entry", "")))
        reviewing.review_entry(
            actor=actor,
            now=now,
            corpus=row,
            entry=entry,
            is_usable=request.POST.get("usable") == "1",
            score=_score(request.POST.get("score", "")),
            note=request.POST.get("note", ""),
        )
        messages.success(request, _("已记下。"))
        return redirect("data:review", corpus_uuid=corpus_uuid)
    following = reviewing.next_to_review(actor, row)
    shown = queries.shown([following])[0] if following else None
    if following:
        audit.record_reads(
            actor=actor,
            kind="corpus_entry",
            now=now,
            about_ids=[following.person_id],
            tenant_id=following.tenant_id,
            level=Level.PERSONAL,
            object_id=row.pk,
        )
    waiting = next((n for corpus, n in queries.open_reviews(actor) if corpus.pk == row.pk), 0)
    context = {
        "row": row,
        "one": shown,
        "pictures": range(len(shown.answer.images)) if shown and shown.answer else (),
        "waiting": waiting,
        "trail": (Crumb(_("抽样复核"), reverse("data:reviews")), Crumb(row.name)),
    }
    return render(request, "data/review.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _score(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInputError(_("请填写分数。"), code="corpus.review_score") from error
