"""FSRS (free spaced repetition scheduler) with time passed in and no chance in it.

School work is daily, not by the minute, so the learning steps of minutes are left out: every review gives an
interval of at least a day. Source: Ye, Su & Cao (2022), "A stochastic shortest path algorithm for optimizing
spaced repetition scheduling"; the ``fsrs`` package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

from fsrs import Card, Rating, Scheduler, State


class Grade(IntEnum):
    """How well something was recalled."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one thing: ``stability`` in days until recall falls to 90 %, ``difficulty`` from 1 to 10."""

    stability: float
    difficulty: float
    last_review: datetime
    due: datetime


def grade_of(score: float, *, fluent: bool = False) -> Grade:
    """Return the grade a score earns: below .5 again, below .8 hard, else good; full and ``fluent``: easy.

    Raises:
        ValueError: The score is outside [0, 1].
    """
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"score {score} is outside 0 to 1")
    if score < 0.5:
        return Grade.AGAIN
    if score < 0.8:
        return Grade.HARD
    return Grade.EASY if fluent and score == 1.0 else Grade.GOOD


@lru_cache(maxsize=16)
def _scheduler(retention: float) -> Scheduler:
    return Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )


def _card(memory: Memory | None) -> Card:
    if memory is None:
        return Card(card_id=0)
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last_review,
    )


def review(memory: Memory | None, grade: Grade, at: datetime, *, retention: float = 0.9) -> Memory:
    """Return the memory after a review.

    Args:
        memory: The memory before; None at the first review.
        grade: How well it was recalled.
        at: When, with a time zone.
        retention: Chance of recall at which the next review falls due, between .7 and .97.

    Raises:
        ValueError: The time has no zone or lies before the last review, or the retention is out of range.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a review needs a time zone")
    if memory is not None and at < memory.last_review:
        raise ValueError("a review cannot lie before the last one")
    if not 0.7 <= retention <= 0.97:
        raise ValueError(f"retention {retention} is outside .7 to .97")
    zone = at.tzinfo
    moment = at.astimezone(UTC)
    card, _ = _scheduler(retention).review_card(_card(memory), Rating(int(grade)), moment)
    return Memory(float(card.stability or 0.0), float(card.difficulty or 0.0), at, card.due.astimezone(zone))


def retrievability(memory: Memory, at: datetime) -> float:
    """Return the chance of recall at a moment."""
    return float(_scheduler(0.9).get_card_retrievability(_card(memory), at.astimezone(UTC)))
