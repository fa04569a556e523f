"""A subject's graph as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from zhiwei.curriculum.models import Edition, Point, Requirement
from zhiwei.engines.knowledge import (
    Graph,
    Misconception,
    UnitRef,
    graph_to_case,
    graph_to_csv,
    graph_to_jsonld,
)
from zhiwei.engines.knowledge import Point as GraphPoint
from zhiwei.kernel.errors import NotFoundError

FORMS: Mapping[str, str] = {"csv": "CSV", "jsonld": "JSON-LD", "case": "CASE 1.0"}
_WRITERS: Mapping[str, tuple[str, str, Callable[[Graph], str]]] = {
    "csv": ("text/csv; charset=utf-8", "csv", graph_to_csv),
    "jsonld": ("application/ld+json", "jsonld", graph_to_jsonld),
}


def export_graph(subject: str, form: str) -> tuple[str, str, str]:
    """Return media type, file ending and content.

    Raises:
        NotFoundError: No such form, or the subject has no points.
    """
    graph, at = stored_graph(subject)
    if form == "case":
        return "application/json", "json", graph_to_case(graph, changed_at=at.isoformat(), creator="Zhiwei")
    if form not in _WRITERS:
        raise NotFoundError
    media_type, ending, write = _WRITERS[form]
    return media_type, ending, write(graph)


def stored_graph(subject: str) -> tuple[Graph, datetime]:
    """Return the living points of a subject as the engine's graph, and when its edition was published.

    Raises:
        NotFoundError: The subject has no points.
    """
    rows = list(Point.objects.filter(subject=subject, retired=False).order_by("pk"))
    if not rows:
        raise NotFoundError
    needs: dict[int, list[str]] = {}
    for point_id, key in Requirement.objects.filter(point__in=rows).values_list("point_id", "requires__key"):
        needs.setdefault(point_id, []).append(key)
    edition = Edition.objects.get(pk=rows[0].edition_id)
    points = {row.key: _point(row, tuple(sorted(needs.get(row.pk, ())))) for row in rows}
    return Graph(edition.name, points, title=subject, licence=edition.licence), edition.published_at


def _point(row: Point, needs: tuple[str, ...]) -> GraphPoint:
    content = row.content
    return GraphPoint(
        key=row.key,
        name=row.name,
        definition=row.definition,
        subject=row.subject,
        stage=row.stage,
        grade=row.grade or 0,
        domain=row.domain,
        name_en=row.name_en,
        prerequisites=needs,
        competencies=tuple(content.get("competencies", ())),
        cognitive_level=str(content.get("cognitive_level", "understand")),
        units=tuple(UnitRef(**one) for one in content.get("units", ())),
        misconceptions=tuple(Misconception(**one) for one in content.get("misconceptions", ())),
    )
