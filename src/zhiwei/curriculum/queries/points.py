"""Reading the knowledge graph."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Q, QuerySet

from zhiwei.curriculum.models import Point, Requirement
from zhiwei.curriculum.values import PointCard, PointGroup


def cards(rows: list[Point]) -> list[PointCard]:
    """Return points as values, with the keys of what they require (one query)."""
    required: dict[int, list[str]] = {}
    pairs = Requirement.objects.filter(point__in=rows).order_by("requires__key")
    for point_id, key in pairs.values_list("point_id", "requires__key"):
        required.setdefault(point_id, []).append(key)
    return [
        PointCard(
            row.key,
            row.name,
            row.subject,
            row.grade,
            row.definition,
            tuple(required.get(row.pk, ())),
            stage=row.stage,
            domain=row.domain,
        )
        for row in rows
    ]


def points_tree(subject: str = "") -> list[PointGroup]:
    """Return the living points grouped by subject, stage, grade and domain, in teaching order."""
    rows = Point.objects.filter(retired=False)
    if subject:
        rows = rows.filter(subject=subject)
    ordered = list(rows.order_by("subject", "grade", "domain", "pk"))
    return [
        PointGroup(*facts, points=tuple(cards(list(members))))
        for facts, members in groupby(
            ordered, key=lambda row: (row.subject, row.stage, row.grade, row.domain)
        )
    ]


def search_points(text: str, *, subject: str = "") -> QuerySet[Point]:
    """Return living points whose name, pinyin (full or initials), English name or key contains the text."""
    rows = Point.objects.filter(retired=False)
    if subject:
        rows = rows.filter(subject=subject)
    for piece in text[:100].split():
        rows = rows.filter(Q(search_text__icontains=piece) | Q(definition__icontains=piece))
    return rows.order_by("subject", "grade", "pk")
