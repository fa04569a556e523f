"""The monthly report on quality: every dataset's last run of the month, its trend, the rules that fail, as a PDF."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files as resources

from django.db.models import Count

from zhiwei.data.models import Intake, QualityReport, QualityResult, QualityRun
from zhiwei.data.services.datasets import meanings_of
from zhiwei.data.values import IntakeState, RunState
from zhiwei.data.wording_quality import dimension_name, rule_words
from zhiwei.engines import quality as engine
from zhiwei.engines.sheets import typeset
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, files, jobs, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Verb

MOST_FAILING = 200
MOST_BYTES = 20 * 1024 * 1024
Facts = dict[str, object]


def plan_report(*, actor: Actor, now: datetime, month: str) -> int:
    """Have the report of a month made in the background; returns the job.

    Raises:
        InvalidInputError: Not a month, or one to come.
        ConflictError: Nothing was checked in that month.
    """
    place = kernel.place_for(actor, actor.tenant_id, verb=Verb.UPDATE, kind="data_quality")
    first, after = month_of(month)
    if first > clock.today(now):
        raise InvalidInputError("这个月还没有开始。", code="quality.month")
    if not _runs(place.id, first, after):
        raise ConflictError("这个月没有做过质量检查。", code="quality.no_runs")
    audit.record(
        actor=actor, verb=Verb.CREATE, kind="data_quality_report", now=now, tenant_id=place.id,
        detail={"month": month},
    )  # fmt: skip
    return _plan(place.id, month, now, actor.person_id)


def plan_reports(*, now: datetime) -> int:
    """Plan the reports of last month for every place that checked anything; returns how many."""
    last = clock.today(now).replace(day=1) - timedelta(days=1)
    first, after = month_of(f"{last:%Y-%m}")
    with scope.everywhere("see who checked quality last month"):
        rows = QualityRun.objects.filter(
            started_at__date__gte=first, started_at__date__lt=after, purpose="check"
        )
        places = sorted(set(rows.values_list("tenant_id", flat=True)))
    for tenant_id in places:
        with scope.entered([tenant_id]):
            _plan(tenant_id, f"{last:%Y-%m}", now, 0)
    return len(places)


def make_report(*, tenant_id: int, month: str, now: datetime) -> dict[str, int]:
    """Make the report of one place; a report made before is replaced."""
    first, after = month_of(month)
    with scope.entered([tenant_id]):
        facts = gathered(tenant_id, first, after, now)
        pdf = report_pdf(facts)
        kept = files.store(
            pdf, tenant_id=tenant_id, now=now, max_bytes=MOST_BYTES, name=f"quality-{month}.pdf"
        )
        figures = {"datasets": facts["count"], "rules": facts["rules"], "holding": facts["holding"]}
        QualityReport.objects.update_or_create(
            tenant_id=tenant_id,
            month=first,
            defaults={"file_id": kept.id, "figures": figures, "made_at": now},
        )
    return {"bytes": kept.size}


def report_pdf(facts: Facts) -> bytes:
    """Return gathered facts as PDF; they reach the typesetter as data only."""
    program = resources("zhiwei.data").joinpath("print", "quality.typ").read_text("utf-8")
    return typeset(program, facts)


def gathered(tenant_id: int, first: date, after: date, now: datetime) -> Facts:
    """Return what a month's report tells: no row and no cell, only counts."""
    runs = _runs(tenant_id, first, after)
    last = {one.dataset: one for one in runs}
    rules, holding = sum(one.rules for one in last.values()), sum(one.holding for one in last.values())
    return {
        "place": kernel.get_organisation(tenant_id).name,
        "month": f"{first:%Y 年 %m 月}",
        "made": f"{clock.today(now):%Y-%m-%d}",
        "count": len(last),
        "rules": rules,
        "holding": holding,
        "share": _percent(holding, rules),
        "dimensions": _dimensions(list(last.values())),
        "datasets": [
            _dataset(one, [run for run in runs if run.dataset == one.dataset]) for one in last.values()
        ],
        "failing": _failing(list(last.values())),
        "intakes": _intakes(tenant_id, first, after),
    }


def month_of(month: str) -> tuple[date, date]:
    """Return the first day of a month written ``2026-10`` and of the one after.

    Raises:
        InvalidInputError: It is not written so.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise InvalidInputError("月份请写成 2026-10。", code="quality.month") from error
    return first, (first + timedelta(days=32)).replace(day=1)


def _plan(tenant_id: int, month: str, now: datetime, owner_id: int) -> int:
    return jobs.enqueue(
        "data.monthly_report",
        tenant_id=tenant_id,
        key=f"quality-report-{month}",
        now=now,
        arguments={"month": month},
        title=f"数据质量月报 {month}",
        owner_id=owner_id or None,
    )


def _runs(tenant_id: int, first: date, after: date) -> list[QualityRun]:
    rows = QualityRun.objects.filter(tenant_id=tenant_id, state=RunState.DONE, purpose="check")
    rows = rows.filter(started_at__date__gte=first, started_at__date__lt=after)
    return list(rows.order_by("started_at", "pk"))


def _dimensions(runs: list[QualityRun]) -> list[Facts]:
    counts: dict[str, list[int]] = {}
    for form, holds in QualityResult.objects.filter(run__in=runs).values_list("form", "holds"):
        one = counts.setdefault(engine.SHAPES[engine.Form(form)].dimension, [0, 0])
        one[0] += 1
        one[1] += holds
    return [
        {"name": dimension_name(one), "rules": counts[one][0], "holding": counts[one][1],
         "share": _percent(counts[one][1], counts[one][0])}
        for one in engine.Dimension if one in counts
    ]  # fmt: skip


def _dataset(last: QualityRun, runs: list[QualityRun]) -> Facts:
    return {
        "name": last.name,
        "rows": f"{last.rows:,}",
        "rules": last.rules,
        "holding": last.holding,
        "share": _percent(last.holding, last.rules),
        "failing": f"{last.failing:,}",
        "runs": len(runs),
        "trend": [round(one.holding / one.rules, 4) if one.rules else 0 for one in runs[-30:]],
    }


def _failing(runs: list[QualityRun]) -> list[Facts]:
    rows = QualityResult.objects.filter(run__in=runs, holds=False).select_related("run")
    return [_failed(one) for one in rows.order_by("-failing", "pk")[:MOST_FAILING]]


def _failed(one: QualityResult) -> Facts:
    return {
        "dataset": one.run.name,
        "rule": rule_words(one, meanings_of(one.run.dataset)),
        "failing": f"{one.failing:,}",
        "tested": f"{one.tested:,}",
        "share": _percent(one.failing, one.tested) if one.tested else "—",
    }


def _intakes(tenant_id: int, first: date, after: date) -> list[Facts]:
    rows = Intake.objects.filter(tenant_id=tenant_id, started_at__date__gte=first, started_at__date__lt=after)
    told = rows.exclude(state=IntakeState.RUNNING).values("source__name").annotate(n=Count("pk"))
    return [
        {
            "name": one["source__name"], "times": one["n"],
            "accepted": f"{sum(row.accepted for row in rows if row.source.name == one['source__name']):,}",
            "rejected": f"{sum(row.rejected for row in rows if row.source.name == one['source__name']):,}",
        }
        for one in told.order_by("source__name")
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"
