"""The knowledge graph as its page draws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from zhiwei.curriculum.models import Point, Requirement
from zhiwei.curriculum.rules.layout import places
from zhiwei.kernel.errors import NotFoundError

MOST = 3000
"""Points drawn at once."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph laid out: nodes as ``[key, name, grade, domain number, x, y, in focus]``, lines by node number."""

    nodes: list[list[object]]
    lines: list[list[int]]
    domains: list[str]


def draw(
    *, subject: str = "", grade: int | None = None, domain: str = "", focus: str = "", depth: int = 2
) -> Drawn:
    """Lay out the points of a subject, grade or domain, or the neighbourhood of one point.

    Args:
        focus: Key of a point: then only what it needs and leads to, up to ``depth`` steps, in any subject.

    Raises:
        NotFoundError: ``focus`` is no point.

    Cost:
        Three queries; see ``benchmarks/bank.py`` for 2,000 points.
    """
    rows = Point.objects.filter(retired=False)
    if focus:
        rows = rows.filter(pk__in=_around(focus, min(max(depth, 1), 6)))
    facts = {"subject": subject, "grade": grade, "domain": domain} if not focus else {}
    rows = rows.filter(**{name: value for name, value in facts.items() if value not in ("", None)})
    return _drawn(rows, focus)


def domains_of(subject: str) -> list[str]:
    """Return the domains of a subject, in teaching order."""
    rows = Point.objects.filter(subject=subject, retired=False).exclude(domain="").order_by("pk")
    return list(dict.fromkeys(rows.values_list("domain", flat=True)))


def subjects() -> list[str]:
    """Return the subjects that have living points."""
    return list(
        Point.objects.filter(retired=False).order_by("subject").values_list("subject", flat=True).distinct()
    )


def _drawn(rows: QuerySet[Point], focus: str) -> Drawn:
    facts = rows.order_by("grade", "pk").values_list("pk", "key", "name", "grade", "domain")
    points = list(facts[:MOST])
    number = {pk: place for place, (pk, *_rest) in enumerate(points)}
    pairs = Requirement.objects.filter(point_id__in=number, requires_id__in=number)
    lines = [
        [number[needed], number[point]] for point, needed in pairs.values_list("point_id", "requires_id")
    ]
    keys = [key for _pk, key, *_rest in points]
    needs: dict[str, list[str]] = {}
    for needed, point in lines:
        needs.setdefault(keys[point], []).append(keys[needed])
    at = places(keys, needs, {key: grade or 0 for _pk, key, _name, grade, _domain in points})
    domains = list(dict.fromkeys(domain for *_rest, domain in points))
    nodes: list[list[object]] = [
        [key, name, grade, domains.index(domain), *at[key], int(key == focus)]
        for _pk, key, name, grade, domain in points
    ]
    return Drawn(nodes, lines, domains)


def _around(focus: str, depth: int) -> set[int]:
    start = Point.objects.filter(key=focus).values_list("pk", flat=True).first()
    if start is None:
        raise NotFoundError
    needs, leads = _ways()
    return {start} | _reach(start, needs, depth) | _reach(start, leads, depth)


def _ways() -> tuple[Mapping[int, Iterable[int]], Mapping[int, Iterable[int]]]:
    needs: dict[int, list[int]] = {}
    leads: dict[int, list[int]] = {}
    for point, needed in Requirement.objects.values_list("point_id", "requires_id"):
        needs.setdefault(point, []).append(needed)
        leads.setdefault(needed, []).append(point)
    return needs, leads


def _reach(start: int, ways: Mapping[int, Iterable[int]], depth: int) -> set[int]:
    found, edge = set[int](), {start}
    for _step in range(depth):
        edge = {there for here in edge for there in ways.get(here, ())} - found
        found |= edge
    return found
