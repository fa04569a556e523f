"""How scores spread: low, middle and high answers, with intervals, and the shape of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.classical import share_interval

BANDS = ("low", "middle", "high")
BINS = 10
_LEAST_FOR_SHAPE = 20
_LEAST_FOR_EMPTY = 10


@dataclass(frozen=True, slots=True)
class Band:
    """One band: how many answers, their share with its 95 % interval, and whether it is too thin.

    ``missing`` says that even the upper end of the interval is below the demand, or that none of ten or more is there.
    """

    name: str
    count: int
    share: float
    low: float
    high: float
    missing: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Bands and shape of shares of full marks.

    Attributes:
        skewness: Negative when most answers score high.
        kurtosis: Excess kurtosis.
        normal_p: p-value of D'Agostino and Pearson's test of a normal shape; ``None`` below 20 answers or when
            all are equal.
        uniform_p: p-value of the chi-square test that the bands hold shares as wide as they are.
        histogram: Answers in ten equal steps from 0 to full marks.
    """

    n: int
    bands: tuple[Band, ...]
    mean: float
    deviation: float
    skewness: float
    kurtosis: float
    normal_p: float | None
    uniform_p: float | None
    histogram: tuple[int, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the bands that are surely too thin."""
        return tuple(one.name for one in self.bands if one.missing)


def band_of(score: float, max_score: float, *, low_below: float, high_from: float) -> str:
    """Return ``low``, ``middle`` or ``high``."""
    share = score / max_score if max_score > 0 else 0.0
    if share < low_below - 1e-9:
        return "low"
    return "high" if share >= high_from - 1e-9 else "middle"


def spread_of(shares: Sequence[float], *, low_below: float, high_from: float, least_share: float) -> Spread:
    """Return the spread of shares of full marks (0 to 1).

    A band is missing when Wilson's 95 % interval of its share lies below ``least_share``, or when ten or more
    answers left it empty. A demand of 0 asks for no band (questions of one mark have no middle).

    Raises:
        ValueError: There are no shares.
    """
    from scipy import stats

    values = np.asarray(shares, dtype=float)
    if values.size == 0:
        raise ValueError("no scores")
    names = [band_of(one, 1.0, low_below=low_below, high_from=high_from) for one in values.tolist()]
    counts = {name: names.count(name) for name in BANDS}
    bands = tuple(_band(name, counts[name], values.size, least_share) for name in BANDS)
    varied = values.size >= _LEAST_FOR_SHAPE and float(values.std()) > 1e-12
    histogram, _edges = np.histogram(values, bins=BINS, range=(0.0, 1.0))
    return Spread(
        int(values.size),
        bands,
        float(values.mean()),
        float(values.std(ddof=1)) if values.size > 1 else 0.0,
        float(stats.skew(values)) if varied else 0.0,
        float(stats.kurtosis(values)) if varied else 0.0,
        float(stats.normaltest(values).pvalue) if varied else None,
        _uniform(counts, low_below, high_from) if values.size >= _LEAST_FOR_SHAPE else None,
        tuple(int(one) for one in histogram),
    )


def _band(name: str, count: int, n: int, least: float) -> Band:
    found = share_interval(count, n)
    low, high = found.low or 0.0, found.high or 0.0
    missing = least > 0 and (high < least or (count == 0 and n >= _LEAST_FOR_EMPTY))
    return Band(name, count, found.value, low, high, missing)


def _uniform(counts: Mapping[str, int], low_below: float, high_from: float) -> float | None:
    from scipy import stats

    widths: NDArray[np.float64] = np.array([low_below, high_from - low_below, 1 - high_from])
    wanted = widths > 1e-9
    seen = np.array([counts[name] for name in BANDS], dtype=float)[wanted]
    if wanted.sum() < 2 or seen.sum() == 0:
        return None
    expected = widths[wanted] / widths[wanted].sum() * seen.sum()
    return float(stats.chisquare(seen, expected).pvalue)
