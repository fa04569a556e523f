"""Keeping the index of the bank in step with its items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhiwei.curriculum.models import Item, ItemEntry, Point
from zhiwei.engines.indexing import codes, terms_of

FIELDS = ("owner_id", "subject", "type", "stage", "grade", "state", "difficulty", "words")


def index_items(items: Sequence[Item]) -> None:
    """Write the entries of these items (two queries whatever their number)."""
    names = dict(
        Point.objects.filter(key__in={key for item in items for key in item.points}).values_list(
            "key", "name"
        )
    )
    ItemEntry.objects.bulk_create(
        [_entry(item, [names[key] for key in item.points if key in names]) for item in items],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=list(FIELDS),
        batch_size=500,
    )


def _entry(item: Item, names: Iterable[str]) -> ItemEntry:
    terms = terms_of(item.search_text, names) | {f"k:{key}" for key in item.points}
    return ItemEntry(
        item=item,
        owner_id=item.tenant_id,
        subject=item.subject,
        type=item.type,
        stage=item.stage,
        grade=item.grade,
        state=item.state,
        difficulty=item.difficulty,
        words=sorted(codes(terms)),
    )
