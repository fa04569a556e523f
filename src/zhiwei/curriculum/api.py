"""The curriculum's door: items and knowledge points as values."""

from __future__ import annotations

from collections.abc import Iterable

from zhiwei.curriculum.models import Item, ItemVersion, Point, Requirement
from zhiwei.curriculum.values import ItemCard, ItemState, PointCard

__all__ = ["get_items", "get_points", "items_for_points"]


def get_items(uuids: Iterable[str]) -> list[ItemCard]:
    """Return published items in reach with their current content, in the order asked; unknown ones are left out."""
    wanted = list(dict.fromkeys(map(str, uuids)))
    rows = {str(row.uuid): row for row in Item.objects.filter(uuid__in=wanted, state=ItemState.PUBLISHED)}
    contents = {
        (version.item_id, version.number): version.content
        for version in ItemVersion.objects.filter(item__in=rows.values())
    }
    return [
        _card(rows[one], contents[(rows[one].pk, rows[one].version)])
        for one in wanted
        if one in rows and (rows[one].pk, rows[one].version) in contents
    ]


def items_for_points(points: Iterable[str], *, limit: int = 200) -> list[ItemCard]:
    """Return published items in reach on any of these knowledge points (without content), easiest first."""
    rows = Item.objects.filter(state=ItemState.PUBLISHED, points__overlap=list(points)).order_by(
        "difficulty", "pk"
    )
    return [_card(row, {}) for row in rows[:limit]]


def get_points(keys: Iterable[str]) -> dict[str, PointCard]:
    """Return knowledge points by key, with the keys of what they require (two queries)."""
    rows = list(Point.objects.filter(key__in=set(keys)))
    required: dict[int, list[str]] = {}
    for point_id, key in Requirement.objects.filter(point__in=rows).values_list("point_id", "requires__key"):
        required.setdefault(point_id, []).append(key)
    return {
        row.key: PointCard(
            row.key, row.name, row.subject, row.grade, row.definition, tuple(required.get(row.pk, ()))
        )
        for row in rows
    }


def _card(row: Item, content: dict[str, object]) -> ItemCard:
    return ItemCard(
        str(row.uuid), row.version, row.subject, row.type, tuple(row.points), row.difficulty, content
    )
