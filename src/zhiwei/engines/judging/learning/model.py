"""Learning a teacher's marks from a few marked answers and the whole pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import encode

from .blending import blended
from .blocks import View, block, text_blocks
from .boosting import answer_traits
from .expectation import SLOPE, expectations
from .process import Weights, condition, default_weights, fit_weights, mix, predict, variances
from .scale import Scale, Seen, fit_scale, mark_levels

Floats = NDArray[np.float64]
_FIT_ANSWERS = 400
_BOOST_FROM = 300
_NOISE = 0.4


@dataclass(frozen=True, slots=True)
class Pool:
    """Marked answers first, then those to be judged.

    Attributes:
        blocks: views of the pool (see :func:`~.blocks.text_blocks`).
        facts: (pool, k) standardised measures that should raise the mark.
        slopes: (k,) prior rise of the mark for each, in its standard deviations.
        traits: (pool, d) any further measures, for the trees alone.
        counts: how much each view counts before any mark is seen; empty: all alike.
        smooth: (pool, d) standardised measures for the support vectors; none: only trees and process.
    """

    texts: Sequence[str]
    blocks: Sequence[View]
    facts: Floats
    slopes: Floats
    traits: Floats
    counts: tuple[float, ...] = ()
    smooth: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Learned:
    """Values for every pool member after learning, and the scale that turns them into marks.

    ``values[:n]`` of marked answers are leave-one-out values.
    """

    values: Floats
    scale: Scale
    weights: Weights


def pool_of(
    texts: Sequence[str], seed: int, facts: Floats | None = None, slopes: Floats | None = None
) -> Pool:
    """Look at a pool of answers in every way the model knows.

    Args:
        texts: marked answers, then the ones to judge.
        facts: further (pool, k) measures known to matter for this item, e.g. likeness to the reference.
        slopes: (k,) what each is expected to be worth.
    """
    vectors = encode(texts)
    measures, worth = expectations(texts, vectors), np.full(2, SLOPE)
    if facts is not None and slopes is not None and facts.size:
        measures, worth = np.hstack([measures, facts]), np.append(worth, slopes)
    views = [*text_blocks(texts, vectors, seed), block(measures)]
    return Pool(texts, views, measures, worth, answer_traits(texts, vectors))


def learn(pool: Pool, scores: Sequence[float], max_score: float, seed: int) -> Learned:
    """Learn from the first ``len(scores)`` members of the pool; at least two marks are needed.

    Cost: O(n³) for n marks with a small constant (2 s at 1,800); the pool adds O(n · pool).
    """
    given = np.asarray(scores, dtype=float)
    middle, spread = float(given.mean()), max(float(given.std()), 0.1 * max_score)
    expected = pool.facts @ pool.slopes
    target = (given - middle) / spread - expected[: len(given)]
    weights = _weights(pool, target, seed)
    values, spreads = _process(pool, weights, target)
    values = values + expected
    if len(given) >= _BOOST_FROM:
        facts = np.hstack([pool.facts, pool.traits])
        values = blended(pool.texts, values, facts, pool.smooth, (given - middle) / spread, seed)
    values, spreads = values * spread + middle, spreads * spread
    cut = len(given)
    seen = Seen(given, values[:cut], spreads[:cut], values[cut:], spreads[cut:])
    return Learned(values, fit_scale(seen, mark_levels(scores, max_score)), weights)


def _process(pool: Pool, weights: Weights, target: Floats) -> tuple[Floats, Floats]:
    """Values and standard deviations of the whole pool; leave-one-out for the marked."""
    marked, rest = np.arange(len(target)), np.arange(len(target), len(pool))
    posterior = condition(weights, [b.gram(marked, marked) for b in pool.blocks], target)
    cross = mix(weights, [b.gram(rest, marked) for b in pool.blocks])
    own = mix(weights, [b.own(rest)[:, None] for b in pool.blocks]).ravel()
    spread = np.append(posterior.held_out_variance, variances(posterior, cross, own) + weights.noise)
    return np.append(posterior.held_out_mean, predict(posterior, cross)), np.sqrt(spread)


def _weights(pool: Pool, target: Floats, seed: int) -> Weights:
    prior = Weights(np.array(pool.counts), _NOISE) if pool.counts else default_weights(len(pool.blocks))
    rows = np.arange(len(target))
    if len(rows) > _FIT_ANSWERS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _FIT_ANSWERS, replace=False))
    return fit_weights([b.gram(rows, rows) for b in pool.blocks], target[rows], prior)
