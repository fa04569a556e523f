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


class Audience(StrEnum):
    """Who may see a knowledge base or one document of it; ``BASE`` (documents only): whoever may see the base."""

    BASE = "base"
    STAFF = "staff"
    SUBJECT = "subject"
    CLASSES = "classes"
    SCHOOL = "school"


class DocumentState(StrEnum):
    """Where the bringing in of a document stands."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"


class DialogueState(StrEnum):
    """Where a conversation with the companion stands: ``HANDED`` waits for a teacher."""

    OPEN = "open"
    HANDED = "handed"
    ANSWERED = "answered"


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


class PilotState(StrEnum):
    """Where a model's trial as a marker stands."""

    RUNNING = "running"
    PASSED = "passed"
    REFUSED = "refused"
    STOPPED = "stopped"
