"""What a roster says: people with their places, and what cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from datetime import date
from enum import StrEnum


class RosterFormat(StrEnum):
    """Where a roster comes from."""

    SHEET = "sheet"
    CSV = "csv"
    ONEROSTER_11 = "oneroster-1.1"
    ONEROSTER_12 = "oneroster-1.2"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked before and while reading.

    Attributes:
        file_bytes: Size of the file as it comes.
        unpacked_bytes: Size of all members of a package together, unpacked.
        members: Number of members of a package.
        ratio: Unpacked size over packed size of one member larger than 1 MiB.
        rows: Rows of a sheet or table.
        columns: Columns of a sheet.
        cell_characters: Characters of a cell.
    """

    file_bytes: int = 40 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024
    members: int = 2000
    ratio: int = 200
    rows: int = 300_000
    columns: int = 200
    cell_characters: int = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be used, at the place the user knows it by; words for ``code`` are the caller's.

    Attributes:
        code: What is wrong (``number_precision``, ``date``, …).
        row: Row of the sheet or line of the table, 1-based with its headings; 0 for the whole file.
        field: Column heading as it stands in the file.
        sheet: Sheet or member name.
        facts: What the sentence needs: the value found, a limit, the other row.
    """

    code: str
    row: int = 0
    field: str = ""
    sheet: str = ""
    facts: Mapping[str, str] = part(default_factory=dict)


class UnusableRosterError(Exception):
    """The file as a whole cannot be used; ``problem`` says why."""

    def __init__(self, code: str, *, sheet: str = "", row: int = 0, field: str = "", **facts: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, row, field, sheet, {name: str(value) for name, value in facts.items()})


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class as the roster names it: ``key`` is its source key or, without one, its name."""

    key: str
    name: str
    grade: int | None = None
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a class, or with ``place=None`` in the school; dates only where the roster gives them."""

    role: str
    place: ClassRef | None = None
    subject: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian as named beside a pupil; ``source_key`` stays the same at the next import."""

    source_key: str
    name: str
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the roster. ``None`` means the roster does not say, so nothing is changed.

    Attributes:
        kind: ``pupil`` or ``staff``.
        source_key: Identifier at the source; "" when it has none.
        number: Pupil or staff number; "" when it has none.
        sex: GB/T 2261.1 code ("1" male, "2" female, "9" not said).
    """

    kind: str
    sheet: str
    row: int
    name: str
    source_key: str = ""
    number: str = ""
    sex: str | None = None
    birth_on: date | None = None
    phone: str | None = None
    posts: tuple[Post, ...] = ()
    guardians: tuple[Guardian, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """An opened roster: ``lines`` may be walked again and again and gives the same each time."""

    format: RosterFormat
    lines: Callable[[], Iterator[Entry | Problem]]
    tables: tuple[str, ...]
    left_out: Mapping[str, int] = part(default_factory=dict)
