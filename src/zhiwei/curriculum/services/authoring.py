"""Keeping what an author writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.curriculum.models import Item
from zhiwei.curriculum.services.items import save_item
from zhiwei.kernel.access import require
from zhiwei.kernel.values import Actor, Verb


def write_item(*, actor: Actor, now: datetime, content: Mapping[str, Any], item: Item | None = None) -> Item:
    """Keep a draft version of an item one may write (got through ``access``), or of a new one of one's own.

    Raises:
        ForbiddenError: The actor writes no items.
        InvalidInputError: The content is not an item that can be judged; the message names the key.

    Effects:
        One audit row when something changed.
    """
    require(actor, Verb.CREATE, "item")
    tenant_id = item.tenant_id if item else actor.tenant_id
    pk = save_item(
        actor=actor, now=now, tenant_id=tenant_id, content=content, item_id=item.pk if item else None
    )
    return Item.objects.get(pk=pk)
