"""Tiered practice: sets of items a pupil will mostly but not always get right."""

from zhiwei.engines.practice.sets import (
    Bank,
    Constraints,
    Practice,
    PupilView,
    Tier,
    practice_set,
    tier_of,
)

__all__ = ["Bank", "Constraints", "Practice", "PupilView", "Tier", "practice_set", "tier_of"]
