"""What was read without certainty, for the page where a person checks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from zhiwei.assessment.models import Response, Work
from zhiwei.assessment.paper_access import paper_responses
from zhiwei.assessment.rules.paper_reading import BY_HAND, reading_confidence, shown
from zhiwei.assessment.values import ResponseState
from zhiwei.kernel.values import Actor, Verb


@dataclass(frozen=True, slots=True)
class UnsureReading:
    """One answer to look at: its pictures (file ids), what was read, how sure."""

    uuid: str
    position: int
    pupil: str
    files: Sequence[int]
    text: str
    confidence: float
    remark: str
    is_choice: bool


def unsure_rows(actor: Actor, work: Work) -> QuerySet[Response]:
    """Return answers whose reading a person should look at, question by question, the least sure first."""
    rows = paper_responses(actor, work, Verb.UPDATE).exclude(state=ResponseState.REVIEWED)
    rows = rows.filter(value__reading__unsure=True).exclude(**{f"value__reading__{BY_HAND}": True})
    return rows.order_by("item__position", "value__reading__confidence", "pk")


def unsure_reading(row: Response) -> UnsureReading:
    """Return one row as its page shows it."""
    reading = row.value.get("reading", {})
    return UnsureReading(
        str(row.uuid),
        row.item.position,
        row.sitting.person.name,
        tuple(map(int, row.files)),
        shown(row.value),
        reading_confidence(row.value),
        str(reading.get("remark", "")),
        row.item.type in {"single_choice", "multiple_choice", "true_false"},
    )
