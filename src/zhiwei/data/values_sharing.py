"""Words of sharing and of the analysis room."""

from __future__ import annotations

from enum import StrEnum


class ShareKind(StrEnum):
    """How data are given: rows to read, questions to ask, or rows handed down to the schools they are of."""

    ROWS = "rows"
    ROOM = "room"
    DOWN = "down"


class ShareState(StrEnum):
    """Where a share stands; an open one is over when its time is."""

    WEIGHING = "weighing"
    WAITING = "waiting"
    OPEN = "open"
    REFUSED = "refused"
    ENDED = "ended"
    FAILED = "failed"


class RunState(StrEnum):
    """Where a query stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExportState(StrEnum):
    """Where a wish to take a result away stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


BASES = ("research", "model_training", "teaching")
"""Why data may be shown. The first two need the pupil's consent; the third is the asker's own duty towards them."""
CONSENTED = frozenset({"research", "model_training"})
DAYS = (7, 30, 90, 180)
LEAST_K = 5
BUDGETS = (200, 1000, 3000)
