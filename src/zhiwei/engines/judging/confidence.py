"""Confidence that means what it says, and what may be released at a tolerated error rate.

A grader's raw confidence is turned into a probability of agreeing with the teacher by a two-parameter
logistic map (Platt 1999) that starts as the identity and moves only as marked answers force it to. From
``ISOTONIC_FROM`` marked answers on, isotonic regression (Zadrozny & Elkan 2002) is tried and kept when it
predicts held-back answers better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import beta

Floats: TypeAlias = NDArray[np.float64]
ISOTONIC_FROM = 200
_EDGE = 0.001
_HOLD_OUTS = 5
_PRIOR_STRENGTH = 4.0
_BOUND_LEVEL = 0.9
_Fit: TypeAlias = "Callable[[Floats, Floats], Calibration]"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A map from raw confidence to probability.

    Attributes:
        slope, shift: of the logistic map; 1 and 0 leave a confidence as it is.
        knots, heights: of the isotonic map, which stands in place of the other when not empty.
        n: marked answers it was made from.
    """

    slope: float = 1.0
    shift: float = 0.0
    knots: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    n: int = 0

    def apply(self, raw: Sequence[float] | Floats) -> Floats:
        """Probabilities for raw confidences, each in 0–1."""
        values = np.asarray(raw, dtype=float)
        if self.knots:
            return np.asarray(np.interp(values, self.knots, self.heights), dtype=float)
        return _sigmoid(self.slope * _logit(values) + self.shift)


def fit_calibration(raw: Sequence[float], right: Sequence[bool]) -> Calibration:
    """The calibration that marked answers support.

    Args:
        raw: confidences given to answers whose marks the grader had not seen.
        right: whether each judgement agreed with the teacher.
    """
    values, hits = np.asarray(raw, dtype=float), np.asarray(right, dtype=float)
    logistic = _logistic(values, hits)
    if len(values) < ISOTONIC_FROM:
        return logistic
    better = _held_out_loss(_isotonic, values, hits) < _held_out_loss(_logistic, values, hits)
    return _isotonic(values, hits) if better else logistic


def _logistic(values: Floats, hits: Floats) -> Calibration:
    """Newton's method on the log loss, with a pull towards the identity worth a few answers."""
    x = np.column_stack([_logit(values), np.ones(len(values))])
    identity = np.array([1.0, 0.0])
    theta = identity.copy()
    for _ in range(25):
        p = _sigmoid(x @ theta)
        gradient = x.T @ (p - hits) + _PRIOR_STRENGTH * (theta - identity)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + _PRIOR_STRENGTH * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        theta -= np.clip(step, -2.0, 2.0)
        if float(np.abs(step).max()) < 1e-8:
            break
    return Calibration(slope=max(float(theta[0]), 0.0), shift=float(theta[1]), n=len(values))


def _isotonic(values: Floats, hits: Floats) -> Calibration:
    """Isotonic steps, each level smoothed by one right and one wrong answer so that none is certain."""
    levels, place = np.unique(values, return_inverse=True)
    counts = np.bincount(place).astype(float)
    means = (np.bincount(place, weights=hits) + levels) / (counts + 1.0)
    fitted = isotonic_regression(means, weights=counts).x
    return Calibration(knots=tuple(map(float, levels)), heights=tuple(map(float, fitted)), n=len(values))


def _held_out_loss(fit: _Fit, values: Floats, hits: Floats) -> float:
    fold = np.arange(len(values)) % _HOLD_OUTS
    loss = 0.0
    for one in range(_HOLD_OUTS):
        p = np.clip(fit(values[fold != one], hits[fold != one]).apply(values[fold == one]), _EDGE, 1 - _EDGE)
        loss -= float(np.sum(np.where(hits[fold == one] > 0, np.log(p), np.log1p(-p))))
    return loss


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean gap between stated confidence and share right, over ``bins`` equal widths (Naeini et al. 2015)."""
    values, hits = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    if not len(values):
        return 0.0
    place = np.minimum((values * bins).astype(int), bins - 1)
    gaps = [abs(float(np.sum(values[place == b] - hits[place == b]))) for b in range(bins)]
    return sum(gaps) / len(values)


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Released down to ``threshold``: the share of answers, and how many of those a teacher would change.

    ``at_most`` is the one-sided 90 % Clopper–Pearson bound of that share.
    """

    threshold: float
    released: int
    coverage: float
    error_rate: float
    at_most: float


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """A point for every distinct confidence, from the surest answers to all of them."""
    values, wrong = np.asarray(confidence, dtype=float), 1.0 - np.asarray(right, dtype=float)
    points = []
    for threshold in np.unique(values)[::-1]:
        taken = values >= threshold
        n, errors = int(taken.sum()), int(wrong[taken].sum())
        bound = 1.0 if errors >= n else float(beta.ppf(_BOUND_LEVEL, errors + 1, n - errors))
        points.append(RiskPoint(float(threshold), n, n / len(values), errors / n, bound))
    return tuple(points)


def release_threshold(table: Sequence[RiskPoint], tolerated_error: float) -> float:
    """The confidence from which answers may be released without a person.

    Going down from the surest, as long as the bound on the error rate stays within ``tolerated_error``; when
    there are too few marked answers to show that for any, the confidence itself must promise it.
    """
    threshold = None
    for point in table:
        if point.at_most <= tolerated_error:
            threshold = point.threshold
        elif threshold is not None:
            break
    return 1.0 - tolerated_error if threshold is None else threshold


def _logit(values: Floats) -> Floats:
    clipped = np.clip(values, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -40, 40))))
