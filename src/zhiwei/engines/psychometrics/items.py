"""Item models: category probabilities and their derivatives, for all items and abilities at once.

Every model is written with a slope ``a`` and intercepts ``d``. Dichotomous: logit = aθ + d, difficulty
b = −d/a. Graded (Samejima 1969): P(X ≥ c) = σ(aθ + d_c). Generalised partial credit (Muraki 1992): log-odds
of c over c−1 = aθ + d_c. Three parameters (Birnbaum 1968): P = g + (1−g)σ(aθ + d).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_TINY = 1e-12


class Model(StrEnum):
    """Item response models."""

    ONE = "1pl"
    TWO = "2pl"
    THREE = "3pl"
    GRADED = "grm"
    PARTIAL = "pcm"
    GENERAL_PARTIAL = "gpcm"

    @property
    def dichotomous(self) -> bool:
        """Whether responses are only 0 or 1."""
        return self in (Model.ONE, Model.TWO, Model.THREE)

    @property
    def common_slope(self) -> bool:
        """Whether all items share one slope."""
        return self in (Model.ONE, Model.PARTIAL)

    @property
    def adjacent(self) -> bool:
        """Whether categories are compared with the one before (partial credit) instead of cumulatively."""
        return self in (Model.PARTIAL, Model.GENERAL_PARTIAL)


@dataclass(frozen=True, slots=True)
class Items:
    """A bank of J items.

    Attributes:
        model: The response model.
        slope: (J,) discriminations a.
        intercept: (J, M) intercepts d_1…d_M; those beyond an item's own categories are ignored.
        guess: (J,) lower asymptotes g; zero except in the three-parameter model.
        steps: (J,) how many intercepts each item has (categories minus one).
    """

    model: Model
    slope: Floats
    intercept: Floats
    guess: Floats
    steps: Integers

    def __len__(self) -> int:
        return len(self.slope)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """(J, M) which intercepts exist."""
        return np.arange(self.intercept.shape[1]) < self.steps[:, None]

    @property
    def difficulty(self) -> Floats:
        """(J, M) difficulties −d/a; NaN where an item has no such category."""
        return np.where(self.valid, -self.intercept / self.slope[:, None], np.nan)

    def take(self, chosen: Integers | NDArray[np.bool_]) -> Items:
        """Return the items chosen."""
        return Items(
            self.model, self.slope[chosen], self.intercept[chosen], self.guess[chosen], self.steps[chosen]
        )

    def rescaled(self, scale: float, shift: float) -> Items:
        """Return the same items on the ability scale θ* = scale·θ + shift."""
        slope = self.slope / scale
        intercept = self.intercept - shift * slope[:, None]
        return Items(self.model, slope, intercept, self.guess, self.steps)


def items_2pl(slope: Floats, difficulty: Floats, guess: Floats | None = None) -> Items:
    """Return dichotomous items from slopes, difficulties and, for the three-parameter model, asymptotes."""
    a, b = np.asarray(slope, float), np.asarray(difficulty, float)
    g = np.zeros(len(a)) if guess is None else np.asarray(guess, float)
    model = Model.TWO if guess is None else Model.THREE
    return Items(model, a, (-a * b)[:, None], g, np.ones(len(a), np.int64))


def items_polytomous(model: Model, slope: Floats, difficulty: Floats) -> Items:
    """Return polytomous items from slopes (J,) and difficulties (J, M), NaN beyond an item's categories."""
    a, b = np.asarray(slope, float), np.asarray(difficulty, float)
    steps = np.isfinite(b).sum(axis=1)
    return Items(model, a, np.nan_to_num(-a[:, None] * b), np.zeros(len(a)), steps)


@dataclass(frozen=True, slots=True)
class Curves:
    """Category probabilities (J, K, C) and, on request, derivatives by ability and by parameters."""

    p: Floats
    first: Floats
    second: Floats
    by_parameter: Floats

    def information(self) -> Floats:
        """(J, K) Fisher information on ability."""
        return np.asarray((self.first**2 / np.maximum(self.p, _TINY)).sum(axis=2))


def sigmoid(x: Floats) -> Floats:
    """Return the logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -35.0, 35.0))))


def curves(items: Items, theta: Floats) -> Curves:
    """Return probabilities and derivatives of all items at abilities θ (K,).

    ``by_parameter`` is (J, K, C, P) with P = slope, intercepts, and for the three-parameter model logit g.
    """
    return _adjacent(items, theta) if items.model.adjacent else _cumulative(items, theta)


def probabilities(items: Items, theta: Floats) -> Floats:
    """Return category probabilities (J, K, C)."""
    return curves(items, np.atleast_1d(np.asarray(theta, float))).p


def expected_scores(items: Items, theta: Floats) -> Floats:
    """Return expected item scores (J, K)."""
    p = probabilities(items, theta)
    return np.asarray(p @ np.arange(p.shape[2], dtype=float))


def information(items: Items, theta: Floats) -> Floats:
    """Return item information (J, K) at abilities θ (K,)."""
    return curves(items, np.atleast_1d(np.asarray(theta, float))).information()


def _cumulative(items: Items, theta: Floats) -> Curves:
    a, valid = items.slope[:, None, None], items.valid[:, None, :]
    t = theta[None, :, None]
    s = np.where(valid, sigmoid(a * t + items.intercept[:, None, :]), 0.0)
    w = s * (1.0 - s)
    free = 1.0 - items.guess[:, None, None]
    shape = (len(items), len(theta), items.intercept.shape[1] + 1)
    p = _differences(items.guess[:, None, None] + free * s if items.guess.any() else s, shape, 1.0)
    first = _differences(free * a * w, shape, 0.0)
    second = _differences(free * a * a * w * (1 - 2 * s), shape, 0.0)
    steps, guessed = shape[2] - 1, items.model is Model.THREE
    by = np.zeros((*shape, 1 + steps + guessed))
    by[..., 0] = _differences(free * w * t, shape, 0.0)
    for m in range(steps):
        by[..., m + 1, m + 1] = free[..., 0] * w[..., m]
        by[..., m, m + 1] = -free[..., 0] * w[..., m]
    if guessed:
        pull = items.guess[:, None] * (1 - items.guess[:, None]) * (1 - s[..., 0])
        by[..., 1, 2], by[..., 0, 2] = pull, -pull
    return Curves(np.maximum(p, _TINY * valid_categories(items)), first, second, by)


def valid_categories(items: Items) -> NDArray[np.bool_]:
    """(J, 1, C) which categories exist."""
    first = np.ones((len(items), 1), bool)
    return np.concatenate([first, items.valid], axis=1)[:, None, :]


def _differences(upper: Floats, shape: tuple[int, int, int], start: float) -> Floats:
    out = np.zeros(shape)
    out[..., 0] = start
    out[..., 1:] += upper
    out[..., :-1] -= upper
    return out


def _adjacent(items: Items, theta: Floats) -> Curves:
    steps = items.intercept.shape[1]
    c = np.arange(steps + 1.0)
    total = np.concatenate([np.zeros((len(items), 1)), np.cumsum(items.intercept, axis=1)], axis=1)
    eta = items.slope[:, None, None] * theta[None, :, None] * c + total[:, None, :]
    eta = np.where(valid_categories(items), eta, -np.inf)
    p = np.exp(eta - eta.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    a = items.slope[:, None, None]
    away = c - (p @ c)[..., None]
    spread = (p * away**2).sum(axis=2, keepdims=True)
    by = np.zeros((*p.shape, 1 + steps))
    by[..., 0] = p * away * theta[None, :, None]
    for m in range(steps):
        reached = p[..., m + 1 :].sum(axis=2, keepdims=True)
        by[..., m + 1] = p * ((c >= m + 1) - reached)
    return Curves(
        np.maximum(p, _TINY * valid_categories(items)), a * p * away, a * a * p * (away**2 - spread), by
    )
