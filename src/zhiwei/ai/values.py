"""Words of the AI room."""

from __future__ import annotations

from enum import StrEnum


class Capability(StrEnum):
    """What a model can do."""

    CHAT = "chat"
    EMBEDDINGS = "embeddings"
    VISION = "vision"
    JSON = "json"
    TOOLS = "tools"


class Purpose(StrEnum):
    """What a call is for; budgets, guards and the record of calls know it."""

    GENERAL = "general"
    COMPANION = "companion"
    MARKING = "marking"
    DRAFTING = "drafting"
    RETRIEVAL = "retrieval"
    PROGRAM = "program"
    TRIAL = "trial"


class BudgetFor(StrEnum):
    """Whose use one budget adds up."""

    PERSON = "person"
    CLASS = "class"
    PLACE = "place"


class Unit(StrEnum):
    """What a budget counts. ``MICRO`` is a millionth of a yuan."""

    MICRO = "micro"
    TOKENS = "tokens"
    CALLS = "calls"


class Period(StrEnum):
    """When a budget begins anew."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    TERM = "term"


class EntryKind(StrEnum):
    """A line of the ledger: reserved, used, given back."""

    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"


class CallState(StrEnum):
    """How a call ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    BLOCKED = "blocked"
    LOST = "lost"


class AlertState(StrEnum):
    """Where a crisis signal stands."""

    NEW = "new"
    SEEN = "seen"
    CLOSED = "closed"
