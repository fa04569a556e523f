"""Rules that a profile suggests: what holds for (nearly) all rows now and should go on holding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from zhiwei.engines.quality.sql import DAYS
from zhiwei.engines.quality.values import ColumnProfile, Form, Rule

_NEARLY = 0.95
_ENOUGH = 20
_FEWEST_PER_VALUE = 5
_FEW_NUMBERS = 10
_TENTHS = 9
"""Edges of ten bins; columns with ties have fewer, and their drift would be told wrongly."""


def suggest_rules(profiles: Sequence[ColumnProfile]) -> list[Rule]:
    """Return suggested rules, column by column; a person chooses among them.

    Of a table with fewer than 20 rows only what is filled is suggested.
    """
    found = [rule for one in profiles for rule in _of_column(one)]
    return [replace(rule, key=f"s{place}") for place, rule in enumerate(found)]


def _of_column(one: ColumnProfile) -> Iterator[Rule]:
    filled = one.rows - one.missing
    if not filled:
        return
    share = one.missing / one.rows
    if share <= 1 - _NEARLY:
        yield Rule("", Form.FILLED, (one.name,), tolerance=_spared(1 - share))
    if filled < _ENOUGH:
        return
    if not one.missing and one.distinct >= one.rows * 0.98 and "DOUBLE" not in one.type:
        yield Rule("", Form.UNIQUE, (one.name,))
    yield from _of_values(one, filled)


def _of_values(one: ColumnProfile, filled: int) -> Iterator[Rule]:
    if one.type in DAYS:
        yield Rule("", Form.RECENT, (one.name,), {"days": 365 * 100, "ahead": 0})
    elif one.type == "VARCHAR":
        yield from _of_text(one, filled)
    elif one.edges:
        yield from _of_numbers(one)


def _of_text(one: ColumnProfile, filled: int) -> Iterator[Rule]:
    for shape in ("citizen_id", "mobile", "email"):
        if one.shapes.get(shape, 0) >= _NEARLY:
            yield Rule("", Form.FORMAT, (one.name,), {"format": shape})
            return
    if one.common and filled >= _FEWEST_PER_VALUE * len(one.common):
        yield Rule("", Form.AMONG, (one.name,), {"values": tuple(value for value, _many in one.common)})
    elif one.shapes.get("number", 0) >= _NEARLY:
        yield Rule("", Form.NUMBER, (one.name,), tolerance=_spared(one.shapes["number"]))
    elif one.shapes.get("date", 0) >= _NEARLY:
        yield Rule("", Form.DATE, (one.name,), tolerance=_spared(one.shapes["date"]))
    elif one.shortest == one.longest:
        yield Rule("", Form.LENGTH, (one.name,), {"low": one.shortest, "high": one.longest})


def _of_numbers(one: ColumnProfile) -> Iterator[Rule]:
    if float(one.low) >= 0 and one.distinct > _FEW_NUMBERS:
        yield Rule("", Form.RANGE, (one.name,), {"low": 0, "high": _round_up(float(one.high))})
        yield Rule("", Form.OUTLIER, (one.name,), tolerance=1 - _NEARLY)
    if len(one.edges) == _TENTHS:
        shares = (1 / (_TENTHS + 1),) * (_TENTHS + 1)
        yield Rule("", Form.DRIFT, (one.name,), {"edges": one.edges, "shares": shares})


def _spared(share: float) -> float:
    """Return the tolerance for a shape that nearly all cells have."""
    return 0.0 if share == 1 else round(1 - _NEARLY, 4)


def _round_up(value: float) -> float:
    """Return the next round bound: 100 for 97, 150 for 143."""
    for bound in (1, 5, 10, 12, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 150, 200, 300, 500, 1000):
        if value <= bound:
            return bound
    return float(10 ** len(str(int(value))))
