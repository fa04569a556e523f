"""Words of the AI room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from zhiwei.engines.hints import Rung, WrongIdea
from zhiwei.kernel.values import Actor


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


class Help(StrEnum):
    """How far the companion may go with a task: not at all, hints only, or up to the worked solution."""

    OFF = "off"
    HINTS = "hints"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class TaskCard:
    """Something a pupil may ask the companion about."""

    source: str
    key: str
    title: str
    subject: str
    lead: str
    help: Help


@dataclass(frozen=True, slots=True)
class Task:
    """A question at hand, as the companion needs it.

    Attributes:
        rungs: The ladder of help, least first; no solution unless ``help`` is full.
        answers: Texts that give the question away; never said while ``help`` is not full.
        item: The item as docs/item-format.md describes it.
        wrong_ideas: Misconceptions known of its knowledge points.
    """

    card: TaskCard
    stem: str
    rungs: tuple[Rung, ...]
    answers: tuple[str, ...]
    item: dict[str, object]
    wrong_ideas: tuple[WrongIdea, ...] = ()


class TaskSource(Protocol):
    """What an upper room tells the companion about a pupil's own work; every call is in the pupil's scope."""

    def offered(self, actor: Actor, *, now: datetime) -> Sequence[TaskCard]:
        """Return what the pupil may ask about now, the most useful first."""

    def task(self, actor: Actor, key: str, *, now: datetime) -> Task:
        """Return one of them whole.

        Raises:
            NotFoundError: Absent or not the pupil's.
        """

    def guarded(self, actor: Actor, *, now: datetime) -> Sequence[Task]:
        """Return the questions of open works and exams, whose answers nobody may be told yet."""


class WrongIdeaSource(Protocol):
    """Where known misconceptions come from."""

    def __call__(self, subject: str) -> Sequence[WrongIdea]:
        """Return the misconceptions known in a subject ("" for all)."""
