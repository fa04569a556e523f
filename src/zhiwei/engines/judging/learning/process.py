"""Gaussian-process regression over a weighted sum of kernels, its weights found by marginal likelihood.

Few marks: the prior on the weights decides. Many marks: the data do. Leave-one-out predictions are exact and
free, so what is said about confidence comes from answers the model had not seen.

Source: Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), equations 5.8, 5.9 and 5.12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

Floats = NDArray[np.float64]
_LEVEL = 0.05
"""Variance of the unknown constant, in units of the marks' own variance."""
_JITTER = 1e-4


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kernel counts, and the variance of what no kernel explains; all above 0."""

    kernels: Floats
    noise: float


def default_weights(count: int) -> Weights:
    """The weights before any mark is seen: kernels share .6 of the variance, noise has .4."""
    return Weights(np.full(count, 0.6 / max(count, 1)), 0.4)


def mix(weights: Weights, kernels: Sequence[Floats]) -> Floats:
    """The weighted sum of kernels (each n × m), with the unknown constant."""
    total = np.full(kernels[0].shape, _LEVEL)
    for weight, kernel in zip(weights.kernels, kernels, strict=True):
        total += weight * kernel
    return total


def fit_weights(kernels: Sequence[Floats], target: Floats, prior: Weights, *, steps: int = 40) -> Weights:
    """Kernel weights that make the marks most likely, held near ``prior`` (log-normal, one unit wide).

    Args:
        kernels: each (n, n) over the marked answers, mean diagonal about 1.
        target: (n,) marks with mean about 0 and variance about 1.
        prior: centre of the search.
        steps: most iterations of the optimiser.

    Cost: O(steps · n³).
    """
    centre = np.log(np.append(prior.kernels, prior.noise))
    grams = [*kernels, np.eye(len(target))]

    def loss(log_weights: Floats) -> tuple[float, Floats]:
        return _negative_evidence(log_weights, centre, grams, target)

    found = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    best = np.exp(np.asarray(found.x))
    return Weights(best[:-1], float(best[-1]))


def _negative_evidence(
    log_weights: Floats, centre: Floats, grams: Sequence[Floats], target: Floats
) -> tuple[float, Floats]:
    weights = np.exp(log_weights)
    total = np.full(grams[0].shape, _LEVEL) + _JITTER * np.eye(len(target))
    for weight, gram in zip(weights, grams, strict=True):
        total += weight * gram
    factor = cho_factor(total, lower=True)
    inverse = cho_solve(factor, np.eye(len(target)))
    alpha = inverse @ target
    shift = log_weights - centre
    value = 0.5 * target @ alpha + np.log(np.diag(factor[0])).sum() + 0.5 * shift @ shift
    slope = inverse - np.outer(alpha, alpha)
    gradient = np.array([0.5 * w * np.vdot(slope, g) for w, g in zip(weights, grams, strict=True)])
    return float(value), gradient + shift


@dataclass(frozen=True, slots=True)
class Posterior:
    """What was learned: ``alpha`` (n,) for predictions; exact leave-one-out means and variances (n,)."""

    alpha: Floats
    held_out_mean: Floats
    held_out_variance: Floats
    inverse: Floats


def condition(weights: Weights, kernels: Sequence[Floats], target: Floats) -> Posterior:
    """The process given the marks; cost O(n³) once."""
    total = mix(weights, kernels) + (weights.noise + _JITTER) * np.eye(len(target))
    inverse = cho_solve(cho_factor(total, lower=True), np.eye(len(target)))
    alpha = inverse @ target
    spread = 1.0 / np.diag(inverse)
    return Posterior(alpha, target - alpha * spread, spread, inverse)


def predict(posterior: Posterior, cross: Floats) -> Floats:
    """Means (m,) of new answers from their mixed kernel (m, n) with the marked ones."""
    return np.asarray(cross @ posterior.alpha)


def variances(posterior: Posterior, cross: Floats, own: Floats) -> Floats:
    """Variances (m,) of new answers without noise; ``own`` (m,) is each answer's mixed kernel with itself."""
    return np.asarray(
        np.maximum(own - np.einsum("ij,jk,ik->i", cross, posterior.inverse, cross, optimize=True), 1e-9)
    )
