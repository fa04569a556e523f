"""Names and values in SQL: everything that comes from people passes here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zhiwei.engines.quality.values import Table

BLANKS = " \t\r\n\u00a0\u3000"
TEXT = "VARCHAR"
DAYS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"})
NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER", "FLOAT", "DOUBLE"}
)


def name(identifier: str) -> str:
    """Return a column or table name as an identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | float) -> str:
    """Return text or a number as a literal."""
    if isinstance(value, str):
        return "'" + value.replace("\0", "").replace("'", "''") + "'"
    return repr(int(value)) if isinstance(value, bool) or float(value).is_integer() else repr(float(value))


def texts(values: Iterable[object]) -> str:
    """Return values as a list of text literals in brackets."""
    return "(" + ", ".join(literal(str(one)) for one in values) + ")"


def files(parts: Iterable[Path]) -> str:
    """Return Parquet files as one relation."""
    return "read_parquet([" + ", ".join(literal(str(one)) for one in parts) + "])"


class Column:
    """A column in expressions over ``source``, by what it is wanted as; ``ragged`` until known to need no trimming.

    Text has no blanks around it there and null where it is empty; everything else is taken by casting.
    """

    def __init__(self, identifier: str, type: str) -> None:  # noqa: A002
        self.title, self.type, self.plain = identifier, type, name(identifier)
        self.ragged = True
        self.body = name(f"{identifier} as a number of 17 digits")

    @property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return self.type == TEXT

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type in NUMBERS or self.type.startswith("DECIMAL")

    @property
    def filled(self) -> str:
        """Whether a cell holds more than blanks."""
        return f"({self.plain} is not null)"

    @property
    def text(self) -> str:
        """The cell as text."""
        return self.plain if self.is_text else f"{self.plain}::varchar"

    @property
    def number(self) -> str:
        """The cell as a number; null when it is none."""
        return f"{self.plain}::double" if self.is_number else f"try_cast({self.text} as double)"

    @property
    def day(self) -> str:
        """The cell as a day; null when it is none."""
        return f"{self.plain}::date" if self.type in DAYS else f"try_cast({self.text} as date)"

    @property
    def moment(self) -> str:
        """The cell as a point in time; null when it is none."""
        if self.type in DAYS:
            return f"{self.plain}::timestamp"
        return f"try_cast({self.text} as timestamp)"

    @property
    def edged(self) -> str:
        """Whether a cell as it lies in the file is empty or has blanks around it."""
        first = f"{self.plain} < '!' or left({self.plain}, 1) in {texts(BLANKS[-2:])}"
        return f"({first} or right({self.plain}, 1) in {texts(BLANKS)})"

    @property
    def cleaned(self) -> str:
        """The cell as ``source`` gives it; only columns known to need it are trimmed, which is slow."""
        if not (self.is_text and self.ragged):
            return self.plain
        return f"nullif(trim({self.plain}, {literal(BLANKS)}), '') as {self.plain}"

    @property
    def leading(self) -> str:
        """The first 17 digits as a number, which citizen ids are computed with; read once for all rules."""
        return f"try_cast(substr({self.text}, 1, 17) as bigint) as {self.body}"


def source(table: Table, columns: Iterable[Column]) -> str:
    """Return a table with these columns cleaned, as a relation; what nothing asks for costs nothing."""
    chosen = list({one.plain: one for one in columns}.values())
    cleaned = ", ".join([name(table.row), *(one.cleaned for one in chosen)])
    leading = ", ".join(["*", *(one.leading for one in chosen)])
    return f"(select {leading} from (select {cleaned} from {files(table.parts)}))"
