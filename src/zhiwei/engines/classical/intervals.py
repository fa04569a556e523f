"""Intervals for a share and for a mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from zhiwei.engines.classical.errors import ClassicalError


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its interval; ``low`` and ``high`` are ``None`` when one value alone tells nothing."""

    value: float
    low: float | None
    high: float | None
    n: int


def share_interval(count: int, n: int, level: float = 0.95) -> Interval:
    """Return a share with Wilson's score interval (Newcombe 1998, method 3).

    Raises:
        ClassicalError: ``n`` is not positive or ``count`` not within it.
    """
    from scipy.special import ndtri

    if n <= 0 or not 0 <= count <= n:
        raise ClassicalError(f"{count} of {n} is no share")
    z = float(ndtri(0.5 + level / 2))
    p = count / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half), n)


def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval | None:
    """Return the mean of the values that are there with Student's interval; ``None`` without any."""
    from scipy.special import stdtrit

    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if known.size == 0:
        return None
    mean = float(known.mean())
    if known.size == 1:
        return Interval(mean, None, None, 1)
    error = float(known.std(ddof=1)) / sqrt(known.size)
    half = float(stdtrit(known.size - 1, 0.5 + level / 2)) * error
    return Interval(mean, mean - half, mean + half, int(known.size))
