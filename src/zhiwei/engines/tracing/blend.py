"""Predict a log as it is read: the online model, stacked trees, and how far each has earned trust."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing.layout import TracingSettings
from zhiwei.engines.tracing.log import Block, Structure, run_block
from zhiwei.engines.tracing.stack import (
    MOST_ROWS,
    Features,
    StackedModel,
    fit_stack,
    fold_of,
    out_of_fold_features,
)
from zhiwei.engines.tracing.tables import Tables

Floats = NDArray[np.float64]
_FIRST_FIT = 4000


def _loss(logit: Floats, score: Floats) -> Floats:
    return np.logaddexp(0.0, logit) - score * logit


@dataclass(slots=True)
class Trust:
    """Weights of two predictors, moved by their losses on rows already answered (exponential weights)."""

    odds: float = 0.0
    step: float = 0.5

    def weight(self) -> float:
        """Return the share of the second predictor."""
        return float(1.0 / (1.0 + np.exp(-self.odds)))

    def learn(self, first: Floats, second: Floats, score: Floats) -> None:
        """Move the weight towards the predictor that lost less."""
        known = score >= 0
        gain = _loss(first[known], score[known]) - _loss(second[known], score[known])
        self.odds = float(np.clip(0.999 * self.odds + self.step * gain.sum(), -4.0, 4.0))


@dataclass(slots=True)
class Tracer:
    """Predicts blocks in order, each before learning from it; refits its trees when it has doubled its log.

    With ``train`` it starts from what other pupils' responses taught; without, it starts knowing nothing.
    """

    settings: TracingSettings = field(default_factory=TracingSettings)
    seed: int = 0
    tables: Tables = field(init=False)
    model: StackedModel | None = None
    trained: bool = False
    trust: Trust = field(default_factory=Trust)
    kept: list[tuple[Features, Floats, NDArray[np.int64]]] = field(default_factory=list)
    seen: int = 0
    next_fit: int = _FIRST_FIT

    def __post_init__(self) -> None:
        self.tables = Tables(self.settings)

    def train(self, block: Block, structure: Structure) -> None:
        """Learn items, points and the stacked trees from a training log."""
        block = block.take(block.score >= 0)
        sample = _sample(block, self.seed)
        features = out_of_fold_features(sample, structure, self.settings, seed=self.seed)
        self.model = fit_stack(features, sample.score, sample.pupil, seed=self.seed)
        run_block(self.tables, structure, block, features=False)
        self.tables = self.tables.forget_pupils()
        self.trained = True
        self.trust.odds = 3.0

    def next_size(self) -> int:
        """Return how many rows the next block may have: small while there is much to learn quickly."""
        if self.model is not None:
            return 20_000 if self.trained else int(np.clip(self.seen // 8, 500, 20_000))
        return 500

    def predict(self, block: Block, structure: Structure) -> Floats:
        """Return a probability a row, made before the row (but after the rows above it) was learned from."""
        features = run_block(self.tables, structure, block)
        online = features[:, 0].astype(np.float64)
        logit = online
        if self.model is not None:
            stacked = self.model.logits(features)
            share = self.trust.weight()
            logit = (1.0 - share) * online + share * stacked
            self.trust.learn(online, stacked, block.score)
        self._keep(features, block)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))

    def _keep(self, features: Features, block: Block) -> None:
        """Without a training log, keep rows to fit trees on, and fit when the log has doubled."""
        self.seen += len(block)
        if self.trained:
            return
        known = block.score >= 0
        self.kept.append((features[known], block.score[known], block.pupil[known]))
        while len(self.kept) > 2 and sum(len(one[1]) for one in self.kept[1:]) > MOST_ROWS:
            self.kept.pop(0)
        if self.seen >= self.next_fit:
            self.next_fit = 2 * self.seen
            rows, score, pupil = (np.concatenate(parts) for parts in zip(*self.kept, strict=True))
            self.model = fit_stack(rows, score, pupil, seed=self.seed) or self.model


def _sample(block: Block, seed: int) -> Block:
    """Return the responses of so many pupils (chosen at random) as make at most ``MOST_ROWS`` rows."""
    parts = max(1, round(len(block) / MOST_ROWS))
    return block if parts == 1 else block.take(fold_of(block.pupil, parts, seed + 1) == 0)
