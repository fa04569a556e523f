"""The ledger's statements: reserve before a call, settle or give back after it, exactly once.

They run on connections of their own, committed at once: neither a request's transaction nor the wait for a model
ever holds a lock on what a whole school shares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol, cast
from uuid import UUID

from zhiwei.ai.errors import BudgetError, BusyError
from zhiwei.ai.rules.pricing import Usage
from zhiwei.ai.services.shared_work import SharedWork
from zhiwei.ai.services.statements import PooledStatements
from zhiwei.ai.values import CallState, EntryKind

_HOLD = (
    "select why, which, array_to_string(warned, ',') from zhiwei_ai_hold("
    "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, "
    "%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bigint[], %s)"
)
_CLOSE = "select zhiwei_ai_close(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::bytea, %s, %s)"
HOLD_PATIENCE = 5.0
"""Seconds a new call waits for a free connection; one that ends waits longer, it must be settled."""
_FLUSH = "select pg_logical_emit_message(true, 'zhiwei.ai', '')"


class Statements(Protocol):
    """Runs one statement in a transaction of its own and returns its first row."""

    def run(self, statement: str, values: Sequence[object], patience: float = ...) -> tuple[Any, ...]:
        """Return the first row, or raise ``BusyError`` when no connection is free for so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Share:
    """A budget as one call draws on it: whose it is, which period began when."""

    owner_id: int
    budget_id: int
    subject_id: int
    begins_at: datetime
    unit: str
    soft: int
    hard: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What to reserve: at most ``micro`` yuan-millionths and ``tokens``, until ``expires_at``."""

    call: UUID
    tenant_id: int
    scope: str
    key_id: int
    person_id: int
    model_id: int
    price_id: int
    micro: int
    tokens: int
    expires_at: datetime
    key_most: int
    model_most: int
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a call ended: what it used and cost, the facts for the record, the sealed content."""

    kind: EntryKind
    micro: int
    usage: Usage
    facts: Mapping[str, object] = field(default_factory=dict)
    sealed: bytes | None = None
    key_version: int = 0
    keep_until: datetime | None = None


class Ledger:
    """Reserve, close, make durable."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._flush = SharedWork(lambda: self._statements.run(_FLUSH, []))

    def hold(self, wanted: Reservation, *, now: datetime, force: bool = False) -> list[int]:
        """Reserve; return the accounts that have passed their soft limit.

        Args:
            force: Reserve whatever the limits say (a hold the database lost in a crash is put back so).

        Raises:
            BusyError: The key or the model has as many calls under way as it may.
            BudgetError: A hard limit would be passed; nothing is reserved.
        """
        shares = sorted(wanted.shares, key=lambda one: (one.budget_id, one.subject_id, one.begins_at))
        row = self._statements.run(
            _HOLD,
            [
                wanted.scope, wanted.tenant_id, wanted.call, wanted.key_id, wanted.person_id, wanted.model_id,
                wanted.price_id, wanted.micro, wanted.tokens, now, wanted.expires_at, wanted.key_most,
                wanted.model_most, [one.owner_id for one in shares], [one.budget_id for one in shares],
                [one.subject_id for one in shares], [one.begins_at for one in shares],
                [one.unit for one in shares], [one.soft for one in shares], [one.hard for one in shares], force,
            ],
            HOLD_PATIENCE,
        )  # fmt: skip
        why, which, warned = row
        if why in {"key_busy", "model_busy"}:
            raise BusyError("同时进行的调用太多，请稍后再试。", retry_after=1)
        if why == "budget":
            words = shares[int(which) - 1].words
            raise BudgetError(f"用量已达上限{words and f'（{words}）'}。", retry_after=60)
        return [int(one) for one in warned.split(",") if one]

    def close(self, call: UUID, scope: str, closing: Closing, *, now: datetime) -> str:
        """Settle or release; returns ``done``, ``closed`` (it was before) or ``unknown`` (no hold is known)."""
        usage = closing.usage
        row = self._statements.run(
            _CLOSE,
            [
                scope, call, closing.kind, closing.micro, usage.input_tokens, usage.cached_tokens,
                usage.output_tokens, usage.pages, usage.milliseconds, usage.estimated, now,
                json.dumps(closing.facts, ensure_ascii=False), closing.sealed, closing.key_version,
                closing.keep_until,
            ],
        )  # fmt: skip
        return str(row[0])

    def flush(self) -> None:
        """Return once everything committed so far is on the disk; many callers share one write."""
        self._flush()


def lost_facts(*, purpose: str = "general") -> dict[str, object]:
    """Return the record's facts of a call whose process died."""
    return {
        "account_id": 0, "role": "", "about_id": None, "purpose": purpose, "kind": "chat", "model_name": "",
        "answered_by": "", "prompt_hash": "", "level": 2, "replaced": 0, "guards": {}, "state": CallState.LOST,
        "error": "ai.process_lost", "streamed": False, "first_ms": 0, "total_ms": 0, "attempts": 1,
    }  # fmt: skip


def sweep(ledger: Ledger, *, now: datetime) -> int:
    """Give back what calls of dead processes have reserved; returns how many. Safe to run at once in two places."""
    from zhiwei.ai.models import Hold
    from zhiwei.kernel import scope

    with scope.everywhere("release what dead processes reserved"):
        late = list(Hold.objects.filter(expires_at__lt=now).values_list("call_uuid", "scope")[:5000])
    released = Closing(EntryKind.RELEASE, 0, Usage(estimated=True), lost_facts())
    return sum(ledger.close(call, places, released, now=now) == "done" for call, places in late)


class DjangoStatements:
    """Statements on the request's own connection: for tests, whose data no other connection sees."""

    def run(self, statement: str, values: Sequence[object], patience: float = 0.0) -> tuple[Any, ...]:
        """Run in the transaction in force."""
        from django.db import connection

        del patience

        with connection.cursor() as cursor:
            cursor.execute(statement, cast("Any", values))
            row = cursor.fetchone()
        assert row is not None
        return tuple(row)


@lru_cache(maxsize=1)
def default_ledger() -> Ledger:
    """Return the process's ledger, over connections of its own."""
    from django.db import connection
    from psycopg import connect

    wanted = connection.get_connection_params()
    for name in ("context", "cursor_factory", "server_side_binding", "prepare_threshold"):
        wanted.pop(name, None)
    return Ledger(PooledStatements(lambda: connect(**wanted, autocommit=True)))


KEEP = timedelta(days=180)
"""How long contents are kept."""
