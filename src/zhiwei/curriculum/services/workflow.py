"""An item's way to use: author → review → published → retired."""

from __future__ import annotations

from datetime import datetime

from zhiwei.curriculum.models import Item, ItemNote
from zhiwei.curriculum.services.indexing import follow_step
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Verb

LONGEST_NOTE = 2000


def send_for_review(*, actor: Actor, now: datetime, item: Item, note: str = "") -> None:
    """Hand a draft (or a newer draft of a published item) to those who approve.

    Raises:
        ConflictError: There is nothing new to review.
    """
    _allow(
        item, {ItemState.DRAFT, ItemState.PUBLISHED, ItemState.RETIRED}, "只有草稿或有新稿的题目才能送审。"
    )
    if item.state == ItemState.PUBLISHED:
        if item.version == item.newest:
            raise ConflictError("这道题没有新稿。", code="item.nothing_new")
        _step(item, ItemState.PUBLISHED, actor, now, note or "新稿送审")
        return
    _step(item, ItemState.REVIEW, actor, now, note)


def send_back(*, actor: Actor, now: datetime, item: Item, note: str) -> None:
    """Give an item back to its author, saying why.

    Raises:
        InvalidInputError: Without a word to the author.
        ConflictError: The item is not under review.
    """
    _allow(item, {ItemState.REVIEW}, "只有待审的题目才能退回。")
    if not note.strip():
        raise InvalidInputError("退回时请写明理由，作者才知道改什么。", code="item.note_missing")
    _step(item, ItemState.DRAFT, actor, now, note)


def publish_item(
    *,
    actor: Actor,
    now: datetime,
    item: Item,
    note: str = "",
    audience: Audience | None = None,
    sealed_until: datetime | None = None,
) -> None:
    """Put the newest version to use.

    Args:
        sealed_until: Until then only its author and those who approve see it (exam items).

    Raises:
        ConflictError: The newest version is in use already and nothing else changes.
    """
    unchanged = item.state == ItemState.PUBLISHED and item.version == item.newest
    if unchanged and audience in (None, item.audience) and sealed_until == item.sealed_until:
        raise ConflictError("最新版本已经发布。", code="item.nothing_new")
    item.version, item.sealed_until = item.newest, sealed_until
    item.audience = audience or item.audience
    _step(item, ItemState.PUBLISHED, actor, now, note)


def retire_item(*, actor: Actor, now: datetime, item: Item, note: str = "") -> None:
    """Take an item out of use; works that hold it keep it.

    Raises:
        ConflictError: It is not in use.
    """
    _allow(item, {ItemState.PUBLISHED, ItemState.REVIEW, ItemState.DRAFT}, "这道题已经停用。")
    _step(item, ItemState.RETIRED, actor, now, note)


def _allow(item: Item, states: set[ItemState], message: str) -> None:
    if item.state not in states:
        raise ConflictError(message, code="item.state")


def _step(item: Item, state: ItemState, actor: Actor, now: datetime, note: str) -> None:
    item.state, item.updated_at = state, now
    item.save()
    follow_step(item)
    ItemNote.objects.create(
        tenant_id=item.tenant_id,
        item=item,
        state=state,
        version=item.newest,
        text=note.strip()[:LONGEST_NOTE],
        author_id=actor.person_id,
        author_name=actor.name[:60],
        at=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.RELEASE if state == ItemState.PUBLISHED else Verb.UPDATE,
        kind="item",
        object_id=item.pk,
        now=now,
        tenant_id=item.tenant_id,
        detail={"state": state, "version": item.newest},
    )
