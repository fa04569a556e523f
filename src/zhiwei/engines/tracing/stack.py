"""Gradient-boosted trees over the online features, fitted on features no fitted fold has seen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing.layout import FEATURE_COUNT, FEATURES, TracingSettings
from zhiwei.engines.tracing.log import Block, Structure, run_block
from zhiwei.engines.tracing.tables import Tables

Features = NDArray[np.float32]
Floats = NDArray[np.float64]

LEAST_ROWS = 2000
MOST_ROWS = 400_000


class Booster(Protocol):
    """What is used of a fitted LightGBM model."""

    def predict(self, data: Features, *, raw_score: bool, num_threads: int) -> Floats: ...


@dataclass(frozen=True, slots=True)
class StackedModel:
    """Fitted trees; predicts logits from feature rows."""

    booster: Booster
    rounds: int

    def logits(self, features: Features) -> Floats:
        """Return one logit a row."""
        return self.booster.predict(features, raw_score=True, num_threads=_threads())


def _threads() -> int:
    """Return how many threads to use: one unless told: waiting threads cost more on a busy machine."""
    return max(1, int(os.environ.get("OMP_NUM_THREADS") or 1))


def _settings(rows: int, seed: int) -> dict[str, object]:
    """Return settings whose capacity follows the number of rows."""
    return {
        "objective": "cross_entropy",
        "learning_rate": 0.05,
        "num_leaves": 31 if rows > 50_000 else 15,
        "min_data_in_leaf": int(np.clip(rows // 1000, 20, 200)),
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "verbose": -1,
        "num_threads": _threads(),
        "seed": seed,
        "deterministic": True,
        "force_col_wise": True,
    }


def fit_stack(
    features: Features, score: Floats, group: NDArray[np.int64], *, seed: int = 0
) -> StackedModel | None:
    """Fit trees on feature rows made before their responses were learned from.

    The number of rounds is chosen on one fifth of the groups (pupils), then all rows are used.

    Args:
        features: (rows, features), each made without knowledge of its own or later responses.
        score: Scores in [0, 1].
        group: Pupil code a row.
        seed: Seed of the bagging.

    Returns:
        The model, or None when there are too few rows, or only one kind of score.
    """
    import lightgbm

    if len(score) < LEAST_ROWS or score.min() == score.max():
        return None
    held = fold_of(group, 5, seed) == 0
    settings = _settings(len(score), seed)
    rounds = 150
    if 200 <= held.sum() < len(score):
        inner = lightgbm.Dataset(features[~held], score[~held], feature_name=list(FEATURES))
        outer = lightgbm.Dataset(features[held], score[held], reference=inner)
        stop = lightgbm.early_stopping(25, verbose=False)
        first = lightgbm.train(settings, inner, 600, valid_sets=[outer], callbacks=[stop])
        rounds = max(20, int(first.best_iteration * 1.1))
    whole = lightgbm.Dataset(features, score, feature_name=list(FEATURES))
    return StackedModel(cast(Booster, lightgbm.train(settings, whole, rounds)), rounds)


def fold_of(group: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """Return a fold a row, the same for all rows of a group."""
    chosen = np.random.default_rng(seed).integers(0, folds, int(group.max(initial=0)) + 1)
    return chosen[group]


def out_of_fold_features(
    block: Block, structure: Structure, settings: TracingSettings, *, folds: int = 5, seed: int = 0
) -> Features:
    """Return features of training responses as a new pupil's would look to a system that knew the others.

    For each fold of pupils, items and points are learned from the other folds; then the fold's responses are
    run in order.
    """
    out = np.zeros((len(block), FEATURE_COUNT), np.float32)
    fold = fold_of(block.pupil, folds, seed)
    for f in range(folds):
        mine = fold == f
        if mine.any():
            tables = Tables(settings)
            run_block(tables, structure, block.take(~mine), features=False)
            out[mine] = run_block(tables.forget_pupils(), structure, block.take(mine))
    return out
