"""Growing flat tables: the whole state of a log under way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing import layout
from zhiwei.engines.tracing.layout import TracingSettings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _rows(count: int, columns: int, **start: float) -> Floats:
    rows = np.zeros((count, columns))
    for column, value in start.items():
        rows[:, getattr(layout, column)] = value
    return rows


def fresh_pupils(count: int, settings: TracingSettings) -> Floats:
    """Return rows of pupils nobody knows yet."""
    rows = _rows(
        count, layout.PUPIL_COLUMNS, P_VAR=settings.pupil_var, P_AT=np.nan, P_ITEM=np.nan, P_SET=-1.0
    )
    rows[:, layout.P_LAST1 : layout.P_LAST3 + 1] = -1.0
    return rows


def fresh_items(count: int, settings: TracingSettings) -> Floats:
    """Return rows of items nobody has answered yet."""
    return _rows(count, layout.ITEM_COLUMNS, I_VAR=settings.item_var)


def fresh_points(count: int, settings: TracingSettings) -> Floats:
    """Return rows of knowledge points nobody has practised yet."""
    return _rows(count, layout.ITEM_COLUMNS, I_VAR=settings.point_var)


@dataclass(slots=True)
class KeyedTable:
    """Rows found by an integer key: open addressing, capacity a power of two, load at most one half."""

    columns: int
    keys: Integers = field(default_factory=lambda: np.full(1024, -1, np.int64))
    values: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    bound: int = 0

    def __post_init__(self) -> None:
        if not len(self.values):
            self.values = np.zeros((len(self.keys), self.columns))

    def reserve(self, more: int) -> None:
        """Make room for up to ``more`` new keys."""
        if 2 * (self.bound + more) <= len(self.keys):
            self.bound += more
            return
        from zhiwei.engines.tracing.compiled import move

        used = int(np.count_nonzero(self.keys != -1))
        capacity = len(self.keys)
        while capacity < 2 * (used + more):
            capacity *= 2
        if capacity > len(self.keys):
            keys, values = np.full(capacity, -1, np.int64), np.zeros((capacity, self.columns))
            move(self.keys, self.values, keys, values)
            self.keys, self.values = keys, values
        self.bound = used + more


@dataclass(slots=True)
class Tables:
    """The state of a log: pupils, pupil × point, pupil × item, items, points."""

    settings: TracingSettings
    pupils: Floats = field(init=False)
    items: Floats = field(init=False)
    points: Floats = field(init=False)
    pairs: KeyedTable = field(default_factory=lambda: KeyedTable(layout.PAIR_COLUMNS))
    repeats: KeyedTable = field(default_factory=lambda: KeyedTable(layout.REPEAT_COLUMNS))

    def __post_init__(self) -> None:
        self.pupils = fresh_pupils(0, self.settings)
        self.items = fresh_items(0, self.settings)
        self.points = fresh_points(0, self.settings)

    def grow(self, pupils: int, items: int, points: int) -> None:
        """Make sure there is a row for every code below the counts given."""
        self.pupils = _extend(self.pupils, pupils, fresh_pupils(1, self.settings))
        self.items = _extend(self.items, items, fresh_items(1, self.settings))
        self.points = _extend(self.points, points, fresh_points(1, self.settings))

    def forget_pupils(self) -> Tables:
        """Return tables that keep what is known of items and points and nothing of any pupil."""
        kept = Tables(self.settings)
        kept.items, kept.points = self.items.copy(), self.points.copy()
        return kept


def _extend(rows: Floats, count: int, empty: Floats) -> Floats:
    if count <= len(rows):
        return rows
    extra = max(count, len(rows) * 3 // 2) - len(rows)
    return np.concatenate([rows, np.repeat(empty, extra, axis=0)])
