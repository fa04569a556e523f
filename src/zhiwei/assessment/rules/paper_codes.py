"""The opaque codes printed on paper: a work's and a pupil's. They name nobody outside the database."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_DIGITS = 12
"""Columns of number bubbles a sheet can have."""

_PUPIL = re.compile(r"P([0-9]{1,18})")
_WORK = re.compile(r"W([0-9]{1,18})")


def work_code(work_id: int) -> str:
    """Return the code of a work."""
    return f"W{work_id}"


def pupil_code(person_id: int) -> str:
    """Return the code of a pupil."""
    return f"P{person_id}"


def pupil_of(code: str) -> int | None:
    """Return the pupil's id in a code; ``None`` when it is not one."""
    found = _PUPIL.fullmatch(code)
    return int(found[1]) if found else None


def work_of(code: str) -> int | None:
    """Return the work's id in a code; ``None`` when it is not one."""
    found = _WORK.fullmatch(code)
    return int(found[1]) if found else None


def bubble_number(number: str) -> str:
    """Return the digits of a pupil's number as they can be filled in bubbles (the last twelve)."""
    return "".join(sign for sign in number if sign in "0123456789")[-MOST_DIGITS:]


def roster_by_number(pupils: Iterable[tuple[int, str]]) -> dict[str, str]:
    """Map filled-in numbers to pupil codes; a number that two pupils share names neither.

    Args:
        pupils: ``(person id, number)``.
    """
    owners: dict[str, set[str]] = {}
    for person_id, number in pupils:
        owners.setdefault(bubble_number(number), set()).add(pupil_code(person_id))
    return {digits: next(iter(codes)) for digits, codes in owners.items() if digits and len(codes) == 1}
