"""What becomes of a row before somebody else sees it: one key a share, one rule a kind of column."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from zhiwei.data.models import Share
from zhiwei.data.rules.tables import ColumnKind, SharedColumn, SharedTable, SourceRow, Value
from zhiwei.data.services.deidentifying import Deidentifier
from zhiwei.engines import corpora as engine
from zhiwei.engines import privacy
from zhiwei.kernel import api as kernel
from zhiwei.kernel import keys

HIDDEN = "*"


def share_key(tenant_id: int, secret: str) -> bytes:
    """Return the key of a share's pseudonyms: it needs the share's own secret and the tenant's key."""
    return hmac.new(keys.derived_for(tenant_id, "share"), secret.encode(), hashlib.sha256).digest()


def pointing_facts(columns: Sequence[SharedColumn], row: SourceRow) -> tuple[str, ...]:
    """Return what of a row may together point to a person, dates as months."""
    return tuple(
        _month(value) if one.kind is ColumnKind.DATE else "" if value is None else _plain(value)
        for one, value in zip(columns, row.values, strict=True)
        if one.pointing
    )


@dataclass
class Disguise:
    """Shows rows of one share to somebody who may not know whose they are."""

    columns: Sequence[SharedColumn]
    key: bytes
    told: Mapping[tuple[str, ...], Sequence[str]]
    names: Sequence[str]
    _pseudonyms: privacy.Pseudonyms = field(init=False)

    def __post_init__(self) -> None:
        self._pseudonyms = privacy.Pseudonyms(self.key)

    def row(self, row: SourceRow) -> tuple[Value, ...]:
        """Return the row as it may be seen."""
        facts = pointing_facts(self.columns, row)
        coarse = iter(self.told.get(facts) or [HIDDEN] * len(facts))
        return tuple(
            next(coarse) if one.pointing else self._value(one, value, row)
            for one, value in zip(self.columns, row.values, strict=True)
        )

    def _value(self, column: SharedColumn, value: Value, row: SourceRow) -> Value:
        if column.kind is ColumnKind.PERSON:
            return engine.public_id("p", self.key, row.tenant_id, row.person_id)
        if value is None or column.kind is ColumnKind.FIGURE:
            return value
        text = str(value)
        if column.kind is ColumnKind.NAME:
            return privacy.replace_value("name", text, "pseudonym", self._pseudonyms)
        if column.kind is ColumnKind.NUMBER:
            return privacy.replace_value("student_number", text, "pseudonym", self._pseudonyms)
        return self._text(text) if column.kind is ColumnKind.TEXT else text

    def _text(self, text: str) -> str:
        return _cleaner(self.key, tuple(self.names))(text)


@lru_cache(maxsize=4)
def _cleaner(key: bytes, names: tuple[str, ...]) -> Callable[[str], str]:
    """Kept for a while in this process: preparing a roster costs more than a page of rows."""
    return Deidentifier(names, key).text


def disguise_for(share: Share, table: SharedTable) -> Disguise:
    """Return how a share's rows are shown; in the scope of its tenants."""
    columns = tuple(table.column(name) for name in share.columns)
    needs_names = any(one.kind is ColumnKind.TEXT for one in columns)
    names = {name for tenant in share.tenants for name in kernel.names_of(tenant)} if needs_names else ()
    told = {tuple(facts): words for facts, words in share.coarse.get("told", [])}
    return Disguise(columns, share_key(share.tenant_id, share.secret), told, sorted(names))


def _month(value: Value) -> str:
    return "" if value is None else str(value)[:7]


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
