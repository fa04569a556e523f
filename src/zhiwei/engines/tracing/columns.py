"""Which column is which, and how the cells of a response log are read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from zhiwei.engines.tracing.errors import TraceError

_NAMES = {
    "user": ("user_id", "user", "student_id", "pupil_id", "learner_id", "uid", "student", "pupil"),
    "item": ("item_id", "item", "problem_id", "question_id", "exercise_id", "qid", "problem", "question"),
    "correct": ("correct", "score", "correctness", "is_correct", "outcome", "response"),
    "time": ("timestamp", "time", "start_time", "at", "created_at"),
    "skills": (
        "skills",
        "skill",
        "skill_id",
        "skill_ids",
        "kc",
        "kcs",
        "concepts",
        "points",
        "knowledge_points",
    ),
}
_WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "t": 1.0, "f": 0.0}
_ABSENT = {"", "nan", "none", "null", "na", "n/a", "-1", "[]"}
_MILLISECONDS_FROM = 1e11


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns; ``time`` and ``skills`` are -1 when the log has none."""

    user: int
    item: int
    correct: int
    time: int
    skills: int
    count: int


def delimiter_of(header: str) -> str:
    """Return the separator a header line uses: tab, comma, semicolon or bar."""
    return max("\t,;|", key=header.count)


def find_columns(header: Sequence[str], path: str) -> Columns:
    """Find the columns by name.

    Raises:
        TraceError: ``user_id``, ``item_id`` or ``correct`` is missing.
    """
    names = [cell.strip().strip("\ufeff\"'").lower() for cell in header]
    places = {}
    for what, known in _NAMES.items():
        places[what] = next((names.index(name) for name in known if name in names), -1)
    for what, label in (("user", "user_id"), ("item", "item_id"), ("correct", "correct")):
        if places[what] < 0:
            raise TraceError(f"{path}: row 1: no column {label} (found: {', '.join(names)[:200]})")
    return Columns(count=len(names), **places)


def read_score(cell: str) -> float:
    """Return a score in [0, 1], or NaN when the cell does not hold one."""
    text = cell.strip().lower()
    try:
        value = float(text)
    except ValueError:
        return _WORDS.get(text, math.nan)
    return value if 0.0 <= value <= 1.0 else math.nan


def read_time(cell: str) -> float:
    """Return seconds since the log's epoch, or NaN; milliseconds are recognised by their size."""
    text = cell.strip()
    try:
        value = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            return math.nan
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(value):
        return math.nan
    return value / 1000.0 if abs(value) > _MILLISECONDS_FROM else value


def read_skills(cell: str) -> tuple[str, ...]:
    """Return the skill names in a cell: a list, or joined by ``~ ; | ,`` or, between numbers, ``_``."""
    text = cell.strip()
    if text.lower() in _ABSENT:
        return ()
    if text[0] in "[({" and text[-1] in "])}":
        text = text[1:-1]
    parts = re.split(r"~~|;|\||,", text)
    if len(parts) == 1 and "_" in text and all(part.isdigit() for part in text.split("_")):
        parts = text.split("_")
    names = (part.strip().strip("\"'") for part in parts)
    return tuple(dict.fromkeys(name for name in names if name.lower() not in _ABSENT))
