"""Words of the quality engine: tables as Parquet parts, rules, what came of them, profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

Scalar = str | int | float | bool
Params = Mapping[str, Scalar | Sequence[Scalar]]


class Dimension(StrEnum):
    """The seven sides of quality."""

    COMPLETE = "complete"
    UNIQUE = "unique"
    VALID = "valid"
    CONSISTENT = "consistent"
    TIMELY = "timely"
    REFERENTIAL = "referential"
    DISTRIBUTION = "distribution"


class Form(StrEnum):
    """What a rule asks; empty cells are left to ``FILLED``, every other form tests what is filled in."""

    FILLED = "filled"
    UNIQUE = "unique"
    NUMBER = "number"
    DATE = "date"
    RANGE = "range"
    LENGTH = "length"
    PATTERN = "pattern"
    AMONG = "among"
    FORMAT = "format"
    COMPARE = "compare"
    TOTAL = "total"
    WHEN = "when"
    DETERMINES = "determines"
    AGREES = "agrees"
    RECENT = "recent"
    FRESH = "fresh"
    REFERS = "refers"
    OUTLIER = "outlier"
    MEAN = "mean"
    SHARE = "share"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as Parquet files; ``row`` is the column with each row's number, unique in the table."""

    parts: tuple[Path, ...]
    row: str = "_row"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        key: The caller's name for it, unique in a run.
        columns: What it tests, in the order the form wants.
        params: What the form needs besides (``low``, ``values``, …).
        tolerance: Share of failing rows (0 to 1) up to which the rule holds.
    """

    key: str
    form: Form
    columns: tuple[str, ...]
    params: Params = field(default_factory=dict)
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one rule.

    Attributes:
        tested: Rows the rule speaks of.
        failing: Rows that break it; 0 for rules about the whole column, which hold or do not.
        holds: Whether it holds, tolerance considered.
        figures: Measured values that explain it (``mean``, ``psi``, fences).
        problem: Why it could not be asked ("" when it was): a column is missing, say.
    """

    key: str
    tested: int
    failing: int
    holds: bool
    figures: Mapping[str, float | str] = field(default_factory=dict)
    problem: str = ""

    @property
    def share(self) -> float:
        """Share of tested rows that fail."""
        return self.failing / self.tested if self.tested else 0.0


@dataclass(frozen=True, slots=True)
class Checked:
    """A run: rows of the table, outcomes in the rules' order, where the failing rows are kept."""

    rows: int
    outcomes: tuple[Outcome, ...]
    failing: Path


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds.

    Attributes:
        type: DuckDB's type.
        distinct: About how many different values (HyperLogLog; exact up to 2,000 rows).
        low, high: Least and greatest value as text; "" when empty.
        common: The commonest values with counts, only where there are at most 20 different ones.
        shapes: Share of filled cells of a known shape (``citizen_id``, ``mobile``, ``number``, ``date``, …).
    """

    name: str
    type: str
    rows: int
    missing: int
    distinct: int
    low: str
    high: str
    shortest: int
    longest: int
    mean: float | None = None
    common: tuple[tuple[str, int], ...] = ()
    shapes: Mapping[str, float] = field(default_factory=dict)
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: memory and threads of DuckDB, which spills to the working folder beyond them."""

    memory: str = "1GB"
    threads: int = 2
