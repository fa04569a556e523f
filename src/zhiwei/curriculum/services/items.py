"""Writing items: drafts, immutable published versions, retirement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.curriculum.models import Item, ItemVersion
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.engines.judging import ItemError, item_from_json
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

    The same content again makes no new version. Publishing makes the newest version the one that is used.

    Raises:
        InvalidInputError: The content is not a valid item; the message names the key.

    Effects:
        One audit row when something was written.
    """
    checked = _checked(content)
    digest = hashlib.sha256(json.dumps(checked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    item = _find(tenant_id, key, item_id) or Item(
        tenant_id=tenant_id, key=key, audience=audience, author_id=actor.person_id
    )
    last = ItemVersion.objects.filter(item_id=item.pk).order_by("-number").first() if item.pk else None
    if (
        last is not None
        and last.content_hash == digest
        and (item.state == ItemState.PUBLISHED or not publish)
    ):
        return item.pk
    _describe(item, checked, now)
    number = last.number if last and last.content_hash == digest else (last.number if last else 0) + 1
    if publish:
        item.state, item.version = ItemState.PUBLISHED, number
    item.save()
    if last is None or last.content_hash != digest:
        ItemVersion.objects.create(
            tenant_id=tenant_id,
            item=item,
            number=number,
            content=checked,
            content_hash=digest,
            author_id=actor.person_id,
            created_at=now,
        )
    audit.record(
        actor=actor,
        verb=Verb.UPDATE if last else Verb.CREATE,
        kind="item",
        object_id=item.pk,
        now=now,
        tenant_id=tenant_id,
        detail={"version": number, "published": publish},
    )
    return item.pk


def _find(tenant_id: int, key: str, item_id: int | None) -> Item | None:
    mine = Item.objects.select_for_update().filter(tenant_id=tenant_id)
    if item_id is not None:
        return mine.get(pk=item_id)
    return mine.filter(key=key).first() if key else None


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        item_from_json(dict(content))
    except ItemError as error:
        raise InvalidInputError(f"题目有误：{error}", code="item.invalid") from error
    return dict(content)


def _describe(item: Item, content: Mapping[str, Any], now: datetime) -> None:
    item.subject = str(content.get("subject", ""))
    item.stage = str(content.get("stage", ""))
    grade = content.get("grade")
    item.grade = grade if isinstance(grade, int) else None
    item.type = str(content["type"])
    item.points = [str(point) for point in content.get("points", [])]
    difficulty = content.get("difficulty")
    item.difficulty = float(difficulty) if isinstance(difficulty, int | float) else None
    item.search_text = f"{content.get('stem', '')} {content.get('title', '')}".strip()
    item.updated_at = now
