"""Standard errors of item parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiwei.engines.psychometrics.calibration import Calibration, nodes_of, posterior_of
from zhiwei.engines.psychometrics.items import Floats, Items, Model, curves
from zhiwei.engines.psychometrics.responses import Codes, design_of

_MOST_JOINT = 600


@dataclass(frozen=True, slots=True)
class StandardErrors:
    """Standard errors: slope (J,), difficulty (J, M) (NaN beyond an item's categories), asymptote (J,)."""

    slope: Floats
    difficulty: Floats
    guess: Floats


def standard_errors(calibration: Calibration, scores: Codes) -> StandardErrors:
    """Return standard errors from the cross products of persons' marginal score vectors (Louis 1982; BHHH).

    With up to 600 parameters their covariances are taken into account; beyond, items are taken one by one.
    A slope common to all items has one standard error.
    """
    items = calibration.items
    theta, weight = nodes_of(calibration.settings)
    design = design_of(scores, items.steps)
    shape = curves(items, theta)
    p = np.maximum(shape.p, 1e-30)
    ratio = shape.by_parameter / p[..., None]
    size = ratio.shape[3]
    joint = len(items) * size <= _MOST_JOINT
    blocks = np.zeros((len(items) * size, len(items) * size) if joint else (len(items), size, size))
    for rows in design.chunks(len(theta) * size):
        posterior = posterior_of(design, np.log(p), np.log(weight), rows)[0].astype(float)
        score = _person_scores(posterior, design.scores[rows], ratio)
        if joint:
            flat = score.reshape(len(score), -1)
            blocks += flat.T @ flat
        else:
            blocks += np.einsum("njp,njq->jpq", score, score, optimize=True)
    return _errors(items, blocks if joint else _spread(blocks), joint)


def _person_scores(posterior: Floats, codes: Codes, ratio: Floats) -> Floats:
    """Return (N, J, P) expected derivatives of each person's log-likelihood."""
    out = np.zeros((len(codes), ratio.shape[0], ratio.shape[3]))
    for j in range(ratio.shape[0]):
        by_category = np.einsum("nk,kcp->ncp", posterior, ratio[j], optimize=True)
        given = codes[:, j] >= 0
        out[given, j] = by_category[given, codes[given, j]]
    return out


def _spread(blocks: Floats) -> Floats:
    """Invert item blocks one by one, leaving parameters without information out."""
    return np.asarray(np.linalg.pinv(blocks), np.float64)


def _errors(items: Items, matrix: Floats, joint: bool) -> StandardErrors:
    if joint:
        matrix = _joint_covariance(items, matrix)
    steps = items.intercept.shape[1]
    a, d = items.slope[:, None], items.intercept
    slope_var = matrix[:, 0, 0]
    own = np.stack([matrix[:, m + 1, m + 1] for m in range(steps)], axis=1)
    cross = np.stack([matrix[:, 0, m + 1] for m in range(steps)], axis=1)
    variance = own / a**2 + d**2 * slope_var[:, None] / a**4 - 2 * d * cross / a**3
    guess = np.zeros(len(items))
    if items.model is Model.THREE:
        guess = items.guess * (1 - items.guess) * np.sqrt(np.maximum(matrix[:, 2, 2], 0))
    found = np.where(items.valid, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    return StandardErrors(np.sqrt(np.maximum(slope_var, 0.0)), found, guess)


def _joint_covariance(items: Items, information: Floats) -> Floats:
    """Invert the whole information (one slope when it is common); return each item's own block."""
    count = len(items)
    size = len(information) // count
    merge = np.eye(len(information))
    if items.model.common_slope:
        slopes = np.arange(count) * size
        shared = np.zeros((len(information), 1))
        shared[slopes] = 1.0
        merge = np.concatenate([shared, np.delete(merge, slopes, axis=1)], axis=1)
    covariance = merge @ np.linalg.pinv(merge.T @ information @ merge, hermitian=True) @ merge.T
    return np.stack([covariance[j * size : (j + 1) * size, j * size : (j + 1) * size] for j in range(count)])
