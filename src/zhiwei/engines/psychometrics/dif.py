"""Differential item functioning: does an item favour one of two groups of equal ability?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from zhiwei.engines.psychometrics.items import Floats, sigmoid
from zhiwei.engines.psychometrics.responses import Codes

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """Common odds ratio, chi-square with continuity correction, its p-value, ETS delta and class A, B or C.

    Delta below 0 means that the item is harder for the focal group.
    """

    odds_ratio: float
    statistic: float
    p_value: float
    delta: float
    ets_class: str


def mantel_haenszel(scores: Codes, item: int, focal: Flags) -> MantelHaenszel:
    """Compare the groups on one 0/1 item within strata of equal sum score (Holland & Thayer 1988).

    Args:
        scores: (N, J) 0/1, −1 where not given; the matching score is the sum over given items.
        item: Column of the item studied.
        focal: (N,) who belongs to the focal group.

    Raises:
        ValueError: No stratum holds both groups.
    """
    given = scores[:, item] >= 0
    total = np.where(scores >= 0, scores, 0).sum(axis=1)[given]
    right, group = scores[given, item] == 1, focal[given]
    top = int(total.max(initial=0)) + 1
    a, b, c, d = (
        np.bincount(total[cell], minlength=top).astype(float)
        for cell in (right & ~group, ~right & ~group, right & group, ~right & group)
    )
    n = a + b + c + d
    ok = ((a + b) > 0) & ((c + d) > 0) & (n > 1)
    if not ok.any():
        raise ValueError("no score group holds both the reference and the focal group")
    a, b, c, d, n = a[ok], b[ok], c[ok], d[ok], n[ok]
    ratio = float((a * d / n).sum() / max((b * c / n).sum(), 1e-12))
    expected = (a + b) * (a + c) / n
    variance = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    gap = max(abs(float((a - expected).sum())) - 0.5, 0.0)
    value = gap**2 / max(float(variance.sum()), 1e-12)
    p_value, delta = float(chi2.sf(value, 1)), -2.35 * float(np.log(max(ratio, 1e-12)))
    return MantelHaenszel(ratio, value, p_value, delta, _ets(delta, p_value))


def _ets(delta: float, p_value: float) -> str:
    if p_value >= 0.05 or abs(delta) < 1.0:
        return "A"
    return "C" if abs(delta) >= 1.5 else "B"


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """Likelihood-ratio tests: any DIF (2 df), uniform (1 df), non-uniform (1 df); the group's log-odds."""

    any_p: float
    uniform_p: float
    nonuniform_p: float
    group_effect: float


def logistic_dif(scores: Codes, item: int, focal: Flags, ability: Floats) -> LogisticDif:
    """Test one 0/1 item by logistic regression on ability, group and product (Swaminathan & Rogers 1990).

    Args:
        scores: (N, J) 0/1, −1 where not given.
        item: Column of the item studied.
        focal: (N,) who belongs to the focal group.
        ability: (N,) matching variable, such as the rest score or an estimated ability.
    """
    given = scores[:, item] >= 0
    y, t, g = scores[given, item].astype(float), ability[given], focal[given].astype(float)
    one = np.ones_like(t)
    base, uniform, full = (
        _logistic(np.stack(columns, axis=1), y) for columns in ((one, t), (one, t, g), (one, t, g, t * g))
    )
    return LogisticDif(
        float(chi2.sf(2 * (full[0] - base[0]), 2)), float(chi2.sf(2 * (uniform[0] - base[0]), 1)),
        float(chi2.sf(2 * (full[0] - uniform[0]), 1)), float(uniform[1][2]),
    )  # fmt: skip


def _logistic(x: Floats, y: Floats) -> tuple[float, Floats]:
    """Fit by Newton's method with a trace of ridge; return log-likelihood and coefficients."""
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        p = sigmoid(x @ beta)
        bend = (x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(bend, x.T @ (y - p))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    eta = x @ beta
    return float((y * eta - np.logaddexp(0, eta)).sum()), beta
