"""The loop over a log, written for the compiler: tables addressed through open-addressing key arrays."""

# Flat arrays, not objects, are what the compiler turns into fast code; hence the long argument lists.
# ruff: noqa: PLR0917
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing.steps import describe, expect, learn

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
POINT_SPACE = 1 << 22
ITEM_SPACE = 1 << 31
MIX = 0x1E3779B97F4A7C15  # odd, so that the product spreads every bit of the key upwards
MOST_POINTS = 64
MOST_LINKS = 256


def find(keys: Integers, key: int) -> int:
    """Return the place of ``key`` in the table (capacity a power of two), or of the free place for it."""
    mask = len(keys) - 1
    at = ((key * MIX) >> 29) & mask
    while keys[at] not in (-1, key):
        at = (at + 1) & mask
    return at


def open_slot(keys: Integers, values: Floats, key: int, variance: float) -> int:
    """Find or open the row of a pupil × point."""
    at = find(keys, key)
    if keys[at] == -1:
        keys[at] = key
        values[at, 1] = variance
        values[at, 8] = np.nan
    return at


def move(old_keys: Integers, old: Floats, keys: Integers, values: Floats) -> int:
    """Carry every row into a larger table; return how many there were."""
    used = 0
    for place in range(len(old_keys)):
        if old_keys[place] != -1:
            to = find(keys, old_keys[place])
            keys[to] = old_keys[place]
            values[to] = old[place]
            used += 1
    return used


def drive(
    pupil: Integers, item: Integers, sets: Integers, score: Floats, at: Floats, numbers: Floats,
    set_start: Integers, set_points: Integers, link_start: Integers, link_points: Integers,
    pupils: Floats, pair_keys: Integers, pairs: Floats, repeat_keys: Integers, repeats: Floats,
    items: Floats, points: Floats, settings: tuple[float, ...], shared: bool, out: NDArray[np.float32],
) -> None:  # fmt: skip
    """Describe, then learn, each response in order.

    ``out`` has one row a response and either one column (the logit) or one a feature.
    """
    x = np.zeros(37)
    slots = np.zeros(MOST_POINTS, np.int64)
    links = np.zeros(MOST_LINKS, np.int64)
    width = out.shape[1]
    for r in range(len(pupil)):
        u, i = pupil[r], item[r]
        first, last = set_start[sets[r]], set_start[sets[r] + 1]
        ids = set_points[first:last]
        linked = 0
        for j in range(len(ids)):
            slots[j] = open_slot(pair_keys, pairs, u * POINT_SPACE + ids[j], settings[1])
            for k in range(link_start[ids[j]], link_start[ids[j] + 1]):
                if linked < MOST_LINKS:
                    key = u * POINT_SPACE + link_points[k]
                    links[linked] = open_slot(pair_keys, pairs, key, settings[1])
                    linked += 1
        place = find(repeat_keys, u * ITEM_SPACE + i)
        repeat_keys[place] = u * ITEM_SPACE + i
        one, rep, task = pupils[u], repeats[place], items[i]
        if width == 1:
            logit = expect(one, pairs, rep, task, points, slots, ids, len(ids), at[r], settings)
            out[r, 0] = logit
        else:
            logit = describe(
                x, one, pairs, rep, task, points, slots, ids, len(ids), sets[r], numbers[i], at[r], settings
            )
            for j in range(width):
                out[r, j] = x[j]
        if score[r] >= 0.0:
            learn(
                logit, score[r], one, pairs, rep, task, points, slots, ids, len(ids), links, linked, sets[r],
                numbers[i], at[r], shared, settings,
            )  # fmt: skip
