"""Plain mastery rules as an alternative to the model: levels anyone can check by counting.

Source of the levels: Khan Academy's published mastery system (attempted below 70 %, familiar from 70 %,
proficient at 100 %, mastered only in a mixed-topic assessment, one level down on a miss there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Levels of plain mastery rules."""

    NOT_STARTED = 0
    ATTEMPTED = 1
    FAMILIAR = 2
    PROFICIENT = 3
    MASTERED = 4


ESTIMATES = {
    Level.NOT_STARTED: 0.5,
    Level.ATTEMPTED: 0.4,
    Level.FAMILIAR: 0.7,
    Level.PROFICIENT: 0.85,
    Level.MASTERED: 0.95,
}


@dataclass(frozen=True, slots=True)
class Session:
    """Scores on one point in one sitting; ``mixed`` when the sitting tested several points."""

    scores: tuple[float, ...]
    mixed: bool = False


def level_after(sessions: Sequence[Session]) -> Level:
    """Return the level reached after sittings in order of time."""
    level = Level.NOT_STARTED
    for session in sessions:
        if session.scores:
            level = _after_mixed(level, session) if session.mixed else _after_plain(level, session)
    return level


def _after_plain(level: Level, session: Session) -> Level:
    rate = sum(session.scores) / len(session.scores)
    reached = Level.PROFICIENT if rate >= 1.0 else Level.FAMILIAR if rate >= 0.7 else Level.ATTEMPTED
    return max(level, reached)


def _after_mixed(level: Level, session: Session) -> Level:
    for score in session.scores:
        if score >= 1.0:
            level = Level(min(level + 1, Level.MASTERED))
        else:
            level = Level(max(level - 1, Level.ATTEMPTED))
    return level
