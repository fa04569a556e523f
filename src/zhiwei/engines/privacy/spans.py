"""What was found where, and which finding wins when two overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

PRIORITY: tuple[str, ...] = (
    "email",
    "url",
    "citizen_id",
    "pupil_number",
    "travel_permit",
    "passport",
    "ip",
    "bank_card",
    "mobile",
    "landline",
    "wechat",
    "qq",
    "student_number",
    "plate",
    "birth_date",
    "address",
    "class",
    "school",
    "name",
)
"""Every class of personal data, the one that wins an overlap first."""

_RANK = {kind: rank for rank, kind in enumerate(PRIORITY)}


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of personal data.

    Attributes:
        start: first code point in the original text.
        end: one past the last code point.
        kind: a class of :data:`PRIORITY`.
        confidence: 0 to 1; how sure the recogniser is, not a calibrated probability.
        rule: the recogniser and what convinced it, for people who ask why.
    """

    start: int
    end: int
    kind: str
    confidence: float
    rule: str


def settle_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Keep a set without overlaps, in text order.

    The higher class in :data:`PRIORITY` wins; inside a class the longer, then the surer one.

    Args:
        spans: findings in any order.

    Returns:
        Disjoint spans sorted by start.
    """
    ordered = sorted(spans, key=lambda s: (_RANK[s.kind], s.start - s.end, -s.confidence, s.start))
    starts: list[int] = []
    kept: list[Span] = []
    for span in ordered:
        at = bisect_right(starts, span.start)
        free_left = at == 0 or kept[at - 1].end <= span.start
        free_right = at == len(kept) or kept[at].start >= span.end
        if free_left and free_right:
            starts.insert(at, span.start)
            kept.insert(at, span)
    return tuple(kept)
