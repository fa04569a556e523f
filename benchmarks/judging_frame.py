"""What a section of the judging benchmark gives to the table."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


class MissingDataError(Exception):
    """A data set is not there; the message says where to get it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure.

    Attributes:
        section, name: what was measured, on what.
        value: the figure.
        floor: what a simple method reached on the same files, or None.
        aim: what the requirement asks for, or None.
        higher_is_better: whether ``value`` should lie above floor and aim.
        peer: a simple method measured in this very run, or None.
    """

    section: str
    name: str
    value: float
    floor: float | None = None
    aim: float | None = None
    higher_is_better: bool = True
    peer: float | None = None

    @property
    def met(self) -> str:
        """``aim``, ``floor``, ``no`` (below the floor, or below an aim without floor), or empty."""
        for name, bound in (("aim", self.aim), ("floor", self.floor)):
            if bound is not None and (self.value == bound or (self.value > bound) == self.higher_is_better):
                return name
        return "" if self.aim is None and self.floor is None else "no"


def data_folder() -> Path:
    """Where the public data sets are: ZHIWEI_SHARED_DATA, or ``shared/data`` beside the repository."""
    named = os.environ.get("ZHIWEI_SHARED_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


def table(rows: Iterable[Row]) -> str:
    """The rows as text."""
    lines = [f"{'section':<12} {'figure':<62} {'value':>8} {'peer':>8} {'floor':>8} {'aim':>8}  met"]
    for row in rows:
        shown = (f"{x:.4g}" if x is not None else "–" for x in (row.peer, row.floor, row.aim))
        cells = " ".join(f"{cell:>8}" for cell in shown)
        lines.append(f"{row.section:<12} {row.name:<62} {row.value:>8.4g} {cells}  {row.met}")
    return "\n".join(lines)


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows as JSON objects."""
    return [asdict(row) | {"met": row.met} for row in rows]
