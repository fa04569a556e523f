"""Misconceptions that the knowledge graph knows, for the companion."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from zhiwei.curriculum.models import Point
from zhiwei.engines.hints import WrongIdea


def of_subject(subject: str) -> list[WrongIdea]:
    """Return the misconceptions known in a subject; of all subjects when none is named."""
    rows = Point.objects.filter(retired=False, content__has_key="misconceptions")
    return _ideas(rows.filter(subject=subject) if subject else rows)


def of_points(keys: Iterable[str]) -> list[WrongIdea]:
    """Return the misconceptions known of some points."""
    return _ideas(Point.objects.filter(key__in=set(keys)))


def _ideas(rows: QuerySet[Point]) -> list[WrongIdea]:
    found = []
    for name, definition, content in rows.order_by("pk").values_list("name", "definition", "content"):
        for one in content.get("misconceptions") or ():
            wrong = str(one.get("wrong") or "")
            found.append(WrongIdea(str(one.get("description") or ""), wrong, name, definition))
    return found
