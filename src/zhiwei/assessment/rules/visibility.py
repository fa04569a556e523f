"""What a pupil may see of a work, and when, by the work's rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

SCORE_ONLY = frozenset({"score_only", "no_solution"})


def may_see_solution(rules: Mapping[str, object], *, now: datetime, closes_at: datetime | None) -> bool:
    """Tell whether released feedback shows the reference solution.

    ``rules["show"]``: ``after_release`` (default), ``after_due`` (not before the work is closed for everybody: an
    early release must not help those who still answer), ``score_only`` or ``no_solution``.
    """
    show = str(rules.get("show", "after_release") or "after_release")
    if show in SCORE_ONLY:
        return False
    return show != "after_due" or closes_at is None or now > closes_at


def may_see_marks_by_point(rules: Mapping[str, object]) -> bool:
    """Tell whether released feedback shows rubric points and reasons, or the score alone."""
    return str(rules.get("show", "")) != "score_only"
