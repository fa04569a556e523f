"""A block of a response log as arrays of codes, and the pass over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing.layout import FEATURE_COUNT
from zhiwei.engines.tracing.tables import Tables

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Structure:
    """Which points each point set holds, which points are linked, and the items' own numbers.

    ``set_start``/``set_points`` and ``link_start``/``link_points`` are row pointers and columns. ``numbers``
    has one entry an item: its identifier when that is a number, else NaN.
    """

    set_start: Integers
    set_points: Integers
    link_start: Integers
    link_points: Integers
    numbers: Floats

    @property
    def points(self) -> int:
        """How many knowledge points there are."""
        return len(self.link_start) - 1


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive responses: codes, score in [0, 1] (below 0: not to be learned from), time in s or NaN."""

    pupil: Integers
    item: Integers
    sets: Integers
    score: Floats
    at: Floats

    def __len__(self) -> int:
        return len(self.pupil)

    def take(self, rows: NDArray[np.bool_] | Integers) -> Block:
        """Return the rows chosen, in order."""
        return Block(self.pupil[rows], self.item[rows], self.sets[rows], self.score[rows], self.at[rows])


def run_block(
    tables: Tables, structure: Structure, block: Block, *, features: bool = True, shared: bool = True
) -> NDArray[np.float32]:
    """Describe each response, then learn from it, in order.

    Args:
        tables: The state, changed in place.
        structure: Point sets, links and item numbers covering every code in the block.
        block: The responses.
        features: Return the whole feature row; else only the logit.
        shared: Let items and points learn as well as pupils.

    Returns:
        One row a response, made before the response was learned from.
    """
    from zhiwei.engines.tracing.compiled import run

    tables.grow(int(block.pupil.max(initial=-1)) + 1, len(structure.numbers), structure.points)
    sizes = np.diff(structure.set_start)
    links = np.diff(structure.link_start)
    per_set = np.bincount(block.sets, minlength=len(sizes))
    upto = np.concatenate([[0], np.cumsum(links[structure.set_points])])
    reach = np.diff(upto[structure.set_start])
    tables.pairs.reserve(int((per_set * (sizes + reach)).sum()))
    tables.repeats.reserve(len(block))
    out = np.empty((len(block), FEATURE_COUNT if features else 1), np.float32)
    run(
        block.pupil, block.item, block.sets, block.score, block.at, structure.numbers,
        structure.set_start, structure.set_points, structure.link_start, structure.link_points,
        tables.pupils, tables.pairs.keys, tables.pairs.values, tables.repeats.keys, tables.repeats.values,
        tables.items, tables.points, tables.settings.numbers(), shared, out,
    )  # fmt: skip
    return out
