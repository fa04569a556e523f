"""Reliability: coefficient alpha with its standard error, and the standard error of measurement."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from zhiwei.engines.classical.matrix import Floats, checked


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the sum of a test can be trusted.

    Attributes:
        alpha: Cronbach's alpha (KR-20 for right/wrong items); may be negative.
        error: Standard error of alpha.
        low: Lower end of its 95 % interval.
        high: Its upper end, at most 1.
        measurement: Standard error of measurement of one person's sum, in marks.
        n: Persons with every item scored.
        items: Items.
    """

    alpha: float
    error: float
    low: float
    high: float
    measurement: float
    n: int
    items: int


def reliability(scores: ArrayLike, max_scores: ArrayLike, level: float = 0.95) -> Reliability | None:
    """Return the reliability over the persons with every item scored; ``None`` when it is not defined.

    It takes two items, three persons and sums that differ.

    Raises:
        ClassicalError: The shapes do not fit or a score is out of range.

    Source: Cronbach (1951); standard error: van Zyl, Neudecker & Nel (2000) as in Duhachek & Iacobucci (2004).
    """
    from scipy.special import ndtri

    table, _full = checked(scores, max_scores)
    complete = table[~np.isnan(table).any(axis=1)]
    n, k = complete.shape
    if n < 3 or k < 2:
        return None
    covariance = np.atleast_2d(np.cov(complete, rowvar=False))
    total = float(covariance.sum())
    if total < 1e-12:
        return None
    alpha = k / (k - 1) * (1 - float(np.trace(covariance)) / total)
    error = sqrt(max(asymptotic_variance(covariance), 0.0) / n)
    half = float(ndtri(0.5 + level / 2)) * error
    measurement = sqrt(total) * sqrt(max(0.0, 1 - alpha))
    return Reliability(alpha, error, alpha - half, min(1.0, alpha + half), measurement, n, k)


def asymptotic_variance(covariance: Floats) -> float:
    """Return Q, the variance of √n·alpha, from the items' covariances ``(k, k)``."""
    k = covariance.shape[0]
    trace, total = float(np.trace(covariance)), float(covariance.sum())
    squared = covariance @ covariance
    inner = total * (float(np.trace(squared)) + trace**2) - 2 * trace * float(squared.sum())
    return float(2 * k * k / ((k - 1) ** 2 * total**3) * inner)
