"""What upper rooms tell the companion: pupils' tasks and known misconceptions, registered at start."""

from __future__ import annotations

from datetime import datetime

from zhiwei.ai.values import Help, Task, TaskCard, TaskSource, WrongIdeaSource
from zhiwei.engines.hints import WrongIdea
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor

_SOURCES: dict[str, TaskSource] = {}
_WRONG_IDEAS: list[WrongIdeaSource] = []


def register_tasks(name: str, source: TaskSource) -> None:
    """Add a room's tasks under a short stable name.

    Raises:
        ValueError: The name is taken.
    """
    if name in _SOURCES:
        raise ValueError(f"task source registered twice: {name}")
    _SOURCES[name] = source


def register_wrong_ideas(source: WrongIdeaSource) -> None:
    """Add a place where misconceptions are known."""
    _WRONG_IDEAS.append(source)


def offered(actor: Actor, *, now: datetime, most: int = 12) -> list[TaskCard]:
    """Return what a pupil may ask about, from all rooms."""
    return [card for source in _SOURCES.values() for card in source.offered(actor, now=now)][:most]


def task_of(actor: Actor, source: str, key: str, *, now: datetime) -> Task:
    """Return one task whole.

    Raises:
        NotFoundError: Absent or not the pupil's.
    """
    known = _SOURCES.get(source)
    if known is None:
        raise NotFoundError
    return known.task(actor, key, now=now)


def guarded(actor: Actor, *, now: datetime) -> list[Task]:
    """Return the questions whose answers this pupil may not be told now."""
    found = [task for source in _SOURCES.values() for task in source.guarded(actor, now=now)]
    return [task for task in found if task.card.help is not Help.FULL]


def wrong_ideas(subject: str) -> list[WrongIdea]:
    """Return the misconceptions known in a subject."""
    return [one for source in _WRONG_IDEAS for one in source(subject)]
