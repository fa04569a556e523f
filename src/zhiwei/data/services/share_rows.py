"""The rows behind a share as they are kept: filtered, and only of people whose consent still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhiwei.data.rules.tables import RowFilter, SharedTable, SourceRow, tables
from zhiwei.data.values_sharing import CONSENTED
from zhiwei.kernel import api as kernel
from zhiwei.kernel.errors import NotFoundError

CHUNK = 1_000


@dataclass(frozen=True)
class Wanted:
    """Which rows of which table: ``basis`` is the purpose that pupils must have consented to, if it is one."""

    table: SharedTable
    columns: tuple[str, ...]
    filters: tuple[RowFilter, ...]
    tenants: tuple[int, ...]
    basis: str

    def batch(self, after: int, limit: int) -> tuple[list[SourceRow], int | None]:
        """Return what is left of the next ``limit`` rows, and where the next batch begins (``None`` at the end).

        Runs in the scope that is open, which must hold ``tenants``.
        """
        names = (*self.columns, *(one.column for one in self.filters if one.column not in self.columns))
        found = self.table.rows(self.tenants, names, after, limit)
        following = found[-1].ref if len(found) == limit else None
        return self._allowed(found, names), following

    def batches(self) -> Iterator[list[SourceRow]]:
        """Return all rows in batches, in the scope that is open."""
        after: int | None = 0
        while after is not None:
            rows, after = self.batch(after, CHUNK)
            yield rows

    def _allowed(self, found: Sequence[SourceRow], names: Sequence[str]) -> list[SourceRow]:
        places = {name: place for place, name in enumerate(names)}
        kept = [
            row for row in found if all(one.allows(row.values[places[one.column]]) for one in self.filters)
        ]
        people = consenting({row.person_id for row in kept}, self.basis)
        width = len(self.columns)
        return [replace(row, values=row.values[:width]) for row in kept if row.person_id in people]


def wanted(
    *,
    table: str,
    columns: Sequence[str],
    filters: Sequence[Mapping[str, Any]],
    tenants: Collection[int],
    basis: str,
) -> Wanted:
    """Return what a share or a hand-down is about.

    Raises:
        NotFoundError: The table is no longer offered.
    """
    found = tables().get(table)
    if found is None:
        raise NotFoundError
    conditions = tuple(RowFilter(one["column"], one["operator"], one["value"]) for one in filters)
    return Wanted(found, tuple(columns), conditions, tuple(sorted(tenants)), basis)


def consenting(people: set[int], basis: str) -> set[int]:
    """Return the people who may be shown on this basis."""
    return kernel.consented(people, basis) if basis in CONSENTED else people
