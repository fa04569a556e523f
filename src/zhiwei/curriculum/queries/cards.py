"""Items as values, with their published content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiwei.curriculum.models import Item, ItemVersion
from zhiwei.curriculum.values import ItemCard


def item_cards(rows: Sequence[Item]) -> list[ItemCard]:
    """Return items with the content that is in use (one query); those never published are left out."""
    versions = ItemVersion.objects.filter(item_id__in=[row.pk for row in rows])
    contents: dict[tuple[int, int], Mapping[str, Any]] = {
        (version.item_id, version.number): version.content for version in versions
    }
    return [
        item_card(row, contents[(row.pk, row.version)]) for row in rows if (row.pk, row.version) in contents
    ]


def item_card(row: Item, content: Mapping[str, Any]) -> ItemCard:
    """Return one item as a value."""
    return ItemCard(
        str(row.uuid), row.version, row.subject, row.type, tuple(row.points), row.difficulty, dict(content)
    )
