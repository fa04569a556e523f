"""Two classes beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from zhiwei.engines.classical.matrix import Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """The first mean less the second, with its interval; ``clear`` when the interval leaves 0 out."""

    value: float
    low: float
    high: float
    freedom: float

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance would make at this level."""
        return self.low > 0 or self.high < 0


def compare_means(one: ArrayLike, other: ArrayLike, level: float = 0.95) -> Difference | None:
    """Return the difference of two means without assuming equal spread; ``None`` with fewer than two on a side.

    Source: Welch (1947).
    """
    from scipy.special import stdtrit

    a, b = _known(one), _known(other)
    if a.size < 2 or b.size < 2:
        return None
    va, vb = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
    value = float(a.mean() - b.mean())
    if va + vb < 1e-18:
        return Difference(value, value, value, float(a.size + b.size - 2))
    freedom = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    half = float(stdtrit(freedom, 0.5 + level / 2)) * sqrt(va + vb)
    return Difference(value, value - half, value + half, freedom)


def _known(values: ArrayLike) -> Floats:
    flat: Floats = np.asarray(values, dtype=float).ravel()
    return flat[~np.isnan(flat)]
