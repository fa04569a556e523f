"""From a model's value to a mark on the teacher's scale, and how sure one may be of it.

A regression shrinks towards the mean, so rounding it would hardly ever give the highest or the lowest mark.
Here the marks are dealt out in the shares in which the teacher gives them (quadratic weighted kappa is highest
when both spread alike), and the probability of each mark comes from a cumulative normal model whose width is
set so that stated confidence equals what leave-one-out predictions really reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_WIDTHS = np.geomspace(0.05, 3.0, 60)
_PRIOR_ANSWERS = 4.0


def mark_levels(scores: Sequence[float], max_score: float) -> Floats:
    """The marks a teacher may give: 0 to the maximum in steps of 1, or finer when the marks show it.

    Essays marked far above zero (10–60, say) start at the lowest mark seen.
    """
    step = next((s for s in (1.0, 0.5, 0.25) if all(abs(x / s - round(x / s)) < 1e-6 for x in scores)), 0.1)
    if float(max_score) / step > 200:
        step = max_score / 200
    levels = np.append(np.arange(0.0, max_score, step), max_score)
    return np.unique(np.round(levels, 6))


def level_shares(scores: Floats, levels: Floats) -> Floats:
    """How often each level is given (levels,), smoothed between neighbours when marks are few.

    Few levels: counts plus a little for each. Many levels: a kernel of the marks, narrower with more marks.
    """
    if len(levels) <= 8:
        nearest = np.abs(scores[:, None] - levels[None, :]).argmin(axis=1)
        counts = np.bincount(nearest, minlength=len(levels)) + _PRIOR_ANSWERS / len(levels)
    else:
        gap = float(np.median(np.diff(levels)))
        width = max(1.06 * float(scores.std()) * len(scores) ** -0.2, 0.5 * gap)
        counts = norm.pdf((levels[:, None] - scores[None, :]) / width).sum(axis=1) + 1e-9
    return np.asarray(counts / counts.sum())


def thresholds(values: Floats, shares: Floats) -> Floats:
    """Cuts (levels - 1,) between which ``values`` fall in the given shares."""
    cuts = np.quantile(values, np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))
    return np.maximum.accumulate(cuts)


def level_of(values: Floats, cuts: Floats) -> Ints:
    """Index of the level of each value."""
    return np.searchsorted(cuts, values)


def level_probabilities(values: Floats, cuts: Floats, width: float) -> Floats:
    """Probability (n, levels) of each level: a normal of this width around the value, cut at the thresholds."""
    below = norm.cdf((cuts[None, :] - values[:, None]) / width)
    edges = np.column_stack([np.zeros(len(values)), below, np.ones(len(values))])
    return np.diff(edges, axis=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become marks: the levels, the cuts between them, and the width of the doubt."""

    levels: Floats
    cuts: Floats
    width: float
    tolerance: int

    def marks(self, values: Floats) -> Floats:
        """The mark of each value."""
        return np.asarray(self.levels[level_of(values, self.cuts)])

    def confidence(self, values: Floats) -> Floats:
        """Probability that the teacher's mark is within ``tolerance`` levels of :meth:`marks`."""
        chance = level_probabilities(values, self.cuts, self.width)
        return within(chance, level_of(values, self.cuts), self.tolerance)

    def expected(self, values: Floats) -> Floats:
        """The mean of the levels under their probabilities."""
        return np.asarray(level_probabilities(values, self.cuts, self.width) @ self.levels)


def within(chance: Floats, chosen: Ints, tolerance: int) -> Floats:
    """Probability mass of the levels at most ``tolerance`` from the chosen one."""
    distance = np.abs(np.arange(chance.shape[1])[None, :] - chosen[:, None])
    return np.asarray((chance * (distance <= tolerance)).sum(axis=1))


def fit_scale(held_out: Floats, scores: Floats, pool: Floats, levels: Floats) -> Scale:
    """Set cuts by the teacher's shares and the width by what was reached on answers held out.

    Args:
        held_out: (n,) predictions for the marked answers, each made without its own mark.
        scores: (n,) their marks.
        pool: predictions for the answers to be judged; they and ``held_out`` place the cuts.
        levels: marks that may be given, rising.
    """
    cuts = thresholds(np.concatenate([held_out, pool]), level_shares(scores, levels))
    tolerance = 0 if len(levels) <= 8 else max(1, round(len(levels) * 0.05))
    given = np.abs(scores[:, None] - levels[None, :]).argmin(axis=1)
    chosen = level_of(held_out, cuts)
    hits = float((np.abs(chosen - given) <= tolerance).sum())
    spread = max(float(held_out.std()), 1e-6)
    gaps = [
        abs(hits + 1.0 - (within(level_probabilities(held_out, cuts, w * spread), chosen, tolerance).sum() + 1.0))
        for w in _WIDTHS
    ]
    return Scale(levels, cuts, float(_WIDTHS[int(np.argmin(gaps))] * spread), tolerance)
