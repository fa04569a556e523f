"""What late work loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def after_late_rule(score: float, rules: Mapping[str, Any], *, is_late: bool) -> float:
    """Return a score after the share that the work's rules take off late work (``late_deduct_percent``)."""
    if not is_late:
        return score
    share = min(max(float(rules.get("late_deduct_percent", 0) or 0), 0.0), 100.0)
    return round(score * (1 - share / 100), 2)
