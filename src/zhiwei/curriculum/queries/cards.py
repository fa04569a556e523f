"""Items as values, with their published content."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from zhiwei.curriculum.models import Item, ItemVersion
from zhiwei.curriculum.values import ItemCard
from zhiwei.engines.variants import variant

FIRST_SEED = 1


def item_cards(rows: Sequence[Item], *, seed: int = FIRST_SEED) -> list[ItemCard]:
    """Return items with the content that is in use (one query); those never published are left out.

    Args:
        seed: Fixes the numbers of items with parameters; each item draws its own from it.
    """
    return [item_card(row, content, seed=seed) for row, content in contents_in_use(rows)]


def contents_in_use(rows: Sequence[Item]) -> list[tuple[Item, Mapping[str, Any]]]:
    """Return items with the content that is in use as it was written, parameters not drawn (one query)."""
    versions = ItemVersion.objects.filter(item_id__in=[row.pk for row in rows])
    contents: dict[tuple[int, int], Mapping[str, Any]] = {
        (version.item_id, version.number): version.content for version in versions
    }
    return [(row, contents[(row.pk, row.version)]) for row in rows if (row.pk, row.version) in contents]


def item_card(row: Item, content: Mapping[str, Any], *, seed: int = FIRST_SEED) -> ItemCard:
    """Return one item as a value, its parameters drawn."""
    drawn = variant(content, seed ^ zlib.crc32(str(row.uuid).encode()))
    return ItemCard(
        str(row.uuid), row.version, row.subject, row.type, tuple(row.points), row.difficulty, drawn
    )
