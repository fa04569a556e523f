"""The answer as it is shown: columns and rows of safe figures, rounded to what the noise leaves meaningful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10, sqrt

from zhiwei.engines.disclosure.cells import Cell, Figure, Measured
from zhiwei.engines.disclosure.protect import Earlier, Protection, protect
from zhiwei.engines.disclosure.query import Kind, Output, Query

Value = str | float | None


@dataclass(frozen=True)
class Result:
    """What leaves.

    Attributes:
        rows: Values by row; ``None`` stands for a figure with too few people behind it.
        people: About how many people stand behind each row.
        left_out: Whether groups were left out as too small (not how many).
        new: Figures told for the first time, to be remembered and counted.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    people: tuple[int, ...]
    left_out: bool
    new: tuple[Earlier, ...]


def present(query: Query, cells: Sequence[Cell], how: Protection, earlier: Sequence[Earlier]) -> Result:
    """Make every group safe, then order and cut what is left."""
    known = list(earlier)
    told = len(known)
    rows: list[tuple[tuple[Value, ...], int]] = []
    for cell in cells:
        if cell.people < how.k:
            continue
        figures = [_remembered(one, how, known) for one in cell.figures]
        if figures[0] is None:
            continue
        values = tuple(_value(one, cell, figures) for one in query.outputs)
        rows.append((values, int(figures[0].people)))
    for place, falling in reversed(query.order):
        rows.sort(key=lambda row, at=place: _rank(row[0][at]), reverse=falling)  # type: ignore[misc]
    left_out = len(rows) < len(cells)
    shown = rows[: query.limit]
    return Result(
        tuple(one.name for one in query.outputs),
        tuple(values for values, _people in shown),
        tuple(people for _values, people in shown),
        left_out,
        tuple(known[told:]),
    )


def _remembered(measured: Measured, how: Protection, known: list[Earlier]) -> Figure | None:
    figure = protect(measured, how, known)
    if figure is not None and not figure.earlier:
        known.append(Earlier(measured.sketch, figure))
    return figure


def _value(output: Output, cell: Cell, figures: Sequence[Figure | None]) -> Value:
    if output.kind is Kind.GROUP:
        return cell.values[output.place]
    figure = figures[output.place]
    if figure is None:
        return None
    if output.kind is Kind.PERSONS:
        return figure.people
    if output.kind is Kind.COUNT:
        return figure.rows
    if output.kind is Kind.SUM:
        return _rounded(figure.total, figure.scale)
    return _moment(output.kind, figure)


def _moment(kind: Kind, figure: Figure) -> Value:
    if figure.rows < 2:
        return None
    mean = figure.total / figure.rows
    if kind is Kind.AVG:
        return _rounded(mean, figure.scale / figure.rows)
    variance = max(0.0, figure.squares / figure.rows - mean * mean) * figure.rows / (figure.rows - 1)
    spread = figure.scale / figure.rows
    return _rounded(sqrt(variance) if kind is Kind.STDDEV else variance, spread)


def _rounded(value: float, scale: float) -> float:
    """Keep one digit below the size of the noise."""
    digits = 6 if scale <= 0 else min(6, 1 - floor(log10(scale)))
    return round(value, digits)


def _rank(value: Value) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    return (2, 0.0, value) if isinstance(value, str) else (1, float(value), "")
