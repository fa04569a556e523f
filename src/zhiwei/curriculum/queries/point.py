"""One knowledge point with everything that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, Point, Resource
from zhiwei.curriculum.queries.searching import ids_on_points
from zhiwei.curriculum.values import ItemState
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor

SHOWN_ITEMS = 12


@dataclass(frozen=True, slots=True)
class PointPage:
    """What the page of a point shows."""

    point: Point
    needs: list[Point]
    leads: list[Point]
    content: dict[str, Any]
    items: list[Item] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    successors: list[Point] = field(default_factory=list)


def get_point_page(actor: Actor, key: str) -> PointPage:
    """Return a point; its items only for those who may see items.

    Raises:
        NotFoundError: No such point.
    """
    point = Point.objects.filter(key=key).first()
    if point is None:
        raise NotFoundError
    resources = access.resources_in_reach(actor).filter(points__contains=[key], retired=False)
    return PointPage(
        point,
        list(Point.objects.filter(leads_to__point=point).order_by("grade", "pk")),
        list(Point.objects.filter(requirements__requires=point).order_by("grade", "pk")),
        dict(point.content),
        _items(actor, key) if actor.is_staff else [],
        list(resources.order_by("kind", "title")[:50]),
        list(Point.objects.filter(key__in=point.replaced_by)),
    )


def _items(actor: Actor, key: str) -> list[Item]:
    rows = access.items_in_reach(actor).filter(state=ItemState.PUBLISHED, pk__in=ids_on_points([key]))
    return list(rows.order_by("difficulty", "pk")[:SHOWN_ITEMS])
