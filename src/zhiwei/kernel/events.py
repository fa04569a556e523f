"""Facts in the past tense, and the base every context's events share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class DomainEvent:
    """Something that happened and stays true.

    Subclasses are frozen dataclasses of plain values (JSON) with a ``kind`` such as
    ``assessment.marks_released``; events of one ``subject_key`` reach a consumer in order.
    """

    kind: ClassVar[str] = ""

    def subject_key(self) -> str:
        """Return what the event is about; order is kept within it."""
        return self.kind

    def payload(self) -> dict[str, Any]:
        """Return the event as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class PeopleImported(DomainEvent):
    """A roster was taken in."""

    kind: ClassVar[str] = "kernel.people_imported"
    tenant_id: int
    created: int
    updated: int
