"""How well items and persons fit the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from zhiwei.engines.psychometrics.calibration import CalibrationSettings, nodes_of
from zhiwei.engines.psychometrics.items import Floats, Integers, Items, probabilities
from zhiwei.engines.psychometrics.responses import Codes


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Infit and outfit mean squares, expected near 1: items (J,) and persons (N,); NaN without responses."""

    item_infit: Floats
    item_outfit: Floats
    person_infit: Floats
    person_outfit: Floats


def mean_squares(items: Items, scores: Codes, theta: Floats) -> MeanSquares:
    """Return infit (information-weighted) and outfit (plain) mean squares (Wright & Masters 1982)."""
    p = probabilities(items, theta)
    c = np.arange(p.shape[2], dtype=float)
    mean = (p @ c).T
    variance = np.maximum((p @ c**2).T - mean**2, 1e-9)
    given = scores >= 0
    square = np.where(given, (scores - mean) ** 2, 0.0)
    weight = np.where(given, variance, 0.0)
    return MeanSquares(
        _ratio(square.sum(0), weight.sum(0)), _ratio((square / variance).sum(0), given.sum(0)),
        _ratio(square.sum(1), weight.sum(1)), _ratio((square / variance).sum(1), given.sum(1)),
    )  # fmt: skip


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan))


@dataclass(frozen=True, slots=True)
class ItemFit:
    """S-X² (J,), degrees of freedom (J,), p-values (J,); NaN where too few groups are filled."""

    statistic: Floats
    freedom: Integers
    p_value: Floats


def sum_score_distribution(p: Floats) -> Floats:
    """Return (J + 1, K): the chance of each sum score at each node (Lord & Wingersky 1984).

    Args:
        p: (J, K) chances of success.
    """
    chances = np.zeros((len(p) + 1, p.shape[1]))
    chances[0] = 1.0
    for j, one in enumerate(p):
        chances[1 : j + 2] = chances[1 : j + 2] * (1 - one) + chances[: j + 1] * one
        chances[0] *= 1 - one
    return chances


def s_x2(items: Items, scores: Codes, *, least_expected: float = 1.0) -> ItemFit:
    """Return S-X² of Orlando & Thissen (2000) for dichotomous items on persons who were given every item.

    Sum-score groups with an expected count below ``least_expected`` are joined to their neighbours.

    Raises:
        ValueError: The items are not dichotomous.
    """
    if not items.model.dichotomous:
        raise ValueError("S-X² here is for dichotomous items; use infit and outfit for polytomous ones")
    full = scores[(scores >= 0).all(axis=1)]
    theta, weight = nodes_of(CalibrationSettings())
    p = probabilities(items, theta)[:, :, 1]
    count = len(items)
    total = full.sum(axis=1)
    observed_n = np.bincount(total, minlength=count + 1)[1:count]
    whole = sum_score_distribution(p)[1:count] @ weight
    found = np.full((3, count), np.nan)
    lost = 2 if items.model.value != "1pl" else 1
    lost += items.model.value == "3pl"
    for j in range(count):
        rest = sum_score_distribution(np.delete(p, j, axis=0))[: count - 1] * p[j]
        expected = (rest @ weight) / np.maximum(whole, 1e-300)
        right = np.bincount(total[full[:, j] == 1], minlength=count + 1)[1:count]
        value, groups = _pearson(observed_n, right, expected, least_expected)
        found[0, j], found[1, j] = value, groups - lost
    found[2] = np.where(found[1] > 0, chi2.sf(found[0], np.maximum(found[1], 1)), np.nan)
    return ItemFit(found[0], np.maximum(found[1], 0).astype(np.int64), found[2])


def _pearson(many: Integers, right: Integers, expected: Floats, least: float) -> tuple[float, int]:
    value, groups = 0.0, 0
    n = e = r = 0.0
    for size, hits, chance in zip(many, right, expected, strict=True):
        n, e, r = n + float(size), e + float(size * chance), r + float(hits)
        if min(e, n - e) >= least:
            value += (r - e) ** 2 / e + (r - e) ** 2 / (n - e)
            groups += 1
            n = e = r = 0.0
    return value, groups
