"""Reading a share: in its time, by who asked for it, only its columns and rows, disguised, every read on record."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from zhiwei.data.models import HandedDown, Share
from zhiwei.data.rules.tables import SharedColumn, SourceRow, Value
from zhiwei.data.services.disguising import Disguise, disguise_for, share_key
from zhiwei.data.services.share_rows import Wanted, wanted
from zhiwei.data.services.weighing import wanted_of
from zhiwei.data.values_sharing import ShareKind, ShareState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, scope
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

MOST_ROWS = 200
MOST_LOOKED_AT = 5_000
"""Rows looked at for one page; a page may hold fewer rows than asked when the conditions let few through."""


@dataclass(frozen=True)
class SharePage:
    """Rows of a share as its reader sees them; ``following`` is where the next page begins."""

    columns: tuple[SharedColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    following: int | None


def is_open(share: Share, now: datetime) -> bool:
    """Tell whether a share can be read now."""
    return share.state == ShareState.OPEN and share.until is not None and share.until > now


def read_share(*, actor: Actor, now: datetime, share: Share, after: int = 0, limit: int = 50) -> SharePage:
    """Return a page of one's own open share.

    Withdrawn and erased people are not there from the moment they are: rows are read anew each time.

    Raises:
        NotFoundError: It is not the actor's.
        ConflictError: It is not open, no longer open, or gives figures only.
        ForbiddenError: It shows who people are, and the actor is not in elevated mode.

    Effects:
        One audit row for the read and one for each person who was shown.
    """
    check_reader(actor, share, now)
    if share.kind != ShareKind.ROWS:
        raise ConflictError("这份共享只能在分析间中使用。", code="share.room_only")
    if share.plain:
        _check_plain(actor)
    with scope.entered({share.tenant_id, *share.tenants}):
        asked = wanted_of(share, share.tenants)
        disguise = None if share.plain else disguise_for(share, asked.table)
        rows, following = _page(asked, after, min(max(1, limit), MOST_ROWS))
        _on_record(actor, now, share.pk, "shared_row", rows, plain=share.plain)
        Share.objects.filter(pk=share.pk).update(reads=F("reads") + 1, rows_read=F("rows_read") + len(rows))
    return _shown(asked, rows, following, disguise)


def read_handed_down(
    *, actor: Actor, now: datetime, row: HandedDown, after: int = 0, limit: int = 50
) -> SharePage:
    """Return a page of what was handed down to the actor's school: that school's own rows.

    Raises:
        ConflictError: Its time is over.

    Effects:
        As :func:`read_share`.
    """
    if row.ended_at is not None or row.until <= now:
        raise ConflictError("这份下发数据已到期或已收回。", code="share.not_open")
    asked = wanted(
        table=row.table, columns=row.columns, filters=row.filters, tenants=[row.tenant_id], basis="teaching"
    )
    columns = tuple(asked.table.column(name) for name in row.columns)
    disguise = None if row.plain else _own_disguise(row, columns)
    rows, following = _page(asked, after, min(max(1, limit), MOST_ROWS))
    _on_record(actor, now, row.pk, "handed_down_row", rows, plain=row.plain)
    HandedDown.objects.filter(pk=row.pk).update(reads=F("reads") + 1)
    return _shown(asked, rows, following, disguise)


def check_reader(actor: Actor, share: Share, now: datetime) -> None:
    """Refuse anybody but who asked, and any time but the share's own.

    Raises:
        NotFoundError: Somebody else's.
        ConflictError: Not open.
    """
    require(actor, Verb.READ, "shared_row")
    if share.asked_by_id != actor.person_id or share.asked_account != actor.account_id:
        raise NotFoundError
    if not is_open(share, now):
        raise ConflictError("这份共享未获批准、已到期或已收回。", code="share.not_open")


def _check_plain(actor: Actor) -> None:
    """Originals are for elevated mode, where the policy knows it for the role."""
    with suppress(ForbiddenError):
        require(actor, Verb.READ, "shared_original", level=Level.PERSONAL)
        return
    raise ForbiddenError("查看原始身份须先进入提权模式。", code="share.needs_elevation")


def _page(asked: Wanted, after: int, limit: int) -> tuple[list[SourceRow], int | None]:
    found: list[SourceRow] = []
    looked_at, following = 0, after
    while len(found) < limit and looked_at < MOST_LOOKED_AT:
        size = min(1_000, max(limit, 100))
        rows, last = asked.batch(following, size)
        looked_at += size
        found += rows
        if len(found) > limit:
            return found[:limit], found[limit - 1].ref
        if last is None:
            return found, None
        following = last
    return found, following


def _on_record(
    actor: Actor, now: datetime, object_id: int, kind: str, rows: Sequence[SourceRow], *, plain: bool
) -> None:
    level = Level.PERSONAL if plain else Level.INTERNAL
    for tenant in sorted({row.tenant_id for row in rows}):
        people = {row.person_id for row in rows if row.tenant_id == tenant} - {actor.person_id}
        audit.record_each(
            actor=actor,
            verb=Verb.READ,
            kind=kind,
            now=now,
            about_ids=sorted(people),
            tenant_id=tenant,
            level=level,
            object_id=object_id,
            detail={"plain": plain},
        )
    if not rows:
        audit.record(actor=actor, verb=Verb.READ, kind=kind, now=now, object_id=object_id, detail={"rows": 0})


def _shown(
    asked: Wanted, rows: Sequence[SourceRow], following: int | None, disguise: Disguise | None
) -> SharePage:
    columns = tuple(asked.table.column(name) for name in asked.columns)
    told = tuple(row.values if disguise is None else disguise.row(row) for row in rows)
    return SharePage(columns, told, following)


def _own_disguise(row: HandedDown, columns: tuple[SharedColumn, ...]) -> Disguise:
    """A school knows its own circumstances: only names, numbers and texts are disguised."""
    names = sorted(kernel.names_of(row.tenant_id)) if any(one.kind == "text" for one in columns) else []
    return _Circumstanced(columns, share_key(row.tenant_id, row.secret), {}, names)


class _Circumstanced(Disguise):
    """Shows circumstances as they are."""

    def row(self, row: SourceRow) -> tuple[Value, ...]:
        return tuple(
            value if column.pointing else self._value(column, value, row)
            for column, value in zip(self.columns, row.values, strict=True)
        )
