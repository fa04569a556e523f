"""Taking in an edition of a knowledge graph."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from zhiwei.curriculum.models import Edition, Point, Requirement
from zhiwei.engines.indexing import initials, syllable
from zhiwei.engines.knowledge import Graph
from zhiwei.engines.knowledge import Point as GraphPoint
from zhiwei.kernel import audit
from zhiwei.kernel.values import Actor, Verb

FIELDS = (
    "edition", "subject", "stage", "grade", "domain", "name", "name_en", "definition", "content", "search_text",
    "retired",
)  # fmt: skip


def take_graph(*, actor: Actor, now: datetime, graph: Graph) -> int:
    """Write a graph's points and requirements; a point known by its key is brought up to date.

    Points are never deleted, so that old responses keep their meaning. Requirements of the points of this graph
    become those of the graph.

    Returns:
        How many points the graph has.

    Effects:
        One audit row.
    """
    editions = {
        subject: Edition.objects.get_or_create(
            subject=subject,
            name=graph.edition,
            defaults={"licence": graph.licence, "published_at": now},
        )[0]
        for subject in {point.subject for point in graph.points.values()}
    }
    Point.objects.bulk_create(
        [_row(point, editions[point.subject]) for point in graph.points.values()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=list(FIELDS),
        batch_size=500,
    )
    _requirements(graph)
    audit.record(actor=actor, verb=Verb.IMPORT, kind="point", now=now, detail={"points": len(graph.points)})
    return len(graph.points)


def _row(point: GraphPoint, edition: Edition) -> Point:
    return Point(
        key=point.key,
        edition=edition,
        subject=point.subject,
        stage=point.stage,
        grade=point.grade,
        domain=point.domain,
        name=point.name,
        name_en=point.name_en,
        definition=point.definition,
        content={
            "competencies": list(point.competencies),
            "cognitive_level": point.cognitive_level,
            "units": [asdict(unit) for unit in point.units],
            "misconceptions": [asdict(one) for one in point.misconceptions],
        },
        search_text=_search_text(point),
    )


def _search_text(point: GraphPoint) -> str:
    spelled = "".join(syllable(one) for one in point.name)
    return f"{point.name} {spelled} {initials(point.name)} {point.name_en.lower()} {point.key}"[:400]


def _requirements(graph: Graph) -> None:
    wanted = {(key, needed) for key, point in graph.points.items() for needed in point.prerequisites}
    keys = {one for pair in wanted for one in pair} | set(graph.points)
    ids = dict(Point.objects.filter(key__in=keys).values_list("key", "pk"))
    pairs = {(ids[key], ids[needed]) for key, needed in wanted if needed in ids}
    mine = Requirement.objects.filter(point__key__in=graph.points)
    present = {(row.point_id, row.requires_id): row.pk for row in mine}
    Requirement.objects.filter(pk__in=[pk for pair, pk in present.items() if pair not in pairs]).delete()
    Requirement.objects.bulk_create(
        [Requirement(point_id=point, requires_id=needed) for point, needed in pairs - set(present)],
        batch_size=1000,
        ignore_conflicts=True,
    )
