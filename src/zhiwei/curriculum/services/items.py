"""Writing items: drafts and immutable versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.curriculum.models import Item, ItemVersion
from zhiwei.curriculum.rules import contents
from zhiwei.curriculum.services.indexing import index_items
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.engines.judging import ItemError
from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Verb


def save_item(
    *,
    actor: Actor,
    now: datetime,
    tenant_id: int,
    content: Mapping[str, Any],
    key: str = "",
    audience: Audience = Audience.SCHOOL,
    publish: bool = False,
    item_id: int | None = None,
) -> int:
    """Write a new version of an item (or a new item) and return the item's id.

    The same content again makes no new version. Publishing makes the newest version the one that is used;
    without it a published item goes on being used as it was, beside its newer draft.

    Raises:
        InvalidInputError: The content is not a valid item; the message names the key.

    Effects:
        One audit row when something was written; the index follows.
    """
    checked = check_content(content)
    item = _find(tenant_id, key, item_id) or Item(
        tenant_id=tenant_id, key=key, audience=audience, author_id=actor.person_id
    )
    known = item.pk is not None
    digest, last = contents.digest(checked), _last_digest(item)
    if last == digest and not (publish and item.version != item.newest):
        return item.pk
    item.newest += last != digest
    if publish:
        item.state, item.version = ItemState.PUBLISHED, item.newest
    describe(item, contents.facts_of(checked), now)
    item.save()
    if last != digest:
        new_version(item, checked, actor, now).save(force_insert=True)
    index_items([item])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE if known else Verb.CREATE,
        kind="item",
        object_id=item.pk,
        now=now,
        tenant_id=tenant_id,
        detail={"version": item.newest, "published": publish},
    )
    return item.pk


def check_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked content.

    Raises:
        InvalidInputError: It is not a valid item; the message names the key.
    """
    try:
        return contents.checked(content)
    except ItemError as error:
        raise InvalidInputError(f"题目有误：{error}", code="item.invalid") from error


def describe(item: Item, facts: contents.Facts, now: datetime) -> None:
    """Copy the facts of the newest content to the row that finds it."""
    item.subject, item.stage, item.grade = facts.subject, facts.stage, facts.grade
    item.type, item.points, item.difficulty = facts.type, list(facts.points), facts.difficulty
    item.search_text, item.licence, item.source = facts.text, facts.licence, facts.source
    item.updated_at = now


def new_version(item: Item, checked: Mapping[str, Any], actor: Actor, now: datetime) -> ItemVersion:
    """Return the unsaved version that holds this content as the item's newest."""
    return ItemVersion(
        tenant_id=item.tenant_id,
        item=item,
        number=item.newest,
        content=dict(checked),
        content_hash=contents.digest(checked),
        author_id=actor.person_id,
        created_at=now,
    )


def _last_digest(item: Item) -> str:
    if item.pk is None:
        return ""
    rows = ItemVersion.objects.filter(item_id=item.pk, number=item.newest)
    return rows.values_list("content_hash", flat=True).first() or ""


def _find(tenant_id: int, key: str, item_id: int | None) -> Item | None:
    mine = Item.objects.select_for_update().filter(tenant_id=tenant_id)
    if item_id is not None:
        return mine.get(pk=item_id)
    return mine.filter(key=key).first() if key else None
