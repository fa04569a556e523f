"""Kernel regression over answers to other questions: like answers to like questions deserve like marks.

Two questions of one topic share wrong ideas. The kernel is a sum of likeness in the measures (smooth and straight)
and of a product: nearness of the two answers times nearness of their two references.

Source: Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), equation 2.25.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
_NOISE = 5.0
_STRAIGHT = 0.2
_SMOOTH = 4.0
_ANSWERS, _REFERENCES = 0.8, 0.5
_CHECKED, _LARGEST, _STEADY = 1_000, 100, 10.0
"""Answers left out question by question to set the doubt; most of one question; pull towards no change."""
_MOST = 5_000
"""More answers than this are drawn by lot: the cost grows with the cube."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of answers: measures (n, d), sentence vectors (n, 512), vectors of their references (n, 512)."""

    measures: Floats
    answers: Floats
    references: Floats

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Sight:
        """Some of the answers."""
        return Sight(self.measures[rows], self.answers[rows], self.references[rows])


class Kindred:
    """Kernel ridge regression on marked answers to other questions, its doubt set on questions left out."""

    def __init__(self, seen: Sight, shares: Floats, questions: Floats, seed: int) -> None:
        """Learn shares of full marks (n,); ``questions`` (n,) numbers them. Cost: O(n³), n at most ``_MOST``."""
        if len(shares) > _MOST:
            rows = np.sort(np.random.default_rng(seed).choice(len(shares), _MOST, replace=False))
            seen, shares, questions = seen.take(rows), shares[rows], questions[rows]
        self._mean, self._spread = seen.measures.mean(axis=0), seen.measures.std(axis=0) + 1e-6
        self._middle = seen.answers.mean(axis=0)
        self._known = self._level(seen)
        self._usual = float(shares.mean())
        total = self._kernel(self._known)
        total[np.diag_indices_from(total)] += _NOISE
        factor = cho_factor(total, lower=True, overwrite_a=True, check_finite=False)
        target = (shares - self._usual).astype(np.float32)
        self._weights = cho_solve(factor, target, check_finite=False)
        held = _left_out(factor, self._weights, questions, np.random.default_rng(seed))
        missed = np.concatenate([rest for _, rest in held])
        asked = np.concatenate([rows for rows, _ in held])
        self._slope = _honest(shares[asked] - missed, shares[asked], self._usual)

    def chances(self, new: Sight) -> Floats:
        """Expected share of full marks (n,), 0–1."""
        found = self._usual + self._kernel(self._level(new)) @ self._weights
        return _steeper(np.asarray(found, dtype=float), self._slope, self._usual)

    def _level(self, seen: Sight) -> tuple[Singles, Singles, Singles]:
        """Measures with spread 1, and directions from the usual answer."""
        measures = ((seen.measures - self._mean) / self._spread).astype(np.float32)
        return measures, self._direction(seen.answers), self._direction(seen.references)

    def _direction(self, vectors: Floats) -> Singles:
        shifted = vectors - self._middle
        length = np.linalg.norm(shifted, axis=1, keepdims=True)
        return np.asarray(shifted / np.maximum(length, 1e-9), dtype=np.float32)

    def _kernel(self, new: tuple[Singles, Singles, Singles]) -> Singles:
        measures, answers, references = new
        known, their_answers, their_references = self._known
        straight = measures @ known.T / known.shape[1]
        lengths = (measures**2).mean(axis=1)[:, None] + (known**2).mean(axis=1)[None, :]
        total = np.exp((2.0 * straight - lengths) / _SMOOTH)
        total += _STRAIGHT * straight
        near = (answers @ their_answers.T - 1.0) / _ANSWERS
        near += (references @ their_references.T - 1.0) / _REFERENCES
        return np.asarray(total + np.exp(near))


def _left_out(
    factor: tuple[Singles, bool], weights: Singles, questions: Floats, rng: np.random.Generator
) -> list[tuple[NDArray[np.int64], Floats]]:
    """Rows of some questions, and by how much each is missed when its whole question is left out.

    Exact without learning again: with A the kernel with noise and B a question's rows, the misses are
    (A⁻¹)_BB⁻¹ (A⁻¹ y)_B (Rasmussen & Williams 2006, section 5.4.2, for blocks).
    """
    found, count = list[tuple[NDArray[np.int64], Floats]](), 0
    for question in rng.permutation(np.unique(questions)):
        rows = np.flatnonzero(questions == question)[:_LARGEST]
        unit = np.zeros((len(weights), len(rows)), dtype=np.float32)
        unit[rows, np.arange(len(rows))] = 1.0
        block = cho_solve(factor, unit, check_finite=False)[rows]
        found.append((rows, np.asarray(np.linalg.solve(block, weights[rows]), dtype=float)))
        count += len(rows)
        if count >= _CHECKED:
            break
    return found


def _honest(said: Floats, shares: Floats, usual: float) -> float:
    """How much steeper what was said of questions left out should be, to agree best with their marks.

    Only the slope about the usual share is set: questions differ in difficulty, so a few tell nothing of a shift.
    """

    def loss(slope: float) -> float:
        chance = np.clip(_steeper(said, slope, usual), 1e-6, 1.0 - 1e-6)
        missed = shares * np.log(chance) + (1.0 - shares) * np.log(1.0 - chance)
        return float(_STEADY * (slope - 1.0) ** 2 - missed.sum())

    return float(minimize_scalar(loss, bounds=(0.0, 4.0), method="bounded").x)


def _steeper(share: Floats, slope: float, usual: float) -> Floats:
    middle = _odds(np.array(usual))
    return np.asarray(1.0 / (1.0 + np.exp(-middle - slope * (_odds(share) - middle))))


def _odds(share: Floats) -> Floats:
    inside = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(inside / (1.0 - inside)))
