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
        floor: the peer or simple method, measured in the same run where there is one.
        aim: what the requirement asks for.
        higher_is_better: whether ``value`` should lie above ``aim``.
    """

    section: str
    name: str
    value: float
    floor: float | None = None
    aim: float | None = None
    higher_is_better: bool = True

    @property
    def met(self) -> str:
        """``yes`` or ``no``; empty without an aim."""
        if self.aim is None:
            return ""
        return "yes" if (self.value >= self.aim) == self.higher_is_better or self.value == self.aim else "no"


def data_folder() -> Path:
    """Where the public data sets are: ZHIWEI_SHARED_DATA, or ``shared/data`` beside the repository."""
    named = os.environ.get("ZHIWEI_SHARED_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


def table(rows: Iterable[Row]) -> str:
    """The rows as text."""
    lines = [f"{'section':<12} {'figure':<58} {'value':>10} {'floor':>10} {'aim':>8}  met"]
    for row in rows:
        floor, aim = (f"{x:.4g}" if x is not None else "–" for x in (row.floor, row.aim))
        lines.append(f"{row.section:<12} {row.name:<58} {row.value:>10.4g} {floor:>10} {aim:>8}  {row.met}")
    return "\n".join(lines)


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows as JSON objects."""
    return [asdict(row) | {"met": row.met} for row in rows]
