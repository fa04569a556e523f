"""Words of assessment: works, sittings, marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class WorkKind(StrEnum):
    """What a work is for."""

    HOMEWORK = "homework"
    PRACTICE = "practice"
    EXAM = "exam"


class WorkState(StrEnum):
    """Where a work stands. Pupils see it from ``open`` on."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Medium(StrEnum):
    """How a work is answered."""

    ONLINE = "online"
    PAPER = "paper"
    BOTH = "both"


class SittingState(StrEnum):
    """Where one pupil's sitting of a work stands."""

    ANSWERING = "answering"
    HANDED_IN = "handed_in"
    JUDGED = "judged"
    RELEASED = "released"


class ResponseState(StrEnum):
    """Where one response stands on the marking desk."""

    WAITING = "waiting"
    SURE = "sure"
    DOUBTFUL = "doubtful"
    REVIEWED = "reviewed"


class MarkerKind(StrEnum):
    """Who gave a mark."""

    MACHINE = "machine"
    TEACHER = "teacher"
    SECOND = "second"
    PEER = "peer"


class WrongState(StrEnum):
    """How well a wrong answer was learned. ``recalled`` keeps what a pupil did while its marks are taken back."""

    NOT_YET = "not_yet"
    SHAKY = "shaky"
    MASTERED = "mastered"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class LateRule:
    """What happens after the due time.

    Attributes:
        grace_minutes: Handing in is still possible for so long; 0 closes at once.
        deduct_percent: Share of the marks taken off a late work, 0–100.
    """

    grace_minutes: int = 0
    deduct_percent: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Answer to an autosave: what the server now holds.

    Attributes:
        sequence: The client's own counter of the newest save that was kept.
        conflict: Another device saved something newer; ``value`` is that.
    """

    sequence: int
    saved_at: str
    conflict: bool = False
    value: object = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a device wants kept for one question.

    Attributes:
        value: ``{"text"}``, ``{"value"}`` or ``{"steps"}``.
        sequence: The device's counter for this question; grows with every change.
        base: The sequence the device saw last; another device's newer answer is then told as a conflict instead
            of being overwritten. ``None`` says that the newest sequence wins.
    """

    item_uuid: str
    value: Mapping[str, Any]
    sequence: int
    base: int | None = None
