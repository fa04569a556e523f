"""Quality: the datasets with their state, one dataset with its rules, trend and suggestions, reports by month."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access_sources as access
from zhiwei.data.queries import quality as queries
from zhiwei.data.services import monthly, rulebook, running_quality
from zhiwei.data.services.datasets import dataset, house_tables
from zhiwei.data.web.entries import SOURCE_READERS, tabs
from zhiwei.data.wording_quality import dimension_of, rule_words
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.charts import ChartSpec, Series, lines
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*SOURCE_READERS)
def quality(request: HttpRequest) -> HttpResponse:
    """All datasets with rules or brought in, and the monthly reports."""
    actor = actor_of(request)
    require(actor, Verb.LIST, "data_quality")
    found = queries.dataset_lines(actor)
    listed = {one.key for one in found}
    context = {
        "lines": [(one, _tone(one.last)) for one in found],
        "others": [(key, name) for key, name in house_tables() if key not in listed],
        "reports": access.reports_in_reach(actor).order_by("-month")[:24],
        "is_officer": Role.DATA_OFFICER in actor.roles,
        "this_month": f"{clock.today(clock.now()):%Y-%m}",
        "tabs": tabs(actor, "data:quality"),
        "trail": (Crumb(_("数据"), reverse("data:home")), Crumb(_("数据质量"))),
    }
    return render(request, "data/quality.html", context)


@require_GET
@signed_in(*SOURCE_READERS)
def find(request: HttpRequest) -> HttpResponse:
    """Lead to the dataset that was chosen from the list of house tables."""
    return redirect("data:dataset", key=dataset(request.GET.get("key", "")).key)


@require_GET
@signed_in(*SOURCE_READERS)
def one_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """One dataset: how it stands, its trend, its rules, what a profile suggests."""
    actor = actor_of(request)
    require(actor, Verb.READ, "data_quality")
    found = _reachable(request, key)
    runs = queries.done_runs(actor, key)
    last = runs[-1] if runs else None
    results = queries.last_results(last)
    profile = queries.last_profile(actor, key)
    rules = access.rules_in_reach(actor, Verb.READ).filter(dataset=key).order_by("pk")
    context = {
        "found": found,
        "last": last,
        "chart": trend_chart(runs),
        "rules": [
            (one, dimension_of(one.form), rule_words(one, found.meanings), results.get(one.pk))
            for one in rules
        ],
        "profile": profile,
        "suggestions": _suggestions(profile, found.meanings),
        "runs": list(access.runs_in_reach(actor).filter(dataset=key).order_by("-started_at", "-pk")[:10]),
        "is_officer": Role.DATA_OFFICER in actor.roles,
        "trail": (*trail(), Crumb(found.name)),
    }
    return render(request, "data/dataset.html", context)


@require_POST
@signed_in(Role.DATA_OFFICER)
def check_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Ask all rules now, or profile the dataset for suggestions."""
    actor = actor_of(request)
    _reachable(request, key)
    row = running_quality.plan_run(
        actor=actor, now=clock.now(), key=key, profile=request.POST.get("purpose") == "profile"
    )
    return redirect("data:quality_run", run_uuid=row.uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def take_over(request: HttpRequest, key: str) -> HttpResponse:
    """Take over the chosen suggestions."""
    actor = actor_of(request)
    run = access.access_run(actor, request.POST.get("run", "") or "00000000-0000-0000-0000-000000000000")
    if run.dataset != key:
        raise NotFoundError
    places = [int(one) for one in request.POST.getlist("picked") if one.isascii() and one.isdigit()]
    rulebook.take_over(actor=actor, now=clock.now(), run=run, places=places)
    return redirect("data:dataset", key=key)


@require_POST
@signed_in(Role.DATA_OFFICER)
def make_report(request: HttpRequest) -> HttpResponse:
    """Have the report of a month made now."""
    actor = actor_of(request)
    monthly.plan_report(actor=actor, now=clock.now(), month=request.POST.get("month", ""))
    return redirect(f"{reverse('data:quality')}#reports")


@require_GET
@signed_in(*SOURCE_READERS)
def report(request: HttpRequest, report_uuid: str) -> HttpResponse:
    """A monthly report as PDF."""
    actor = actor_of(request)
    row = access.access_report(actor, report_uuid)
    if row.file_id is None:
        raise NotFoundError
    audit.record(
        actor=actor, verb=Verb.EXPORT, kind="data_quality_report", object_id=row.pk, now=clock.now(),
        tenant_id=row.tenant_id,
    )  # fmt: skip
    response = HttpResponse(files.read(row.file_id), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="quality-{row.month:%Y-%m}.pdf"'
    return response


def trend_chart(runs: list[Any]) -> ChartSpec | None:
    """Return the share of rules that held from run to run; nothing before the second."""
    told = [one for one in runs if one.rules]
    if len(told) < 2:
        return None
    shares = [round(100 * one.holding / one.rules, 1) for one in told]
    labels = [f"{clock.today(one.started_at):%m-%d}" for one in told]
    sentence = _("通过的规则：从 %(first)s%% 到 %(last)s%%") % {"first": shares[0], "last": shares[-1]}
    return lines(sentence, labels, [Series(_("通过率"), tuple(shares))], unit="%", bottom=0)


def trail() -> tuple[Crumb, ...]:
    """Return the way to the list of datasets."""
    return (Crumb(_("数据"), reverse("data:home")), Crumb(_("数据质量"), reverse("data:quality")))


def _reachable(request: HttpRequest, key: str) -> Any:
    """Return a dataset of a place in reach: a source only where the actor may see it."""
    found = dataset(key)
    if found.source is not None:
        access.access_source(actor_of(request), found.source.uuid, verb=Verb.READ)
    return found


def _suggestions(profile: Any, meanings: dict[str, str]) -> list[tuple[int, str, str]]:
    if profile is None:
        return []
    told = [_Suggested(one["form"], one["columns"], one["params"]) for one in profile.suggestions]
    return [(place, dimension_of(one.form), rule_words(one, meanings)) for place, one in enumerate(told)]


class _Suggested:
    """A suggestion as words are made of it."""

    def __init__(self, form: str, columns: list[str], params: dict[str, Any]) -> None:
        self.form, self.columns, self.params = form, columns, params


def _tone(last: Any) -> str:
    if last is None:
        return "plain"
    return "earned" if last.holding == last.rules else "unsure"
