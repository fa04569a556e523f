"""Many marks: boosted trees over what the process says; with smooth measures all three learners averaged.

Each errs in its own way where many measures tell of the mark (English essays); elsewhere trees alone do better.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold
from sklearn.svm import SVR

from .boosting import boosted

Floats = NDArray[np.float64]
_FOLDS = 5
_REACH = 0.225
"""Likeness falls to 1/e at this share of the usual squared distance, turned round."""


def blended(
    texts: Sequence[str], values: Floats, facts: Floats, smooth: Floats, target: Floats, seed: int
) -> Floats:
    """Values for the whole pool.

    Args:
        texts: marked answers, then the others.
        values: (pool,) what the process says, leave-one-out for the marked ones.
        facts: (pool, k) measures for the trees.
        smooth: (pool, d) measures for the support vectors; none when d is 0.
        target: (n,) standardised marks.

    Returns:
        (pool,) values; those of marked answers come from learners that did not see them.
    """
    trees = boosted(texts, values, facts, target, seed)
    if not smooth.shape[1]:
        return trees
    return np.asarray(np.mean([values, trees, supported(smooth, target, seed)], axis=0))


def supported(features: Floats, target: Floats, seed: int) -> Floats:
    """Values (pool,) from support vectors over measures; five-fold for the marked ones."""
    count = len(target)
    width = _REACH / max(float(features.var(axis=0).sum()), 1e-9)
    learner = SVR(C=1.0, gamma=width, epsilon=0.1)
    out = np.zeros(len(features))
    for seen, unseen in KFold(_FOLDS, shuffle=True, random_state=seed).split(features[:count]):
        out[unseen] = learner.fit(features[seen], target[seen]).predict(features[unseen])
    if len(features) > count:
        out[count:] = learner.fit(features[:count], target).predict(features[count:])
    return out
