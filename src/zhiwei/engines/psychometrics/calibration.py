"""Marginal maximum likelihood by EM (Bock & Aitkin 1981), vectorised over items, persons and nodes.

The M-step is Fisher scoring over all items at once; the sequence is accelerated by SQUAREM (Varadhan & Roland
2008) and falls back to plain EM whenever a jump would lower the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.psychometrics.items import Floats, Items, Model, curves, sigmoid
from zhiwei.engines.psychometrics.responses import (
    Codes,
    Design,
    design_of,
    expected_counts,
    log_likelihood,
)

_WEAK = 0.01  # precision of the vague prior that keeps items nobody missed, or nobody got, finite


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """Nodes from −``reach`` to ``reach``; stop when no parameter moves by more than ``tolerance``.

    ``guess_mean`` and ``guess_precision`` are the normal prior on logit g in the three-parameter model.
    """

    nodes: int = 41
    reach: float = 5.0
    tolerance: float = 2e-4
    most_iterations: int = 500
    guess_mean: float = -1.4
    guess_precision: float = 2.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Estimated items on the scale where abilities are standard normal.

    ``log_likelihood`` is the marginal one at the estimates.
    """

    items: Items
    log_likelihood: float
    iterations: int
    converged: bool
    settings: CalibrationSettings


def nodes_of(settings: CalibrationSettings) -> tuple[Floats, Floats]:
    """Return quadrature nodes and standard normal weights."""
    theta = np.linspace(-settings.reach, settings.reach, settings.nodes)
    weight = np.exp(-(theta**2) / 2)
    return theta, weight / weight.sum()


def calibrate(scores: Codes, model: Model, settings: CalibrationSettings | None = None) -> Calibration:
    """Calibrate items.

    Args:
        scores: (N, J) categories from 0, −1 where the item was not given (booklets, absences).
        model: The response model.
        settings: Nodes and stopping rule.

    Returns:
        The calibrated items.

    Raises:
        ValueError: No responses, or a score above 1 under a dichotomous model.
    """
    chosen = settings or CalibrationSettings()
    design = design_of(scores)
    if model.dichotomous and design.steps.max() > 1:
        raise ValueError(
            f"item {int(np.argmax(design.steps)) + 1} has scores above 1; model {model} wants 0 and 1"
        )
    return _squarem(design, _start(design, model), chosen)


def _start(design: Design, model: Model) -> Items:
    """Begin at the observed proportions with a middling slope."""
    steps = design.steps
    codes = design.scores
    given = np.maximum((codes >= 0).sum(axis=0), 1)
    intercept = np.zeros((len(steps), int(steps.max())))
    for m in range(int(steps.max())):
        above = ((codes > m).sum(axis=0) + 0.5) / (given + 1.0)
        if model.adjacent:
            here = ((codes == m + 1).sum(axis=0) + 0.5) / ((codes == m).sum(axis=0) + 0.5)
            intercept[:, m] = np.log(here)
        else:
            intercept[:, m] = 1.2 * np.log(above / (1.0 - above))
    guess = np.full(len(steps), 0.2 if model is Model.THREE else 0.0)
    return Items(model, np.ones(len(steps)), intercept, guess, steps)


def expectation(design: Design, items: Items, settings: CalibrationSettings) -> tuple[Floats, Floats, float]:
    """Return expected counts (J, K, C), numbers given (J, K), and the marginal log-likelihood."""
    theta, weight = nodes_of(settings)
    log_p = np.log(np.maximum(curves(items, theta).p, 1e-30))
    total, counts, many = 0.0, np.zeros(log_p.shape), np.zeros(log_p.shape[:2])
    for rows in design.chunks(len(theta)):
        posterior, told = posterior_of(design, log_p, np.log(weight), rows)
        total += told
        more, given = expected_counts(design, posterior, rows, items)
        counts, many = counts + more, many + given
    return counts, many, total


def posterior_of(
    design: Design, log_p: Floats, log_weight: Floats, rows: slice
) -> tuple[NDArray[np.float32], float]:
    """Return posterior weights (rows, K) of the nodes and the rows' marginal log-likelihood."""
    joint = log_likelihood(design, log_p, rows)
    joint += log_weight.astype(np.float32)
    top = joint.max(axis=1, keepdims=True)
    joint -= top
    np.exp(joint, out=joint)
    mass = joint.sum(axis=1, keepdims=True)
    joint /= mass
    return joint, float(top.sum(dtype=float) + np.log(mass.astype(float)).sum())


def maximise(
    items: Items, counts: Floats, many: Floats, settings: CalibrationSettings, rounds: int = 2
) -> Items:
    """Take Fisher-scoring steps towards the parameters that fit the expected counts best."""
    theta, _ = nodes_of(settings)
    for _ in range(rounds):
        shape = curves(items, theta)
        p = np.maximum(shape.p, 1e-12)
        size = shape.by_parameter.shape[3]
        pull = np.einsum("jkc,jkcp->jp", counts / p, shape.by_parameter, optimize=True)
        scaled = shape.by_parameter * np.sqrt(many[:, :, None] / p)[..., None]
        flat = scaled.reshape(len(items), -1, size)
        bend = flat.transpose(0, 2, 1) @ flat
        _add_priors(items, pull, bend, settings)
        step = (
            _common(pull, bend)
            if items.model.common_slope
            else np.linalg.solve(bend, pull[..., None])[..., 0]
        )
        items = _moved(items, np.clip(step, -1.0, 1.0))
    return items


def _add_priors(items: Items, pull: Floats, bend: Floats, settings: CalibrationSettings) -> None:
    steps = items.intercept.shape[1]
    diagonal = np.arange(bend.shape[1])
    bend[:, diagonal, diagonal] += _WEAK
    pull[:, 0] -= _WEAK * (items.slope - 1.0)
    pull[:, 1 : steps + 1] -= _WEAK * np.where(items.valid, items.intercept, 0.0)
    if items.model is Model.THREE:
        logit = np.log(items.guess / (1 - items.guess))
        pull[:, 2] -= settings.guess_precision * (logit - settings.guess_mean)
        bend[:, 2, 2] += settings.guess_precision


def _common(pull: Floats, bend: Floats) -> Floats:
    """Solve for one slope step shared by all items and each item's own intercept steps."""
    own = np.linalg.solve(bend[:, 1:, 1:], np.stack([pull[:, 1:], bend[:, 1:, 0]], axis=2))
    slope = (pull[:, 0] - (bend[:, 0, 1:] * own[..., 0]).sum(axis=1)).sum()
    slope /= (bend[:, 0, 0] - (bend[:, 0, 1:] * own[..., 1]).sum(axis=1)).sum()
    return np.concatenate([np.full((len(pull), 1), slope), own[..., 0] - slope * own[..., 1]], axis=1)


def _moved(items: Items, step: Floats) -> Items:
    return _unpack(items, _pack(items) + step)


def _pack(items: Items) -> Floats:
    parts = [items.slope[:, None], items.intercept]
    if items.model is Model.THREE:
        parts.append(np.log(items.guess / (1 - items.guess))[:, None])
    return np.concatenate(parts, axis=1)


def _unpack(items: Items, packed: Floats) -> Items:
    steps = items.intercept.shape[1]
    intercept = packed[:, 1 : steps + 1].copy()
    if items.model is Model.GRADED:
        intercept = _ordered(intercept)
    guess = sigmoid(np.clip(packed[:, -1], -6, 0.5)) if items.model is Model.THREE else items.guess
    return Items(items.model, np.clip(packed[:, 0], -20, 20), np.clip(intercept, -50, 50), guess, items.steps)


def _ordered(intercept: Floats) -> Floats:
    """Keep graded intercepts falling, a little apart."""
    for m in range(1, intercept.shape[1]):
        intercept[:, m] = np.minimum(intercept[:, m], intercept[:, m - 1] - 1e-3)
    return intercept


def _squarem(design: Design, items: Items, settings: CalibrationSettings) -> Calibration:
    now, best, converged, iteration = items, -np.inf, False, 0
    while iteration < settings.most_iterations and not converged:
        counts, many, value = expectation(design, now, settings)
        one = maximise(now, counts, many, settings)
        counts, many, value_one = expectation(design, one, settings)
        two = maximise(one, counts, many, settings)
        iteration += 2
        start, first = _pack(now), _pack(one) - _pack(now)
        bend = _pack(two) - _pack(one) - first
        converged = bool(np.abs(_pack(two) - _pack(one)).max() < settings.tolerance)
        length = -float(np.sqrt((first**2).sum() / max((bend**2).sum(), 1e-30)))
        jumped = _unpack(now, start - 2 * length * first + length**2 * bend)
        best = max(value, value_one)
        now = two
        if not converged and length < -1.0 and np.isfinite(_pack(jumped)).all():
            counts, many, value = expectation(design, jumped, settings)
            iteration += 1
            if value >= best:
                now = maximise(jumped, counts, many, settings)
    return Calibration(now, expectation(design, now, settings)[2], iteration, converged, settings)
