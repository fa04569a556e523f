"""Quality runs as jobs: lay the dataset out, ask all its rules, keep results and failing rows; or profile it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from zhiwei.data.models import QualityResult, QualityRule, QualityRun
from zhiwei.data.services.datasets import Dataset, dataset, lay_out, lay_out_intake
from zhiwei.data.services.opening import fetched, workplace
from zhiwei.data.services.rulebook import engine_rule, rules_of
from zhiwei.data.values import RunState
from zhiwei.engines import quality as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, files, jobs, scope
from zhiwei.kernel.errors import ConflictError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

MOST_BYTES = 2 * 1024 * 1024 * 1024
Progress = Callable[[int, int, str], None]


def plan_run(
    *, actor: Actor, now: datetime, key: str, profile: bool = False, tenant_id: int = 0
) -> QualityRun:
    """Ask a dataset all its rules in the background, or have it profiled for suggestions.

    Raises:
        ConflictError: It has no rule.
        NotFoundError: No such dataset, or not the actor's.
    """
    found = dataset(key)
    place = (
        tenant_id or kernel.place_for(actor, found.tenant_of(actor), verb=Verb.UPDATE, kind="data_quality").id
    )
    if not profile and not rules_of(place, found.key):
        raise ConflictError("这份数据还没有规则。", code="quality.no_rules")
    row = QualityRun.objects.create(
        tenant_id=place,
        dataset=found.key,
        name=found.name[:100],
        purpose="profile" if profile else "check",
        by_id=actor.person_id or None,
        started_at=now,
    )
    title = f"剖析数据：{found.name}" if profile else f"检查数据质量：{found.name}"
    row.job_id = jobs.enqueue(
        "data.check_quality",
        tenant_id=place,
        key=f"quality-{row.pk}",
        now=now,
        arguments={"run_id": row.pk},
        title=title[:160],
        owner_id=actor.person_id or None,
    )
    row.save(update_fields=["job"])
    audit.record(
        actor=actor, verb=Verb.UPDATE, kind="data_quality", object_id=row.pk, now=now, tenant_id=place,
        detail={"dataset": found.key, "purpose": row.purpose},
    )  # fmt: skip
    return row


def run_quality(
    *, run_id: int, tenant_id: int, now: Callable[[], datetime], progress: Progress
) -> dict[str, int]:
    """Do what a run asks; a run that was cut begins anew and leaves nothing twice."""
    with workplace() as folder:
        with scope.entered([tenant_id]):
            run = QualityRun.objects.get(pk=run_id)
            if run.state != RunState.RUNNING:
                return {"rules": run.rules}
            found = dataset(run.dataset)
            table, intake = lay_out(found, folder)
            run.intake = intake
        work = folder / "work"
        work.mkdir()
        try:
            if run.purpose == "profile":
                return _profiled(run, table, work, now())
            return _checked(run, table, (folder, work), now, progress)
        except engine.QualityError as error:
            with scope.entered([tenant_id]):
                mark_failed(run_id=run_id, message=str(error), now=now())
            return {"rules": 0}


def mark_failed(*, run_id: int, message: str, now: datetime) -> None:
    """Say on the run's page why it was given up."""
    QualityRun.objects.filter(pk=run_id, state=RunState.RUNNING).update(
        state=RunState.FAILED, problem=message[:300], finished_at=now
    )


def failing_rows(
    result: QualityResult, found: Dataset, *, offset: int, limit: int, columns: Sequence[str]
) -> list[tuple[int, tuple[str | None, ...]]]:
    """Return a page of the rows that broke a rule with some of their cells, as they were when it ran.

    Of a house table only what is there now is shown: it may have been mended meanwhile.
    """
    run = result.run
    if run.failing_file_id is None:
        return []
    with workplace() as folder:
        kept = fetched(run.failing_file_id, folder, "failing.parquet")
        rows = engine.failing_rows(kept, result.position, offset=offset, limit=limit)
        if run.intake is not None:
            table = lay_out_intake(run.intake, folder)
        elif run.dataset.startswith("table:"):
            table = lay_out(found, folder)[0]
        else:
            table = engine.Table(())
        cells = engine.rows_at(table, rows, columns, work=folder)
    return [(row, cells.get(row, (None,) * len(columns))) for row in rows]


def _profiled(run: QualityRun, table: engine.Table, work: Path, now: datetime) -> dict[str, int]:
    profiles = engine.profile(table, work=work)
    rules = engine.suggest_rules(profiles)
    run.suggestions = [
        {
            "form": str(one.form), "columns": list(one.columns), "tolerance": one.tolerance,
            "params": {name: list(v) if isinstance(v, tuple) else v for name, v in one.params.items()},
        }
        for one in rules
    ]  # fmt: skip
    run.rows = profiles[0].rows if profiles else 0
    run.state, run.finished_at = RunState.DONE, now
    with scope.entered([run.tenant_id]):
        run.save()
    return {"rules": len(rules)}


def _checked(
    run: QualityRun,
    table: engine.Table,
    places: tuple[Path, Path],
    now: Callable[[], datetime],
    progress: Progress,
) -> dict[str, int]:
    folder, work = places
    with scope.entered([run.tenant_id]):
        rows = rules_of(run.tenant_id, run.dataset)
        references = _references(rows, folder)
    rules = [engine_rule(row, place) for place, row in enumerate(rows)]
    found = engine.check(
        table,
        rules,
        as_of=clock.today(now()),
        work=work,
        references=references,
        progress=lambda done, total: progress(done, total, ""),
    )
    with scope.entered([run.tenant_id]):
        return _kept(run, rows, found, now())


def _references(rows: Sequence[QualityRule], folder: Path) -> dict[str, engine.Table]:
    """Lay out the datasets that rules refer to; one that is gone is left out, and the rule says so."""
    found: dict[str, engine.Table] = {}
    for key in {str(row.params["table"]) for row in rows if row.form == engine.Form.REFERS}:
        place = folder / f"other-{len(found)}"
        place.mkdir()
        try:
            found[key] = lay_out(dataset(key), place)[0]
        except NotFoundError:
            continue
    return found


def _kept(
    run: QualityRun, rows: Sequence[QualityRule], found: engine.Checked, now: datetime
) -> dict[str, int]:
    QualityResult.objects.filter(run=run).delete()
    QualityResult.objects.bulk_create(
        QualityResult(
            tenant_id=run.tenant_id,
            run=run,
            position=place,
            rule=row,
            form=row.form,
            columns=row.columns,
            params=row.params,
            tolerance=row.tolerance,
            tested=one.tested,
            failing=one.failing,
            holds=one.holds,
            figures=dict(one.figures),
            problem=one.problem,
        )
        for place, (row, one) in enumerate(zip(rows, found.outcomes, strict=True))
    )
    with found.failing.open("rb") as content:
        kept = files.store(
            content, tenant_id=run.tenant_id, now=now, max_bytes=MOST_BYTES, name="failing.parquet"
        )
    run.failing_file_id, run.rows, run.rules = kept.id, found.rows, len(rows)
    run.holding = sum(one.holds for one in found.outcomes)
    run.failing = sum(one.failing for one in found.outcomes)
    run.state, run.finished_at = RunState.DONE, now
    run.save()
    return {"rules": run.rules, "holding": run.holding, "rows": run.rows}


def record_look(actor: Actor, result: QualityResult, level: int, now: datetime) -> None:
    """Write down that somebody looked at failing rows with data of this level."""
    if level >= Level.PERSONAL:
        audit.record(
            actor=actor, verb=Verb.READ, kind="data_quality_rows", object_id=result.pk, now=now,
            tenant_id=result.tenant_id, level=Level(level), detail={"dataset": result.run.dataset},
        )  # fmt: skip
