"""Questions to a share in the analysis room: asked, answered in a shut-in process, made safe, remembered."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

import numpy as np

from zhiwei.data.adapters import cubicle
from zhiwei.data.models import AnalysisRun, Share
from zhiwei.data.services import room_tables
from zhiwei.data.services.disguising import share_key
from zhiwei.data.services.reading_shares import check_reader, is_open
from zhiwei.data.services.weighing import wanted_of
from zhiwei.data.values_sharing import RunState, ShareKind
from zhiwei.engines import disclosure
from zhiwei.kernel import audit, jobs, scope
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

LONGEST_SQL = 4_000
LEAST_PEOPLE = 10
EPSILON = 1.0


def ask(*, actor: Actor, now: datetime, share: Share, sql: str) -> AnalysisRun:
    """Ask a question of one's own share; a job answers it.

    Raises:
        NotFoundError: Somebody else's share.
        ConflictError: The share is not open, gives rows, or another question is being answered.
        InvalidInputError: No question, or too long a one.

    Effects:
        One audit row; a job.
    """
    require(actor, Verb.CREATE, "analysis")
    check_reader(actor, share, now)
    if share.kind != ShareKind.ROOM:
        raise ConflictError("这份共享不是分析间。", code="analysis.not_a_room")
    if not sql.strip() or len(sql) > LONGEST_SQL or "\x00" in sql:
        raise InvalidInputError("请写一条查询（至多 4000 个字）。", code="analysis.sql")
    with scope.entered({share.tenant_id, actor.tenant_id}):
        Share.objects.select_for_update(of=("self",)).get(pk=share.pk)
        if share.runs.filter(state=RunState.WAITING).exists():
            raise ConflictError("上一条查询还没有结束。", code="analysis.busy")
        row = AnalysisRun.objects.create(
            tenant_id=share.tenant_id, share=share, sql=sql.strip(), asked_at=now
        )
        row.job_id = jobs.enqueue(
            "data.run_analysis",
            tenant_id=share.tenant_id,
            key=f"run-{row.pk}",
            now=now,
            arguments={"run_id": row.pk},
            title="分析间查询",
        )
        row.save(update_fields=["job"])
        audit.record(
            actor=actor, verb=Verb.SEARCH, kind="analysis", object_id=row.pk, now=now,
            tenant_id=share.tenant_id, level=Level.PERSONAL, detail={"share": share.pk},
        )  # fmt: skip
    return row


def cancel(*, actor: Actor, now: datetime, run: AnalysisRun) -> None:
    """Stop a question of one's own: its process is killed within a second."""
    check_reader(actor, run.share, now)
    if run.state == RunState.WAITING and run.job_id:
        jobs.cancel(run.job_id)
        job = run.job
        if job is not None:
            job.refresh_from_db()
        if job is None or job.state not in jobs.ALIVE:
            AnalysisRun.objects.filter(pk=run.pk).update(state=RunState.CANCELLED)


def answer(*, run_id: int, tenant_id: int, now: datetime, cancelled: Callable[[], bool]) -> dict[str, int]:
    """Answer a question: parse, check, load, run, make safe, remember.

    Returns:
        How many rows the answer has and how many new figures it told.
    """
    began = time.monotonic()
    with scope.entered([tenant_id]):
        row = AnalysisRun.objects.select_related("share").filter(pk=run_id).first()
    if row is None:
        raise NotFoundError
    if not is_open(row.share, now):
        return _keep(row, began, state=RunState.REFUSED, problem="not_open")
    try:
        query, cells, walls = _measured(row.share, row.sql, cancelled)
    except disclosure.RefusedQueryError as error:
        return _keep(row, began, state=RunState.REFUSED, problem=error.code, detail=error.detail)
    except cubicle.CubicleError as error:
        state = RunState.CANCELLED if error.code == "cancelled" else RunState.FAILED
        return _keep(row, began, state=state, problem=error.code)
    with scope.entered([tenant_id]):
        return _told(row, query, cells, walls, began)


def _measured(
    share: Share, sql: str, cancelled: Callable[[], bool]
) -> tuple[disclosure.Query, list[disclosure.Cell], tuple[str, ...]]:
    asked = wanted_of(share, share.tenants)
    name = asked.table.query_name
    query = disclosure.read_query(cubicle.parse(sql), {name: room_tables.shapes(asked)})
    tenants = {share.tenant_id, *share.tenants}
    with scope.entered(tenants):
        key = share_key(share.tenant_id, share.secret)
    columns = room_tables.load(asked, key, tenants)
    if not len(columns[0].values):
        return query, [], ()
    cells, walls = cubicle.run(disclosure.plan_query(query), name, columns, cancelled=cancelled)
    return query, cells, walls


def _told(
    row: AnalysisRun,
    query: disclosure.Query,
    cells: Sequence[disclosure.Cell],
    walls: Sequence[str],
    began: float,
) -> dict[str, int]:
    """Make an answer safe beside all that was told of this share before; one answer at a time."""
    share = Share.objects.select_for_update(of=("self",)).get(pk=row.share_id)
    earlier = told_before(share)
    how = disclosure.Protection(max(LEAST_PEOPLE, share.k), EPSILON, share_key(share.tenant_id, share.secret))
    result = disclosure.present(query, cells, how, earlier)
    if len(earlier) + len(result.new) > share.budget:
        return _keep(row, began, state=RunState.REFUSED, problem="budget")
    sketches = b"".join(one.sketch.astype("<u2").tobytes() for one in result.new)
    return _keep(
        row,
        began,
        state=RunState.DONE,
        columns=list(result.columns),
        rows=[list(one) for one in result.rows],
        people=list(result.people),
        left_out=result.left_out,
        told=[_kept(one.figure) for one in result.new],
        sketches=zlib.compress(sketches),
        walls=list(walls),
    )


def told_before(share: Share) -> list[disclosure.Earlier]:
    """Return every figure that was told of a share, with what stood behind it."""
    found: list[disclosure.Earlier] = []
    rows = AnalysisRun.objects.filter(share=share, state=RunState.DONE).order_by("pk")
    for told, packed in rows.values_list("told", "sketches"):
        if not told:
            continue
        table = np.frombuffer(zlib.decompress(bytes(packed)), dtype="<u2").reshape(-1, disclosure.BUCKETS)
        found += [
            disclosure.Earlier(sketch.astype(np.uint16), disclosure.Figure(*figure))
            for sketch, figure in zip(table, told, strict=True)
        ]
    return found


def spent(share: Share) -> int:
    """Return how many figures were told of a share."""
    return sum(len(told) for told in share.runs.values_list("told", flat=True))


def _kept(figure: disclosure.Figure) -> list[float]:
    values = asdict(figure)
    return [values[name] for name in ("rows", "total", "squares", "people", "scale")]


def _keep(row: AnalysisRun, began: float, **values: object) -> dict[str, int]:
    seconds = int(time.monotonic() - began)
    with scope.entered([row.tenant_id]):
        AnalysisRun.objects.filter(pk=row.pk).update(seconds=seconds, **values)
    rows, told = values.get("rows"), values.get("told")
    return {
        "rows": len(rows) if isinstance(rows, list) else 0,
        "told": len(told) if isinstance(told, list) else 0,
    }
