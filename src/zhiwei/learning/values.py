"""Words of learning: where an observation came from, what a mastery says, how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Where an observation came from."""

    RELEASED = "released"
    PRACTICE = "practice"


class Method(StrEnum):
    """How mastery is computed for a class and subject."""

    MODEL = "model"
    RULES = "rules"


class Standing(StrEnum):
    """Where a pupil stands on a point, in four words."""

    UNKNOWN = "unknown"
    WEAK = "weak"
    GROWING = "growing"
    MASTERED = "mastered"


class Certainty(StrEnum):
    """How sure that is, in three words."""

    UNSURE = "unsure"
    FAIR = "fair"
    SURE = "sure"


class PracticeState(StrEnum):
    """Where a practice set stands."""

    OPEN = "open"
    DONE = "done"


class GoalKind(StrEnum):
    """What a goal names."""

    POINT = "point"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Answer:
    """One scored answer as the projection takes it.

    Attributes:
        response_id: The response (released) or practice question (practice) it came from.
        sitting_id: Sitting or practice set.
        item_key: Which item it answers; the same in all works that use it.
        score: Marks earned, 0 to ``max_score``.
        share: What counts as shown ability, in [0, 1]: the share of the full mark, less what hints gave away.
    """

    response_id: int
    sitting_id: int
    item_key: str
    subject: str
    points: tuple[str, ...]
    score: float
    max_score: float
    share: float
    at: datetime
    revision: int = 1
    source: Source = Source.RELEASED


@dataclass(frozen=True, slots=True)
class PointView:
    """What is known of a pupil on a point, ready to tell.

    Attributes:
        estimate: Chance of success on an item of the point of usual difficulty, in [0, 1].
        error: Its standard error on the probability scale (0 under plain rules).
        low: Lower end of the 90 % interval.
        high: Upper end.
        n: Observations on the point.
        last_seen: Last of them.
        forgetting: How much of the estimate a week without practice will cost.
    """

    key: str
    name: str
    estimate: float
    error: float
    low: float
    high: float
    n: int
    last_seen: datetime | None
    forgetting: float
    standing: Standing
    certainty: Certainty
    grade: int | None = None
    domain: str = ""


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """A point on which a class needs work: mean estimate over the pupils observed, how many, how many weak."""

    key: str
    name: str
    mean: float
    pupils: int
    weak: int


@dataclass(frozen=True, slots=True)
class Recommended:
    """An item recommended to a pupil: why (``due``, ``weak``, ``wrong``, ``next`` or ``target``) and what to expect."""

    item_uuid: str
    points: tuple[str, ...]
    reason: str
    expected: float
    minutes: float
