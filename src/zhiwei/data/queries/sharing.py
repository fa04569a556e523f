"""What the pages of sharing show."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zhiwei.data.access_sharing import exports_to_decide, to_decide
from zhiwei.data.models import AnalysisExport, Share
from zhiwei.data.rules.tables import ColumnKind, SharedColumn, SharedTable, SourceRow, Value, register_table
from zhiwei.data.values_sharing import ExportState, ShareState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.values import Actor, Level

PUPILS = "kernel.pupils"


def waiting_shares(actor: Actor) -> list[Share]:
    """Return shares that wait for the actor's decision, oldest first."""
    return list(to_decide(actor).filter(state=ShareState.WAITING).order_by("asked_at")[:100])


def waiting_exports(actor: Actor) -> list[AnalysisExport]:
    """Return results that wait for the actor's look, oldest first."""
    return list(exports_to_decide(actor).filter(state=ExportState.WAITING).order_by("asked_at")[:100])


def waiting_count(actor: Actor) -> int:
    """Return how much waits for the actor."""
    shares = to_decide(actor).filter(state=ShareState.WAITING).count()
    return shares + exports_to_decide(actor).filter(state=ExportState.WAITING).count()


def pupils(tenants: Collection[int], columns: Sequence[str], after: int, limit: int) -> list[SourceRow]:
    """Return pupils of schools in scope as rows of the shared table."""
    rows = kernel.pupil_rows(tenants, after=after, limit=limit, today=clock.today(clock.now()))
    return [
        SourceRow(one.id, one.tenant_id, one.id, tuple(_value(one, name) for name in columns)) for one in rows
    ]


def offer_pupils() -> None:
    """Offer the pupils of schools for sharing (once, when Django is ready)."""
    register_table(
        SharedTable(
            PUPILS,
            "pupils",
            "在校学生",
            (
                SharedColumn("person", "学生", ColumnKind.PERSON, Level.PERSONAL),
                SharedColumn("name", "姓名", ColumnKind.NAME, Level.PERSONAL),
                SharedColumn("number", "学号", ColumnKind.NUMBER, Level.PERSONAL),
                SharedColumn("sex", "性别码", ColumnKind.CODE, Level.PERSONAL, quasi=True),
                SharedColumn("school", "学校", ColumnKind.SCHOOL, Level.INTERNAL),
                SharedColumn("grade", "年级", ColumnKind.GRADE, Level.INTERNAL),
                SharedColumn("class", "班级", ColumnKind.CLASS, Level.INTERNAL),
            ),
            pupils,
        )
    )


def _value(row: kernel.PupilRow, name: str) -> Value:
    if name == "grade":
        return None if row.grade is None else str(row.grade)
    told = {"person": str(row.id), "class": row.class_name}
    return told[name] if name in told else str(getattr(row, name))
