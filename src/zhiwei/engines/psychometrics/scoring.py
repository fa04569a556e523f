"""Abilities from responses to calibrated items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiwei.engines.psychometrics.calibration import CalibrationSettings, nodes_of, posterior_of
from zhiwei.engines.psychometrics.items import Floats, Items, curves
from zhiwei.engines.psychometrics.responses import Codes, design_of

_GRID = np.linspace(-8.0, 8.0, 321)


@dataclass(frozen=True, slots=True)
class Abilities:
    """Estimates (N,) and their standard errors (N,); NaN for a person who was given nothing."""

    theta: Floats
    standard_error: Floats


def score_eap(items: Items, scores: Codes, settings: CalibrationSettings | None = None) -> Abilities:
    """Return expected-a-posteriori abilities under a standard normal prior, with posterior deviations.

    Args:
        items: Calibrated items.
        scores: (N, J) categories, −1 where not given. A person with none gets the prior: 0 ± 1.
        settings: Quadrature nodes.
    """
    chosen = settings or CalibrationSettings()
    theta, weight = nodes_of(chosen)
    design = design_of(scores, items.steps)
    log_p = np.log(np.maximum(curves(items, theta).p, 1e-30))
    mean, deviation = np.empty(len(scores)), np.empty(len(scores))
    for rows in design.chunks(len(theta)):
        posterior = posterior_of(design, log_p, np.log(weight), rows)[0].astype(float)
        mean[rows] = posterior @ theta
        deviation[rows] = np.sqrt(np.maximum(posterior @ theta**2 - mean[rows] ** 2, 0.0))
    return Abilities(mean, deviation)


def score_wle(items: Items, scores: Codes) -> Abilities:
    """Return Warm's (1989) weighted likelihood abilities: nearly unbiased, finite for perfect scores.

    Solves l'(θ) + J(θ)/2I(θ) = 0 on a fine grid, choosing the root of highest weighted likelihood, then
    interpolates between grid points.

    Args:
        items: Calibrated items.
        scores: (N, J) categories, −1 where not given.
    """
    shape = curves(items, _GRID)
    p = np.maximum(shape.p, 1e-30)
    slope = shape.first / p
    info = (shape.first**2 / p).sum(axis=2)
    skew = (shape.first * shape.second / p).sum(axis=2)
    design = design_of(scores, items.steps)
    item, category = design.places
    above = slope[item, :, category] - slope[item, :, 0]
    theta, error = np.empty(len(scores)), np.empty(len(scores))
    for rows in design.chunks(len(_GRID)):
        given = (design.scores[rows] >= 0).astype(float)
        total = np.maximum(given @ info, 1e-30)
        pull = design.hit[rows].astype(float) @ above + given @ slope[:, :, 0] + given @ skew / (2 * total)
        theta[rows] = _root(pull)
        at = np.clip(np.searchsorted(_GRID, theta[rows]), 0, len(_GRID) - 1)
        error[rows] = 1.0 / np.sqrt(total[np.arange(len(total)), at])
    nothing = (design.scores < 0).all(axis=1)
    theta[nothing], error[nothing] = np.nan, np.nan
    return Abilities(theta, error)


def _root(pull: Floats) -> Floats:
    """Return where the derivative (rows, grid) crosses nought downwards at the highest point."""
    step = _GRID[1] - _GRID[0]
    height = np.concatenate(
        [np.zeros((len(pull), 1)), np.cumsum((pull[:, 1:] + pull[:, :-1]) * step / 2, axis=1)], axis=1
    )
    best = np.clip(height.argmax(axis=1), 1, len(_GRID) - 2)
    rows = np.arange(len(pull))
    left = np.where(pull[rows, best] > 0, best, best - 1)
    high, low = pull[rows, left], pull[rows, left + 1]
    share = np.clip(high / np.where(high - low == 0, 1.0, high - low), 0.0, 1.0)
    return np.asarray(_GRID[left] + share * step)
