"""A share's rows as columns for the analysis room: people and places as codes, no name, no number, no text."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from zhiwei.data.adapters.cubicle import Column
from zhiwei.data.rules.tables import ColumnKind, SourceRow, Value
from zhiwei.data.services.share_rows import CHUNK, Wanted
from zhiwei.engines import disclosure
from zhiwei.kernel import scope
from zhiwei.kernel.errors import ConflictError

MOST_ROWS = 2_000_000
_CODED = frozenset({ColumnKind.SCHOOL, ColumnKind.CLASS})


def shapes(asked: Wanted) -> list[disclosure.ColumnShape]:
    """Return the columns queries may name; ``person`` is always there, for counting people."""
    named = [
        disclosure.ColumnShape(name, asked.table.column(name).kind is ColumnKind.FIGURE)
        for name in asked.columns
        if asked.table.column(name).kind is not ColumnKind.PERSON
    ]
    return [disclosure.ColumnShape(disclosure.PERSON), *named]


def load(asked: Wanted, key: bytes, tenants: Collection[int]) -> list[Column]:
    """Return the rows of a share as columns; each batch is read in a transaction of its own.

    Raises:
        ConflictError: More than two million rows.
    """
    table = _Filling(asked, key)
    after: int | None = 0
    while after is not None:
        with scope.entered(tenants):
            rows, after = asked.batch(after, 10 * CHUNK)
        table.add(rows)
    return table.columns()


@dataclass
class _Filling:
    asked: Wanted
    key: bytes
    _people: list[int] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _values: list[list[Value]] = field(default_factory=list)
    _codes: dict[object, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._values = [[] for _ in self.asked.columns]

    def add(self, rows: list[SourceRow]) -> None:
        if len(self._rows) + len(rows) > MOST_ROWS:
            raise ConflictError("数据超过 200 万行，请缩小范围。", code="analysis.too_many_rows")
        for row in rows:
            self._people.append(self._number("person", row.tenant_id, row.person_id))
            self._rows.append(self._drawn(f"row:{row.ref}"))
            for column, value in zip(self._values, row.values, strict=True):
                column.append(value)

    def columns(self) -> list[Column]:
        made = [
            Column(disclosure.PERSON, "u8", np.array(self._people, dtype=np.uint64)),
            Column(disclosure.ROW, "u8", np.array(self._rows, dtype=np.uint64)),
        ]
        for name, values in zip(self.asked.columns, self._values, strict=True):
            kind = self.asked.table.column(name).kind
            if kind is ColumnKind.FIGURE:
                numbers = [float(one) if isinstance(one, int | float) else np.nan for one in values]
                made.append(Column(name, "f8", np.array(numbers, dtype=np.float64)))
            elif kind is not ColumnKind.PERSON:
                made.append(self._words(name, kind, values))
        return made

    def _words(self, name: str, kind: ColumnKind, values: list[Value]) -> Column:
        """Words by code; -1 stands for none (the last, in the child)."""
        told = {one: place for place, one in enumerate(sorted({str(v) for v in values if v is not None}))}
        codes = np.array([-1 if one is None else told[str(one)] for one in values], dtype=np.int32)
        return Column(name, "words", codes, tuple(self._word(name, kind, one) for one in told))

    def _word(self, name: str, kind: ColumnKind, word: str) -> str:
        if kind in _CODED:
            return f"{name}_{self._drawn(f'{name}:{word}'):016x}"[: len(name) + 7]
        return word[:7] if kind is ColumnKind.DATE else word

    def _number(self, *what: object) -> int:
        found = self._codes.get(what)
        if found is None:
            found = self._codes[what] = self._drawn(":".join(map(str, what)))
        return found

    def _drawn(self, what: str) -> int:
        return int.from_bytes(hmac.digest(self.key, what.encode(), hashlib.sha256)[:8], "big")
