"""Items as the bank's pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, ItemNote, ItemVersion, Point
from zhiwei.curriculum.rules.showing import Shown, shown
from zhiwei.engines.variants import variant
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What the page of an item shows: the version asked for (the newest when none) and what may be done."""

    item: Item
    version: ItemVersion
    shown: Shown
    content: dict[str, Any]
    versions: list[ItemVersion]
    notes: list[ItemNote]
    points: list[Point]
    may_write: bool
    may_approve: bool


def get_item_page(actor: Actor, item_uuid: object, *, number: int | None = None, seed: int = 1) -> ItemPage:
    """Return an item's page.

    Strangers see only published versions (the database's own wall holds that too).

    Raises:
        NotFoundError: The item or the version is absent or not to be seen.
    """
    item = access.access_item_for_reading(actor, item_uuid)
    mine = access.can_write(actor, item) or access.can_approve(actor, item)
    versions = list(ItemVersion.objects.filter(item=item).order_by("-number"))
    seen = [one for one in versions if mine or one.number <= item.version]
    wanted = [one for one in seen if number is None or one.number == number]
    if not wanted:
        raise NotFoundError
    content = dict(wanted[0].content)
    return ItemPage(
        item,
        wanted[0],
        shown(variant(content, seed)),
        content,
        seen,
        list(ItemNote.objects.filter(item=item).order_by("-at")[:50]) if mine else [],
        points_in_order(item.points),
        access.can_write(actor, item),
        access.can_approve(actor, item),
    )


def newest_content(item: Item) -> dict[str, Any]:
    """Return the newest content, draft or not (for editing)."""
    found = ItemVersion.objects.filter(item=item, number=item.newest).first()
    return dict(found.content) if found else {}


def points_in_order(keys: Sequence[str]) -> list[Point]:
    """Return the points of these keys, in this order; unknown ones are left out."""
    rows = {row.key: row for row in Point.objects.filter(key__in=keys)}
    return [rows[key] for key in keys if key in rows]


def point_names(items: Sequence[Item]) -> dict[str, str]:
    """Return the names of all points of these items by key (one query)."""
    wanted = {key for item in items for key in item.points}
    return dict(Point.objects.filter(key__in=wanted).values_list("key", "name"))
