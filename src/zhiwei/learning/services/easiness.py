"""Easiness (Elo) of items and points: what pupils are measured against, and what learns with each answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from zhiwei.curriculum import api as curriculum
from zhiwei.engines.tracing import TracingState
from zhiwei.kernel import bulk
from zhiwei.learning.models import Calibration
from zhiwei.learning.queries.states import ITEM, POINT
from zhiwei.learning.values import Answer

HARDEST, EASIEST = 0.05, 0.95


def ensure(tenant_id: int, answers: Sequence[Answer], *, lock: bool) -> dict[tuple[str, str], Calibration]:
    """Return the rows of all items and points answered; new items start at their author's difficulty."""
    items = sorted({one.item_key for one in answers})
    points = sorted({point for one in answers for point in one.points})
    rows = Calibration.objects.filter(tenant_id=tenant_id, key__in=[*items, *points]).order_by("kind", "key")
    found = {(row.kind, row.key): row for row in (rows.select_for_update() if lock else rows)}
    missing = [(ITEM, key) for key in items if (ITEM, key) not in found]
    missing += [(POINT, key) for key in points if (POINT, key) not in found]
    if missing:
        found.update(_begin(tenant_id, missing))
    return found


def write_live(rows: Collection[Calibration], state: TracingState) -> None:
    """Keep what items and points learned."""
    ordered = sorted(rows, key=lambda row: (row.kind, row.key))
    for row in ordered:
        row.live = list((state.items if row.kind == ITEM else state.points)[row.key])
    bulk.insert_rows(ordered, unique=["tenant", "kind", "key"], update=["live"])


def write_calibrated(tenant_id: int, state: TracingState, now: datetime) -> int:
    """Make a calibration the one that counts; returns how many rows."""
    rows = [
        Calibration(
            tenant_id=tenant_id, kind=kind, key=key, calibrated=list(row), live=list(row), calibrated_at=now
        )
        for kind, table in ((ITEM, state.items), (POINT, state.points))
        for key, row in sorted(table.items())
    ]
    Calibration.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["tenant", "kind", "key"],
        update_fields=["calibrated", "live", "calibrated_at"],
    )
    return len(rows)


def expect_items(state: TracingState, items: Collection[str]) -> None:
    """Let items not met yet start at their author's difficulty (the expected share of lost marks)."""
    wanted = [key for key in items if key not in state.items and _is_uuid(key)]
    for card in curriculum.get_items(wanted) if wanted else ():
        if card.difficulty is not None:
            state.expect_item(card.uuid, min(max(1.0 - card.difficulty, HARDEST), EASIEST))


def _begin(tenant_id: int, missing: list[tuple[str, str]]) -> dict[tuple[str, str], Calibration]:
    state = TracingState()
    expect_items(state, [key for kind, key in missing if kind == ITEM])
    rows = []
    for kind, key in missing:
        row = state.item_row(key) if kind == ITEM else state.point_row(key)
        rows.append(Calibration(tenant_id=tenant_id, kind=kind, key=key, calibrated=row, live=list(row)))
    return {(row.kind, row.key): row for row in rows}


def _is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
