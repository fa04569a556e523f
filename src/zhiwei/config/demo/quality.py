"""Lets the demo school bring data in: an exam's results from another system with their faults, rules, three checks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from django.test import Client

from zhiwei.config.demo.data import actor_named, run_jobs
from zhiwei.config.demo.names import GIVEN_FIRST, GIVEN_SECOND, SURNAMES
from zhiwei.data.models import Intake, QualityReport, QualityRun, Source
from zhiwei.data.queries.sources import head_of, suggested_fields
from zhiwei.data.services import monthly, rulebook, running_quality, sources
from zhiwei.data.services.rulebook import RuleSpec
from zhiwei.data.services.sources import MappingSpec
from zhiwei.kernel import clock, scope
from zhiwei.kernel.values import Actor

NAME = "期中联考成绩（教务系统导出）"
PUPILS = 240
_HEADINGS = ("考号", "姓名", "性别", "班级", "考试日期", "选择题", "解答题", "总分", "联系电话")
_RULES = (
    RuleSpec("total", ("成绩", "选择题", "解答题")),
    RuleSpec("unique", ("考号",)),
    RuleSpec("recent", ("考试日期",), {"days": 60, "ahead": 0}),
    RuleSpec("filled", ("联系电话",), {}, 0.05),
)


def add_quality(*, now: datetime) -> None:
    """Hand in, map, bring in three times, check each, report; does nothing when it is there."""
    officer = actor_named("demo-data_officer", now)
    with scope.entered(officer.tenants):
        if Source.objects.exists():
            return
    for turn, faults in enumerate((24, 12, 5)):
        then = now - timedelta(days=7 * (2 - turn), minutes=10)
        _bring_in(officer, then, faults, first=turn == 0)
    with scope.entered(officer.tenants):
        for column in ("name", "number"):
            spec = RuleSpec("filled", (column,))
            rulebook.add_rule(actor=officer, now=now, key="table:kernel.Person", spec=spec)
        running_quality.plan_run(actor=officer, now=now, key="table:kernel.Person")
    run_jobs(officer.tenant_id)
    with scope.entered(officer.tenants):
        monthly.plan_report(actor=officer, now=now, month=f"{clock.today(now):%Y-%m}")
    run_jobs(officer.tenant_id)


def walk(officer: Client, principal: Client, pupil: Client, *, now: datetime) -> str:
    """Look at what was brought in, the rejected and the failing rows, the report; see who is kept out."""
    add_quality(now=now)
    with scope.everywhere("look at what the demo brought in"):
        source = Source.objects.get(name=NAME)
        intake = Intake.objects.filter(source=source).latest("number")
        run = QualityRun.objects.filter(intake=intake, purpose="check").latest("pk")
        bad = run.results.filter(failing__gt=0).order_by("-failing").first()
        report = QualityReport.objects.latest("pk")
    assert intake.state == "done", intake.problem
    assert run.state == "done", run.problem
    assert bad is not None
    address = f"/data/sources/{source.uuid}/"
    found = f"/data/quality/runs/{run.uuid}/{bad.position}/"
    pages = [address, f"{address}columns/", f"{address}{intake.number}/rejected/", found, "/data/quality/"]
    for page in (*pages, f"/data/quality/of/source:{source.uuid}/", "/data/connections/"):
        assert officer.get(page).status_code == 200, page
        assert pupil.get(page).status_code == 404, page
    assert principal.get(address).status_code == 200
    assert principal.get(found).status_code == 404
    assert officer.get(f"/data/quality/reports/{report.uuid}/").content.startswith(b"%PDF")
    return (
        f"{intake.accepted} rows in, {intake.rejected} kept out with reasons, "
        f"{run.holding} of {run.rules} rules hold, a report for {report.month:%Y-%m}"
    )


def _bring_in(officer: Actor, then: datetime, faults: int, *, first: bool) -> None:
    content = BytesIO(_sheet(faults, clock.today(then).isoformat()).encode("gb18030"))
    with scope.entered(officer.tenants):
        if first:
            sources.hand_in(actor=officer, now=then, name=NAME, content=content, file_name="期中联考.csv")
        else:
            row = Source.objects.get(name=NAME)
            sources.hand_in_again(
                actor=officer, now=then, source=row, content=content, file_name="期中联考.csv"
            )
    run_jobs(officer.tenant_id)
    if first:
        _map(officer, then)
    run_jobs(officer.tenant_id)
    run_jobs(officer.tenant_id)
    with scope.entered(officer.tenants):
        run = QualityRun.objects.filter(dataset__startswith="source:").latest("pk")
        QualityRun.objects.filter(pk=run.pk).update(started_at=then, finished_at=then)


def _map(officer: Actor, then: datetime) -> None:
    """Take the suggestions, say that part scores are numbers, write the first rules, bring it in."""
    with scope.entered(officer.tenants):
        row = Source.objects.get(name=NAME)
        fields = [
            replace(one, kind="number") if one.name in {"选择题", "解答题"} else one
            for one in suggested_fields(row, head_of(row))
        ]
        sources.save_mapping(actor=officer, now=then, source=row, spec=MappingSpec(fields, "P3Y"))
        for spec in _RULES:
            rulebook.add_rule(actor=officer, now=then, key=f"source:{row.uuid}", spec=spec)
        sources.plan_intake(actor=officer, now=then, source=row)


def _sheet(faults: int, day: str) -> str:
    """Return made-up results; every so many rows one fault of a kind that exports have."""
    draw = random.Random(faults)  # noqa: S311
    lines = [",".join(_HEADINGS)]
    for number in range(PUPILS):
        name = draw.choice(SURNAMES) + draw.choice(GIVEN_FIRST) + draw.choice(GIVEN_SECOND)
        choice, solution = draw.randrange(12, 41), draw.randrange(10, 61)
        cells = [
            f"26{number + 1:06d}", name, "男女"[number % 2], f"八年级{number // 40 + 1}班", day, str(choice),
            str(solution), str(choice + solution), f"138{draw.randrange(10**8):08d}",
        ]  # fmt: skip
        if number < faults:
            place, value = (
                (7, "200"),
                (2, "不详"),
                (8, ""),
                (5, "缺考"),
                (0, "26000099"),
                (4, "2019-01-01"),
            )[number % 6]
            cells[place] = value
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"
