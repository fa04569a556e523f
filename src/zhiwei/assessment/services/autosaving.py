"""Keeping what pupils type: several answers in one statement, safe to repeat, told when devices disagree.

Two thousand pupils save at once, so the usual way through the tables one by one is left out here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from zhiwei.assessment.errors import HandedInError, NotOpenError
from zhiwei.assessment.values import Change, Saved, SittingState
from zhiwei.kernel import scope
from zhiwei.kernel.errors import InvalidInputError, NotFoundError

MAX_VALUE_CHARS = 60_000
MAX_CHANGES = 100
ANSWER_KEYS = frozenset({"text", "value", "steps"})
SLACK = timedelta(minutes=2)
"""How long after the end what was still on its way is taken."""

# The sitting's key lock makes a save wait for a hand-in under way (and the other way round). "before" is what the
# row held when the statement began.
_SAVE = """
with sheet as (
  select id, tenant_id, work_id, state, due_at,
    (select expire_date from django_session where session_key = %(session)s and expire_date > %(now)s) as session_ends
  from assessment_sitting where id = %(sitting)s for key share
), wanted as (
  select question.id as item_id, change.* from sheet
  join jsonb_to_recordset(%(changes)s::jsonb)
    as change(item uuid, value jsonb, sequence bigint, base bigint) on true
  join assessment_workitem question on question.uuid = change.item and question.work_id = sheet.work_id
), kept as (
  insert into assessment_response as held (
    tenant_id, uuid, sitting_id, item_id, value, files, sequence, device, saved_at, state,
    group_key, order_key, version, is_problem, is_exemplar)
  select sheet.tenant_id, gen_random_uuid(), sheet.id, wanted.item_id, wanted.value, '[]', wanted.sequence,
    %(device)s, %(now)s, 'waiting', '', ((sheet.id * 2654435761) # (wanted.item_id * 40503)) %% 2147483647,
    0, false, false
  from sheet, wanted
  where (%(session)s = '' or sheet.session_ends is not null) and (select count(*) from wanted) = %(asked)s
  and sheet.state = 'answering' and (sheet.due_at is null or sheet.due_at >= %(earliest_due)s)
  on conflict (sitting_id, item_id) do update
    set value = excluded.value, sequence = excluded.sequence, device = excluded.device, saved_at = excluded.saved_at
    where held.sequence < excluded.sequence and (
      held.device = excluded.device or held.sequence = 0 or exists (
        select 1 from wanted where wanted.item_id = excluded.item_id
        and (wanted.base is null or wanted.base = held.sequence)))
  returning item_id
)
select sheet.session_ends, sheet.tenant_id, sheet.state, sheet.due_at, wanted.item::text, kept.item_id is not null,
  before.sequence, before.device, before.value::text, before.saved_at
from sheet left join wanted on true left join kept on kept.item_id = wanted.item_id
left join assessment_response before on before.sitting_id = sheet.id and before.item_id = wanted.item_id
"""
_HELD = """
select held.sequence, held.device, held.value::text, held.saved_at from assessment_response held
join assessment_workitem question on question.id = held.item_id
where held.sitting_id = %s and question.uuid = %s
"""


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What a save at the door did: one ``Saved`` a change, in order; and when the session ends if not used."""

    saved: list[Saved]
    session_ends: datetime


def save_changes(
    *, now: datetime, sitting_id: int, changes: Sequence[Change], device: str = "", grace: int = 0
) -> list[Saved]:
    """Keep several answers of one sitting; one statement, whatever their number.

    Safe to repeat: the same sequence again changes nothing, an older one never overwrites a newer one. What another
    device saved meanwhile is answered as ``conflict`` with its value, and nothing is overwritten.

    Args:
        grace: Minutes after the due time during which the work still takes answers.

    Returns:
        One ``Saved`` a change, in order.

    Raises:
        HandedInError: The sitting was handed in.
        NotOpenError: The time, grace included, is over.
        InvalidInputError: Not answers, too long or too many; nothing is kept.
        NotFoundError: No such sitting in scope, or a question is not of its work; nothing is kept.
    """
    parameters = _parameters(now, sitting_id, changes, device[:40], grace)
    connection.ensure_connection()
    connection.connection.prepare_threshold = 1
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        # planned once a connection instead of at every save, which is half of its work
        rows = list(cursor.execute(_SAVE.encode(), parameters, prepare=True).fetchall())
    return _outcome(rows, now, sitting_id, changes, device[:40], grace)


def save_at_the_door(
    *,
    tenant_id: int,
    session_key: str,
    now: datetime,
    sitting_id: int,
    changes: Sequence[Change],
    device: str = "",
    grace: int = 0,
) -> AtTheDoor | None:
    """Do as ``save_changes`` does, in a transaction of its own and one journey to the database.

    Args:
        tenant_id: In whose scope.
        session_key: Of the session that asks; the statement sees whether it is alive.

    Returns:
        What was saved and when the session ends; ``None`` when there is no living session and nothing was kept.

    Raises:
        ZhiweiError: As ``save_changes``.
    """
    if not session_key:
        return None
    parameters = _parameters(now, sitting_id, changes, device[:40], grace) | {"session": session_key}
    with scope.one_trip([tenant_id]) as held:
        cursor = psycopg.Cursor(held).execute(_SAVE.encode(), parameters, prepare=True)
    rows = list(cursor.fetchall())
    ends = rows[0][0] if rows else now
    if ends is None:
        return None
    return AtTheDoor(_outcome(rows, now, sitting_id, changes, device[:40], grace), ends)


def _outcome(
    rows: Sequence[tuple[Any, ...]],
    now: datetime,
    sitting_id: int,
    changes: Sequence[Change],
    device: str,
    grace: int,
) -> list[Saved]:
    """What the statement's rows say of each change, or why nothing was kept."""
    if not rows:
        raise NotFoundError
    _ends, tenant_id, state, due_at = rows[0][:4]
    if state != SittingState.ANSWERING:
        raise HandedInError("已经交卷，不能再修改。")
    if due_at is not None and now > due_at + timedelta(minutes=grace) + SLACK:
        raise NotOpenError("截止时间已过，不能再修改。已保存的内容都在。")
    by_item = {row[4]: row[5:] for row in rows}
    if any(change.item_uuid not in by_item for change in changes):
        raise NotFoundError
    told = []
    for change in changes:
        row = by_item[change.item_uuid]
        if not row[0] and (row[1] is None or row[1] < change.sequence):
            # it was the other device's save, made while this statement ran, that stood in the way
            row = (False, *_held(tenant_id, sitting_id, change.item_uuid))
        told.append(_told(change, row, device, now))
    return told


def reading_order(sitting_id: int, item_id: int) -> int:
    """Return the stable pseudo-random place of a response on the desk: another for each question."""
    return (sitting_id * 2_654_435_761 ^ item_id * 40_503) % 2_147_483_647


def check_value(value: Mapping[str, Any]) -> None:
    """Refuse what is no answer.

    Raises:
        InvalidInputError: Other keys than an answer's, or too long.
    """
    if not isinstance(value, Mapping) or not set(value) <= ANSWER_KEYS:
        raise InvalidInputError("作答内容的格式不对。", code="response.shape")
    try:
        text = json.dumps(dict(value), ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        raise InvalidInputError("作答内容的格式不对。", code="response.shape") from None
    if len(text) > MAX_VALUE_CHARS:
        raise InvalidInputError("作答内容太长。", code="response.too_long")
    if "\\u0000" in text.replace("\\\\", ""):
        raise InvalidInputError("作答内容的格式不对。", code="response.shape")


def _parameters(
    now: datetime, sitting_id: int, changes: Sequence[Change], device: str, grace: int
) -> dict[str, int | str | datetime]:
    if not changes or len(changes) > MAX_CHANGES or len({one.item_uuid for one in changes}) != len(changes):
        raise InvalidInputError("作答内容的格式不对。", code="response.shape")
    return {
        "sitting": sitting_id,
        "session": "",
        "asked": len(changes),
        "changes": json.dumps([_as_json(one) for one in changes]),
        "device": device,
        "now": now,
        "earliest_due": now - timedelta(minutes=grace) - SLACK,
    }


def _as_json(change: Change) -> dict[str, object]:
    check_value(change.value)
    if not 0 < change.sequence < 2**53:
        raise InvalidInputError("作答内容的格式不对。", code="response.shape")
    try:
        item = str(UUID(change.item_uuid))
    except ValueError:
        raise NotFoundError from None
    return {"item": item, "value": dict(change.value), "sequence": change.sequence, "base": change.base}


def _told(change: Change, row: tuple[Any, ...], device: str, now: datetime) -> Saved:
    kept, sequence, held_device, value, saved_at = row
    if kept:
        return Saved(change.sequence, now.isoformat())
    if sequence == change.sequence or held_device == device:
        return Saved(sequence, saved_at.isoformat())
    return Saved(sequence, saved_at.isoformat(), conflict=True, value=json.loads(value))


def _held(tenant_id: int, sitting_id: int, item_uuid: str) -> tuple[Any, ...]:
    with scope.entered([tenant_id]), connection.cursor() as cursor:
        cursor.execute(_HELD, [sitting_id, item_uuid])
        row: tuple[Any, ...] = cursor.fetchone()
    return row
