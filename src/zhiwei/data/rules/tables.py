"""Tables that can be shared: what columns they have, what each column is, and who reads them.

A column's kind decides what becomes of it when it is shown to somebody else: a person becomes a code, a name another
name, a date its month, a text passes the de-identification engine; see ``services.disguising``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhiwei.kernel.values import Level

Value = str | float | None


class ColumnKind(StrEnum):
    """What a column holds."""

    PERSON = "person"
    NAME = "name"
    NUMBER = "number"
    SCHOOL = "school"
    CLASS = "class"
    GRADE = "grade"
    DATE = "date"
    CODE = "code"
    FIGURE = "figure"
    TEXT = "text"


DIRECT = frozenset({ColumnKind.PERSON, ColumnKind.NAME, ColumnKind.NUMBER})
"""Kinds that name a person by themselves."""
QUASI = frozenset({ColumnKind.SCHOOL, ColumnKind.CLASS, ColumnKind.GRADE, ColumnKind.DATE})
"""Kinds that together may point to a person."""
FILTERABLE = frozenset(ColumnKind) - DIRECT - {ColumnKind.TEXT}
ANALYSABLE = frozenset(ColumnKind) - {ColumnKind.NAME, ColumnKind.NUMBER, ColumnKind.TEXT}


@dataclass(frozen=True, slots=True)
class SharedColumn:
    """A column: ``quasi`` marks codes (sex …) that together with others may point to a person."""

    name: str
    meaning: str
    kind: ColumnKind
    level: Level
    quasi: bool = False

    @property
    def pointing(self) -> bool:
        """Whether the column together with others may point to a person."""
        return self.quasi or self.kind in QUASI


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it is kept (level 3): whose it is, and the values of the columns asked for, in their order."""

    ref: int
    tenant_id: int
    person_id: int
    values: tuple[Value, ...]


RowReader = Callable[[Collection[int], Sequence[str], int, int], Sequence[SourceRow]]
"""``(tenants, columns, after, limit)``: rows with ``ref`` above ``after`` by ``ref``, in the scope that is open."""


@dataclass(frozen=True)
class SharedTable:
    """A table that rooms offer for sharing.

    Attributes:
        key: Stable dotted key (``assessment.judged_answers``).
        query_name: Its name in the analysis room (``answers``).
    """

    key: str
    query_name: str
    meaning: str
    columns: tuple[SharedColumn, ...]
    rows: RowReader

    def column(self, name: str) -> SharedColumn:
        """Return one column.

        Raises:
            KeyError: There is none of this name.
        """
        return self.by_name()[name]

    def by_name(self) -> Mapping[str, SharedColumn]:
        """Return the columns by name."""
        return {one.name: one for one in self.columns}


_TABLES: dict[str, SharedTable] = {}


def register_table(table: SharedTable) -> None:
    """Offer a table for sharing.

    Raises:
        ValueError: The key or the query name is taken.
    """
    taken = {one.query_name for one in _TABLES.values()}
    if table.key in _TABLES or table.query_name in taken:
        raise ValueError(f"shared table registered twice: {table.key}")
    _TABLES[table.key] = table


def tables() -> dict[str, SharedTable]:
    """Return the tables that can be shared, by key."""
    return {key: _TABLES[key] for key in sorted(_TABLES)}


OPERATORS = ("eq", "ne", "ge", "le")


@dataclass(frozen=True, slots=True)
class RowFilter:
    """One condition on rows: ``ge`` and ``le`` compare figures as numbers and all else as text."""

    column: str
    operator: str
    value: str

    def allows(self, value: Value) -> bool:
        """Tell whether a row with this value stays."""
        if value is None:
            return self.operator == "ne"
        if isinstance(value, float | int):
            try:
                wanted = float(self.value)
            except ValueError:
                return False
            return _compared(self.operator, float(value), wanted)
        return _compared(self.operator, str(value), self.value)


def _compared(operator: str, have: float | str, want: float | str) -> bool:
    if operator == "eq":
        return have == want
    if operator == "ne":
        return have != want
    if isinstance(have, str) or isinstance(want, str):
        return str(have) >= str(want) if operator == "ge" else str(have) <= str(want)
    return have >= want if operator == "ge" else have <= want
