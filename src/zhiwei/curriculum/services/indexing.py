"""Keeping the index of the bank in step with its items."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.curriculum.models import Item, ItemEntry, Point
from zhiwei.engines.indexing import codes, name_terms, terms_of

FACTS = ("subject", "type", "stage", "grade", "state", "audience", "sealed_until", "author_id", "difficulty")


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
        update_fields=["owner_id", *FACTS, "words", "topics"],
        batch_size=500,
    )


def _entry(item: Item, names: Sequence[str]) -> ItemEntry:
    terms = terms_of(item.search_text, names) | {f"k:{key}" for key in item.points}
    facts = {name: getattr(item, name) for name in FACTS}
    topics = frozenset(term for name in names for term in name_terms(name))
    return ItemEntry(
        item=item,
        owner_id=item.tenant_id,
        words=sorted(codes(terms)),
        topics=sorted(codes(topics)),
        **facts,
    )


def follow_step(item: Item) -> None:
    """Take over what a step to use changes: state, audience, seal."""
    ItemEntry.objects.filter(item=item).update(
        state=item.state, audience=item.audience, sealed_until=item.sealed_until
    )
