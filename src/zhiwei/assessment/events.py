"""What assessment tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zhiwei.kernel.events import DomainEvent


@dataclass(frozen=True)
class MarksReleased(DomainEvent):
    """A pupil's marks of one work were released (or released again after a change).

    Attributes:
        sitting_id: The sitting.
        person_id: The pupil; news about one pupil arrives in order.
        revision: Grows with each release of this sitting, so that a projection can replace what it knew.
        responses: One entry a response: ``{"response_id", "item_uuid", "item_version", "points", "score",
            "max_score", "reasons", "answered_at"}``.
    """

    kind: ClassVar[str] = "assessment.marks_released"
    tenant_id: int
    work_id: int
    sitting_id: int
    person_id: int
    class_id: int
    subject: str
    revision: int
    released_at: str
    responses: tuple[dict[str, object], ...]

    def subject_key(self) -> str:
        """Keep the order within one pupil."""
        return f"person:{self.person_id}"


@dataclass(frozen=True)
class MarksRecalled(DomainEvent):
    """Released marks of one sitting were taken back."""

    kind: ClassVar[str] = "assessment.marks_recalled"
    tenant_id: int
    work_id: int
    sitting_id: int
    person_id: int
    revision: int

    def subject_key(self) -> str:
        """Keep the order within one pupil."""
        return f"person:{self.person_id}"
