"""Boosted trees over word runs: worth their cost when a few hundred answers are marked."""

from __future__ import annotations

from collections.abc import Sequence

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from zhiwei.engines.text import fold, word_count, word_grams

Floats = NDArray[np.float64]
_FOLDS = 5
_ROUNDS = 130
_DIRECTIONS = 30
_SETTINGS = {
    "objective": "l2",
    "learning_rate": 0.045,
    "num_leaves": 15,
    "min_child_samples": 15,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 3.0,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}


def boosted(texts: Sequence[str], values: Floats, facts: Floats, target: Floats, seed: int) -> Floats:
    """Values for the whole pool from trees that see the process's values and which word runs occur.

    Args:
        texts: marked answers, then the others.
        values: (pool,) what the process says, leave-one-out for the marked ones.
        facts: (pool, k) further measures.
        target: (n,) standardised marks.

    Returns:
        (pool,) values; those of marked answers come from trees that did not see them.
    """
    features = _features(texts, values, facts)
    count = len(target)
    fold_of = np.random.default_rng(seed).permutation(count) % _FOLDS
    settings = _SETTINGS | {"seed": seed}
    out = np.zeros(len(texts))
    for fold_number in range(_FOLDS):
        seen, unseen = np.flatnonzero(fold_of != fold_number), np.flatnonzero(fold_of == fold_number)
        trees = lightgbm.train(settings, lightgbm.Dataset(features[seen], target[seen]), _ROUNDS)
        out[unseen] = np.asarray(trees.predict(features[unseen]))
        out[count:] += np.asarray(trees.predict(features[count:])) / _FOLDS if len(texts) > count else 0.0
    return out


def _features(texts: Sequence[str], values: Floats, facts: Floats) -> Floats:
    rare = max(4, len(texts) // 250)
    counter = CountVectorizer(analyzer=_runs, min_df=rare, binary=True, dtype=np.float32, max_features=2_000)
    occurs = sparse.csr_matrix(counter.fit_transform(texts))
    return np.hstack([values[:, None], facts, occurs.toarray()])


def _runs(text: str) -> list[str]:
    return word_grams(text, 3)


def answer_traits(texts: Sequence[str], vectors: Floats) -> Floats:
    """Sizes and punctuation of short texts, and their main directions of meaning, as (n, 35)."""
    rows = [
        [word_count(t), len(t), sum(map(str.isdigit, t)), fold(t).count(","), t.count('"')] for t in texts
    ]
    left, strength, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    places = left[:, :_DIRECTIONS] * strength[:_DIRECTIONS]
    return np.hstack([np.log1p(np.array(rows, dtype=float)), places])
