"""From a model's value to a mark on the teacher's scale, and how sure one may be of it.

A regression shrinks towards the mean, so rounding it would hardly ever give the highest or lowest mark.
Here the marks are dealt out in the shares in which the teacher gives them (quadratic weighted kappa is
highest when both spread alike), and the probability of each mark comes from a cumulative
normal model whose width is set so that stated confidence equals what leave-one-out predictions reached.
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
FEW_LEVELS = 8
_ENOUGH = 10
"""So many answers judged together tell a mean and a spread of their own."""
_LEAST_SHARE = 0.02
_USUAL_WIDTH = 1.2
_USUAL_ANSWERS = 80
"""Before marks are many, the doubt is taken as usual: 1.2 spreads of the values, worth 80 answers."""
_SHAPE_ANSWERS = 150
"""With n marks, n / (n + 150) of the shape of their distribution is believed; the rest is a straight line."""
_EVEN_ANSWERS = 40
"""With n marks, n / (n + 40) of the difference between sure and less sure answers is believed."""


def mark_levels(scores: Sequence[float], max_score: float) -> Floats:
    """The marks a teacher may give: 0 to the maximum in steps of 1, or finer when the marks show it."""
    step = next((s for s in (1.0, 0.5, 0.25) if all(abs(x / s - round(x / s)) < 1e-6 for x in scores)), 0.1)
    if float(max_score) / step > 200:
        step = max_score / 200
    levels = np.append(np.arange(0.0, max_score, step), max_score)
    return np.unique(np.round(levels, 6))


@dataclass(frozen=True, slots=True)
class Seen:
    """What shares are estimated from, all in units of marks.

    Attributes:
        scores: (n,) marks given.
        held_out: (n,) what the model said of those answers without their own marks.
        held_out_spread: (n,) its standard deviations.
        pool: (m,) what it says of the answers to be judged.
        pool_spread: (m,) its standard deviations.
    """

    scores: Floats
    held_out: Floats
    held_out_spread: Floats
    pool: Floats
    pool_spread: Floats


def level_shares(seen: Seen, levels: Floats) -> Floats:
    """How often each level (levels,) is to be expected in the pool.

    Few levels: the model's expectation over the pool, corrected by how far it is off on the marked answers.
    That stays right when the answers to mark were chosen rather than drawn by lot.
    Many levels: a kernel of the marks, narrower with more marks.

    Source: the generalised regression estimator of survey sampling (Särndal, Swensson & Wretman 1992, ch. 6).
    """
    if len(levels) > FEW_LEVELS:
        return _smooth_shares(seen.scores, levels)
    given = np.bincount(nearest_level(seen.scores, levels), minlength=len(levels)) / len(seen.scores)
    if len(seen.pool) == 0:
        shares = given
    else:
        believed = _natural(seen.pool, seen.pool_spread, levels).mean(axis=0)
        checked = _natural(seen.held_out, seen.held_out_spread, levels).mean(axis=0)
        shares = believed + given - checked
    shares = np.maximum(shares, _LEAST_SHARE)
    return np.asarray(shares / shares.sum())


def nearest_level(scores: Floats, levels: Floats) -> Ints:
    """Index of the level nearest to each score."""
    return np.asarray(np.abs(scores[:, None] - levels[None, :]).argmin(axis=1))


def _natural(values: Floats, spreads: Floats, levels: Floats) -> Floats:
    """Probability (n, levels) of each level when marks are read as numbers and rounded."""
    middles = (levels[1:] + levels[:-1]) / 2
    below = norm.cdf((middles[None, :] - values[:, None]) / spreads[:, None])
    return np.diff(np.column_stack([np.zeros(len(values)), below, np.ones(len(values))]), axis=1)


def _smooth_shares(scores: Floats, levels: Floats) -> Floats:
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
    """Probability (n, levels) of each level: a normal of this width around the value, cut."""
    below = norm.cdf((cuts[None, :] - values[:, None]) / width)
    edges = np.column_stack([np.zeros(len(values)), below, np.ones(len(values))])
    return np.diff(edges, axis=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become marks: the levels, the cuts between them, and the doubt.

    ``bounds`` and ``width`` give the probability of each level; ``usual`` is the mean confidence over the pool;
    ``believed`` the share of a deviation from it that is stated.
    """

    levels: Floats
    cuts: Floats
    bounds: Floats
    width: float
    tolerance: int
    usual: float = 0.5
    believed: float = 1.0

    def marks(self, values: Floats) -> Floats:
        """The mark of each value."""
        return np.asarray(self.levels[level_of(values, self.cuts)])

    def confidence(self, values: Floats) -> Floats:
        """Probability that the teacher's mark is within ``tolerance`` levels of :meth:`marks`."""
        chance = level_probabilities(values, self.bounds, self.width)
        stated = within(chance, level_of(values, self.cuts), self.tolerance)
        return np.asarray(self.usual + self.believed * (stated - self.usual))

    def expected(self, values: Floats) -> Floats:
        """The mean of the levels under their probabilities."""
        return np.asarray(level_probabilities(values, self.bounds, self.width) @ self.levels)


def within(chance: Floats, chosen: Ints, tolerance: int) -> Floats:
    """Probability mass of the levels at most ``tolerance`` from the chosen one."""
    distance = np.abs(np.arange(chance.shape[1])[None, :] - chosen[:, None])
    return np.asarray((chance * (distance <= tolerance)).sum(axis=1))


def levels_of_tolerance(levels: Floats) -> int:
    """Levels a mark may be off and still count as agreed: less than half a mark, or 5 % of the maximum."""
    gap = float(np.median(np.diff(levels))) if len(levels) > 1 else 1.0
    return int((max(0.5 * gap, 0.05 * float(levels[-1])) - 1e-9) / gap)


def fit_scale(seen: Seen, levels: Floats) -> Scale:
    """Set cuts by the expected shares and the width by what was reached on answers held out.

    Args:
        seen: marks, and what the model says.
        levels: marks that may be given, rising.
    """
    cuts = _cuts(seen, levels)
    everything = np.concatenate([seen.held_out, seen.pool])
    doubt = _Doubt(
        cuts, float(everything.mean()), max(float(seen.held_out.std()), 1e-6), levels_of_tolerance(levels)
    )
    chosen = level_of(seen.held_out, cuts)
    hits = float((np.abs(chosen - nearest_level(seen.scores, levels)) <= doubt.tolerance).sum())
    gaps = [abs(hits - doubt.stated(seen.held_out, width)) for width in _WIDTHS]
    trust = len(seen.scores) / (len(seen.scores) + _USUAL_ANSWERS)
    width = float(_WIDTHS[int(np.argmin(gaps))] ** trust * _USUAL_WIDTH ** (1.0 - trust))
    usual = doubt.stated(everything, width) / len(everything)
    believed = len(seen.scores) / (len(seen.scores) + _EVEN_ANSWERS)
    bounds, spread = doubt.bounds(width), doubt.spread
    return Scale(levels, cuts, bounds, width * spread, doubt.tolerance, usual, believed)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Values with their middle and spread, cut into marks; widths below are in spreads."""

    cuts: Floats
    middle: float
    spread: float
    tolerance: int

    def bounds(self, width: float) -> Floats:
        """Cuts for the probability of each level, farther out than those of the marks.

        What values estimate varies more than they do: by √(1 + width²). So a value in the middle says the middle
        level with more than its share, and the levels together come in the shares in which they are given.
        """
        return np.asarray(self.middle + (self.cuts - self.middle) * np.sqrt(1.0 + width**2))

    def stated(self, values: Floats, width: float) -> float:
        """Summed probability that the marks of ``values`` agree with the teacher's."""
        chance = level_probabilities(values, self.bounds(width), width * self.spread)
        return float(within(chance, level_of(values, self.cuts), self.tolerance).sum())


def _cuts(seen: Seen, levels: Floats) -> Floats:
    """Cuts (levels - 1,): by the expected shares; on a long scale, from few marks, by mean and spread alone."""
    everything = np.concatenate([seen.held_out, seen.pool])
    by_share = thresholds(everything, level_shares(seen, levels))
    if len(levels) <= FEW_LEVELS:
        return by_share
    believed = len(seen.scores) / (len(seen.scores) + _SHAPE_ANSWERS)
    return np.asarray(believed * by_share + (1.0 - believed) * _straight(seen, everything, levels))


def _straight(seen: Seen, everything: Floats, levels: Floats) -> Floats:
    """Cuts that give the marks the mean and the spread to be expected in the pool."""
    missed = seen.scores - seen.held_out
    judged = seen.pool if len(seen.pool) >= _ENOUGH else everything
    middle = float(judged.mean() + missed.mean())
    spread = float(np.sqrt(judged.var() + missed.var()))
    places = (levels[1:] + levels[:-1]) / 2
    return np.asarray(judged.mean() + (places - middle) * float(judged.std()) / max(spread, 1e-9))
