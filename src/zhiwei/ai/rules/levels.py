"""How sensitive a text is, from what is found in it."""

from __future__ import annotations

from collections.abc import Iterable

from zhiwei.engines.privacy import Span
from zhiwei.kernel.values import Level

SENSITIVE_KINDS = frozenset(
    {"citizen_id", "pupil_number", "travel_permit", "passport", "bank_card", "mobile", "landline", "address",
     "birth_date", "wechat", "qq", "email"}
)  # fmt: skip
"""Findings of level 4; names, schools, classes and the like are level 3."""


def level_of(spans: Iterable[Span], *, least: Level = Level.INTERNAL) -> Level:
    """Return the level of a text with these findings, at least ``least``."""
    level = least
    for span in spans:
        level = max(level, Level.SENSITIVE if span.kind in SENSITIVE_KINDS else Level.PERSONAL)
    return level
