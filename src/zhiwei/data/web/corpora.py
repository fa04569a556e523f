"""Corpora: the list, a new one by annex 2's template, one with its checks and what comes next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data.access import access_corpus, corpora_in_reach
from zhiwei.data.errors import CorpusInputError
from zhiwei.data.queries.corpora import facets
from zhiwei.data.rules.checks import Check
from zhiwei.data.rules.shape import LICENCES
from zhiwei.data.services import corpora as services
from zhiwei.data.services import reports
from zhiwei.data.web.corpus_form import CorpusForm
from zhiwei.data.web.entries import KEEPERS, OFFICERS, tabs
from zhiwei.data.web.pictures import check_lines, spread_chart
from zhiwei.data.wording_corpora import STATE_TONES, obstacle_name, state_name, template_lines
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50


@require_GET
@signed_in(*KEEPERS)
def corpora(request: HttpRequest) -> HttpResponse:
    """The corpora of the places one looks after, newest first."""
    actor = actor_of(request)
    rows = corpora_in_reach(actor, Verb.LIST).select_related("created_by").prefetch_related("versions")
    page = Paginator(rows.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, state_name(one.state), STATE_TONES[one.state]) for one in page.object_list],
        "may_make": bool(OFFICERS & actor.roles),
        "tabs": tabs(actor, "data:corpora"),
        "trail": (Crumb(_("数据"), reverse("data:home")), Crumb(_("语料"))),
    }
    return render(request, "data/corpora.html", context)


@signed_in(Role.DATA_OFFICER)
def new(request: HttpRequest) -> HttpResponse:
    """Fill in the template; choosing and checking begins at once."""
    actor = actor_of(request)
    found = facets(actor)
    form = CorpusForm(request.POST or None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_corpus(actor=actor, now=clock.now(), spec=form.spec())
        except CorpusInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("data:corpus", corpus_uuid=made.uuid)
    context = {
        "form": form,
        "found": sum(one.answers for one in found),
        "trail": (*_trail(), Crumb(_("新建语料"))),
    }
    return render(request, "data/corpus_new.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in(*KEEPERS)
def corpus(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """One corpus: its template, checks, review, versions."""
    actor = actor_of(request)
    row = access_corpus(actor, corpus_uuid, verb=Verb.READ)
    results = {one.code: one for one in row.checks.order_by("position")}
    standing = reports.review_standing(row)
    people = kernel.people_by_id(standing.reviewers)
    context = {
        **_about(row),
        "lines": template_lines(row),
        "checks": [check_lines(one) for one in results.values()],
        "chart": spread_chart(results.get(Check.SPREAD)),
        "standing": standing,
        "reviewers": [(people[one].name, n) for one, n in standing.reviewers.items() if one in people],
        "obstacles": [obstacle_name(one) for one in reports.obstacles(row)],
        "versions": [
            (one, state_name(one.state), STATE_TONES[one.state]) for one in row.versions.order_by("-number")
        ],
        "licences": list(LICENCES.items()),
        "is_officer": bool(OFFICERS & actor.roles),
        "trail": (*_trail(), Crumb(row.name)),
    }
    return render(request, "data/corpus.html", context)


@require_GET
@signed_in(*KEEPERS)
def corpus_state(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """The moving part, polled while a job runs; when it rests, the whole page is drawn anew."""
    row = access_corpus(actor_of(request), corpus_uuid, verb=Verb.READ)
    response = render(request, "data/corpus_state.html", _about(row))
    if not _alive(row.job):
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@signed_in(Role.DATA_OFFICER)
def build(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """Choose and check again."""
    actor = actor_of(request)
    row = access_corpus(actor, corpus_uuid, verb=Verb.UPDATE)
    services.plan_build(actor=actor, now=clock.now(), corpus=row)
    return redirect("data:corpus", corpus_uuid=corpus_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def drop(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """Drop a corpus without versions."""
    actor = actor_of(request)
    row = access_corpus(actor, corpus_uuid, verb=Verb.DELETE)
    services.drop_corpus(actor=actor, now=clock.now(), corpus=row)
    messages.success(request, _("已删除。"))
    return redirect("data:corpora")


def _about(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "state": state_name(row.state),
        "tone": STATE_TONES[row.state],
        "job": row.job,
        "alive": _alive(row.job),
    }


def _alive(job: object) -> bool:
    return getattr(job, "state", "") in jobs.ALIVE


def _trail() -> tuple[Crumb, ...]:
    return (Crumb(_("数据"), reverse("data:home")), Crumb(_("语料"), reverse("data:corpora")))
