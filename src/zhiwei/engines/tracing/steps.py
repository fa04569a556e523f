"""One response: describe it before it counts, then learn from it.

Plain functions over indexable rows (lists or arrays), so that the same source runs interpreted for single
responses and compiled for whole logs (``compiled.py``). Abilities and easinesses are logits. The four levels
are updated by one step of a diagonal extended Kalman filter, so each step shrinks as its variance does.

Source: multi-level Elo after Pelánek (2016), "Applications of the Elo rating system in adaptive educational
systems"; variance-driven steps after Glickman (1999), "Parameter estimation in large dynamic paired
comparison experiments".
"""

# Rows, not objects, are what the compiler turns into fast code; hence the long argument lists.
# ruff: noqa: PLR0917
from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Row = list[float] | NDArray[np.float64]
Table = Sequence[Row] | NDArray[np.float64]
Codes = Sequence[int] | NDArray[np.int64]
DAY = 86400.0


def faded(pair: Row, at: float, half_life_days: float) -> float:
    """Return a pair's ability offset at time ``at`` (seconds): it fades towards nought as time goes by."""
    if math.isnan(at) or math.isnan(pair[8]) or at <= pair[8]:
        return float(pair[0])
    half_life = half_life_days * math.sqrt(1.0 + pair[2])
    return float(pair[0] * math.exp2(-(at - pair[8]) / DAY / half_life))


def chance(logit: float) -> float:
    """Return the logistic function of a logit, held inside ±30."""
    return 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))


def expect(
    pupil: Row, pairs: Table, repeat: Row, item: Row, points: Table, slots: Codes, ids: Codes, many: int,
    at: float, settings: tuple[float, ...],
) -> float:  # fmt: skip
    """Return the model's logit alone, by the same sums in the same order as ``describe``."""
    ability, ease = 0.0, 0.0
    for j in range(many):
        share = 1.0 / many
        ability += faded(pairs[slots[j]], at, settings[9]) * share
        ease += points[ids[j]][0] * share
    return float(settings[8] + pupil[0] + ability + (ease + item[0]) + settings[4] * repeat[1])


def describe_points(
    x: Row, pairs: Table, points: Table, slots: Codes, ids: Codes, many: int, pupil: Row,
    at: float, settings: tuple[float, ...],
) -> None:  # fmt: skip
    """Fill the features that come from the response's knowledge points."""
    low, few, since, lag = 1e9, 1e9, 1e5, math.nan
    for j in range(many):
        pair = pairs[slots[j]]
        share = 1.0 / many
        ability = faded(pair, at, settings[9])
        x[4] += ability * share
        x[5] += pair[1] * share
        x[6] += pair[2] * share
        x[7] += (pair[3] + 1.3) / (pair[2] + 2.0) * share
        x[10] += points[ids[j]][0] * share
        x[20] += pair[4] * share
        x[21] += pair[5] * share
        x[22] += pair[6] * share
        low = min(low, ability)
        few = min(few, pair[2])
        if pair[2] > 0:
            since = min(since, pupil[2] - pair[7])
            if not math.isnan(at) and not math.isnan(pair[8]):
                gap = math.log1p(max(at - pair[8], 0.0))
                lag = gap if math.isnan(lag) else min(lag, gap)
    x[8] = low if many else 0.0
    x[9] = few if many else 0.0
    x[15] = since
    x[23] = many
    x[33] = lag


def describe_pupil(x: Row, pupil: Row, set_code: int, item_number: float, at: float) -> None:
    """Fill the features that come from the pupil's recent responses."""
    x[1] = pupil[0]
    x[2] = pupil[1]
    x[3] = pupil[2]
    x[16] = pupil[3]
    x[17] = pupil[4] / (pupil[5] + 1.0)
    x[18] = pupil[6] / (pupil[7] + 1.0)
    x[19] = pupil[8] / (pupil[9] + 1.0)
    same = pupil[2] > 0 and pupil[12] == set_code
    x[24] = pupil[13] if same else -1.0
    x[25] = pupil[14] / (pupil[13] + 1.0) if same else -1.0
    x[26] = pupil[15]
    x[27] = pupil[16]
    x[28] = pupil[17]
    x[32] = math.log1p(max(at - pupil[10], 0.0)) if pupil[2] > 0 else math.nan
    x[35] = item_number - pupil[11] if pupil[2] > 0 else math.nan
    x[36] = set_code


def describe(
    x: Row, pupil: Row, pairs: Table, repeat: Row, item: Row, points: Table, slots: Codes,
    ids: Codes, many: int, set_code: int, item_number: float, at: float, settings: tuple[float, ...],
) -> float:  # fmt: skip
    """Fill the feature row from the state before the response; return the model's logit."""
    for j in range(len(x)):
        x[j] = 0.0
    describe_points(x, pairs, points, slots, ids, many, pupil, at, settings)
    describe_pupil(x, pupil, set_code, item_number, at)
    x[11] = item[0]
    x[12] = item[1]
    x[13] = item[2]
    x[14] = x[10] + item[0]
    x[29] = repeat[0]
    x[30] = repeat[1]
    x[31] = pupil[2] - repeat[2] if repeat[0] > 0 else 1e5
    x[34] = (item[3] + 3.0 * chance(settings[8] + x[10])) / (item[2] + 3.0)
    x[0] = settings[8] + x[1] + x[4] + x[14] + settings[4] * repeat[1]
    return float(x[0])


def learn_levels(
    pupil: Row, pairs: Table, item: Row, points: Table, slots: Codes, ids: Codes, many: int,
    residual: float, weight: float, shared: bool, settings: tuple[float, ...],
) -> float:  # fmt: skip
    """Take one filter step on every level; return the step's common factor (residual over innovation)."""
    spread = pupil[1] + item[1]
    for j in range(many):
        spread += (pairs[slots[j]][1] + points[ids[j]][1]) / (many * many)
    factor = residual / (1.0 + weight * spread)
    shrink = weight / (1.0 + weight * spread)
    pupil[0] += pupil[1] * factor
    pupil[1] += settings[5] - pupil[1] * pupil[1] * shrink
    for j in range(many):
        pair = pairs[slots[j]]
        pair[0] += pair[1] / many * factor
        pair[1] = min(pair[1] - pair[1] * pair[1] * shrink / (many * many) + settings[6], settings[1])
        if shared:
            point = points[ids[j]]
            point[0] += point[1] / many * factor
            point[1] -= point[1] * point[1] * shrink / (many * many)
            point[2] += 1.0
    if shared:
        item[0] += item[1] * factor
        item[1] += settings[7] - item[1] * item[1] * shrink
    return factor


def remember_pair(pair: Row, score: float, residual: float, position: float, at: float) -> None:
    """Count a response on a pupil × point."""
    pair[2] += 1.0
    pair[3] += score
    pair[4] += 0.5 * (residual - pair[4])
    pair[5] += 0.2 * (residual - pair[5])
    if score >= 0.5:
        pair[6] = max(pair[6], 0.0) + 1.0
    else:
        pair[6] = min(pair[6], 0.0) - 1.0
    pair[7] = position
    pair[8] = at


def remember_pupil(
    pupil: Row, score: float, residual: float, set_code: int, item_number: float, at: float
) -> None:
    """Count a response on the pupil."""
    for column, keep in ((4, 0.7), (6, 0.9), (8, 0.98)):
        pupil[column] = keep * pupil[column] + residual
        pupil[column + 1] = keep * pupil[column + 1] + 1.0
    if score >= 0.5:
        pupil[3] = max(pupil[3], 0.0) + 1.0
    else:
        pupil[3] = min(pupil[3], 0.0) - 1.0
    if pupil[2] > 0 and pupil[12] == set_code:
        pupil[13] += 1.0
        pupil[14] += score
    else:
        pupil[13] = 1.0
        pupil[14] = score
    pupil[10] = at
    pupil[11] = item_number
    pupil[12] = set_code
    pupil[17] = pupil[16]
    pupil[16] = pupil[15]
    pupil[15] = score
    pupil[2] += 1.0


def learn(
    logit: float, score: float, pupil: Row, pairs: Table, repeat: Row, item: Row, points: Table,
    slots: Codes, ids: Codes, many: int, links: Codes, linked: int, set_code: int,
    item_number: float, at: float, shared: bool, settings: tuple[float, ...],
) -> None:  # fmt: skip
    """Learn from one response; ``shared`` says whether item and point easiness learn too."""
    p = chance(logit)
    residual = score - p
    weight = max(p * (1.0 - p), 1e-3)
    for j in range(many):
        pair = pairs[slots[j]]
        pair[0] = faded(pair, at, settings[9])
    factor = learn_levels(pupil, pairs, item, points, slots, ids, many, residual, weight, shared, settings)
    for j in range(many):
        remember_pair(pairs[slots[j]], score, residual, pupil[2], at)
    for j in range(linked):
        pair = pairs[links[j]]
        pair[0] += settings[10] * pair[1] * factor / max(many, 1)
    repeat[0] += 1.0
    repeat[1] += 0.5 * (residual - repeat[1]) if repeat[0] > 1.0 else residual
    repeat[2] = pupil[2]
    if shared:
        item[2] += 1.0
        item[3] += score
    remember_pupil(pupil, score, residual, set_code, item_number, at)
