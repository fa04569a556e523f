"""Writing many items at once: the starter bank and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhiwei.curriculum.models import Item, ItemVersion
from zhiwei.curriculum.rules import contents
from zhiwei.curriculum.services.indexing import index_items
from zhiwei.curriculum.services.items import describe, new_version, save_item
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.engines.judging import ItemError
from zhiwei.kernel import audit
from zhiwei.kernel.values import Actor, Problem, Verb

BATCH = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a bulk write.

    Attributes:
        problems: Items that could not be taken, by their row from 1.
    """

    new: int
    changed: int
    same: int
    problems: tuple[Problem, ...] = ()


def write_items(
    *,
    actor: Actor,
    now: datetime,
    tenant_id: int,
    items: Sequence[Mapping[str, Any]],
    audience: Audience = Audience.SCHOOL,
    publish: bool = False,
) -> Written:
    """Write items by their own ``id`` as key; what is there with the same content stays, changed gets a version.

    Effects:
        One audit row for all new items and one for each changed one.

    Cost:
        About eight queries for each 500 new items.
    """
    sound, problems = _sound(items)
    known = _known(tenant_id, [str(one.get("id", "")) for _row, one in sound])
    fresh = [(row, one) for row, one in sound if str(one.get("id", "")) not in known]
    digests = [(one, known[str(one["id"])]) for _row, one in sound if str(one.get("id", "")) in known]
    changed = [one for one, last in digests if contents.digest(one) != last]
    for one in changed:
        save_item(actor=actor, now=now, tenant_id=tenant_id, content=one, key=str(one["id"]), publish=publish)
    for start in range(0, len(fresh), BATCH):
        chunk = [one for _row, one in fresh[start : start + BATCH]]
        _create(chunk, actor=actor, now=now, tenant_id=tenant_id, audience=audience, publish=publish)
    if fresh:
        audit.record(
            actor=actor,
            verb=Verb.IMPORT,
            kind="item",
            now=now,
            tenant_id=tenant_id,
            detail={"new": len(fresh), "changed": len(changed), "published": publish},
        )
    return Written(len(fresh), len(changed), len(digests) - len(changed), tuple(problems))


def _create(
    chunk: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    now: datetime,
    tenant_id: int,
    audience: Audience,
    publish: bool,
) -> None:
    rows = []
    for content in chunk:
        row = Item(tenant_id=tenant_id, key=str(content.get("id", ""))[:120], audience=audience)
        row.author_id, row.newest = actor.person_id, 1
        if publish:
            row.state, row.version = ItemState.PUBLISHED, 1
        describe(row, contents.facts_of(content), now)
        rows.append(row)
    Item.objects.bulk_create(rows)
    ItemVersion.objects.bulk_create(
        [new_version(row, content, actor, now) for row, content in zip(rows, chunk, strict=True)]
    )
    index_items(rows)


def _sound(
    items: Sequence[Mapping[str, Any]],
) -> tuple[list[tuple[int, Mapping[str, Any]]], list[Problem]]:
    """Part the items that can be judged from the others; a key given twice is taken once."""
    sound = list[tuple[int, Mapping[str, Any]]]()
    problems, seen = list[Problem](), set[str]()
    for row, one in enumerate(items, start=1):
        key = str(one.get("id", ""))
        try:
            if key and key in seen:
                raise ItemError(f"item: id: '{key}' stands twice")
            sound.append((row, contents.checked(one)))
            seen.add(key)
        except ItemError as error:
            problems.append(Problem("item.invalid", str(error), row=row))
    return sound, problems


def _known(tenant_id: int, keys: Sequence[str]) -> dict[str, str]:
    """Return the digests of the newest versions by key."""
    wanted = [key for key in keys if key]
    rows = Item.objects.filter(tenant_id=tenant_id, key__in=wanted)
    newest = {row.pk: (row.key, row.newest) for row in rows}
    versions = ItemVersion.objects.filter(item_id__in=newest).values_list("item_id", "number", "content_hash")
    return {newest[pk][0]: value for pk, number, value in versions if newest[pk][1] == number}
