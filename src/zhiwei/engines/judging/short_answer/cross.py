"""What likeness to the reference is worth, learned from marks on other questions.

A school that has marked other questions with their reference answers teaches the machine to judge a new
question from its reference answer alone. Nothing is shipped trained: the marks are the school's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import Ridge

from zhiwei.engines.judging.values import Item, Marked

from .likeness import likeness

Floats = NDArray[np.float64]
Parts = NDArray[np.int64]
Elsewhere = Sequence[tuple[Item, Marked]]
FEWEST = 40
_BOOSTED = {
    "objective": "cross_entropy",
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_child_samples": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}


class CrossModel:
    """Three unlike learners averaged: boosted trees, random trees and a line."""

    def __init__(self, measures: Floats, shares: Floats, seed: int) -> None:
        """Learn shares of full marks (n,) from measures (n, d)."""
        self._mean, self._spread = measures.mean(axis=0), measures.std(axis=0) + 1e-6
        data = lightgbm.Dataset(measures, shares)
        self._boosted = lightgbm.train(_BOOSTED | {"seed": seed}, data, 250)
        leaf = 5 if len(shares) >= 200 else 2
        self._trees = ExtraTreesRegressor(
            300, min_samples_leaf=leaf, max_features=0.4, random_state=seed, n_jobs=1
        )
        self._trees.fit(measures, shares)
        self._line = Ridge(30.0).fit(self._level(measures), shares)

    def _level(self, measures: Floats) -> Floats:
        return np.asarray((measures - self._mean) / self._spread)

    def chances(self, measures: Floats) -> Floats:
        """Expected share of full marks (n,), 0–1."""
        line = np.clip(self._line.predict(self._level(measures)), 0.0, 1.0)
        boosted = np.asarray(self._boosted.predict(measures))
        return np.asarray(0.4 * boosted + 0.4 * self._trees.predict(measures) + 0.2 * line)


ItemKey = tuple[str, tuple[str, ...]]
Row = tuple[ItemKey, float, str, float, bool]


def item_key(item: Item) -> ItemKey:
    """What of an item the model looks at: its stem and its references."""
    return item.stem, item.reference_texts()


def cross_chances(measures: Floats, lessons: Elsewhere, own: frozenset[ItemKey], seed: int) -> Floats | None:
    """Expected share of full marks of new answers; None when too few marks on other items are known.

    Args:
        measures: of the answers to judge.
        lessons: marks with their items, the judged item's own among them: they are left out of its model.
        own: keys of the judged item.
        seed: of what is drawn at random.

    The items are dealt into at most five parts and a model is made without each, so that any number of items
    judged from the same marks share five models.
    """
    if sum(item_key(item) not in own for item, _ in lessons) < FEWEST:
        return None
    rows = _rows(lessons)
    part_of = _parts(rows)
    left_out = frozenset(part_of[key] for key in own if key in part_of)
    return _model(rows, left_out, seed).chances(_beside_others(measures))


def cross_contradictions(
    measures: Floats, lessons: Elsewhere, own: frozenset[ItemKey], seed: int
) -> Floats | None:
    """How likely each answer says the opposite of what is right; None when too few marks note it."""
    if sum(m.contradicts and item_key(item) not in own for item, m in lessons) < FEWEST:
        return None
    rows = _rows(lessons)
    part_of = _parts(rows)
    left_out = frozenset(part_of[key] for key in own if key in part_of)
    return _denial_model(rows, left_out, seed).chances(_beside_others(measures))


def _rows(lessons: Elsewhere) -> tuple[Row, ...]:
    return tuple(
        (item_key(item), item.max_score, m.response.answer(), m.score, m.contradicts) for item, m in lessons
    )


_FEWEST_BESIDE = 5


def _beside_others(measures: Floats) -> Floats:
    """Measures (n, 2d): as they are, and how far above the other answers to the same question (0 when few)."""
    if len(measures) < _FEWEST_BESIDE:
        return np.hstack([measures, np.zeros_like(measures)])
    spread = measures.std(axis=0) + 0.05
    return np.hstack([measures, (measures - measures.mean(axis=0)) / spread])


_MOST_EXACT = 12
"""Up to so many items each is a part of its own."""


def _parts(rows: Sequence[Row]) -> dict[ItemKey, int]:
    keys = sorted({row[0] for row in rows})
    return {key: at % (5 if len(keys) > _MOST_EXACT else len(keys)) for at, key in enumerate(keys)}


def _by_item(rows: Sequence[Row]) -> dict[ItemKey, list[int]]:
    found: dict[ItemKey, list[int]] = {}
    for at, row in enumerate(rows):
        found.setdefault(row[0], []).append(at)
    return found


def _order(rows: Sequence[Row]) -> list[int]:
    """Places of the rows, item by item, as :func:`_table` has them."""
    return [at for places in _by_item(rows).values() for at in places]


@lru_cache(maxsize=3)
def _table(rows: tuple[Row, ...]) -> tuple[Floats, Floats, Parts]:
    """Measures, shares of full marks and part of every row, item by item."""
    by_item = _by_item(rows)
    part_of = _parts(rows)
    measures, shares, parts = list[Floats](), list[float](), list[int]()
    for key, places in by_item.items():
        measures.append(_beside_others(likeness([rows[at][2] for at in places], key[1], key[0])))
        shares.extend(rows[at][3] / rows[at][1] for at in places)
        parts.extend([part_of[key]] * len(places))
    return np.vstack(measures), np.array(shares), np.array(parts)


@lru_cache(maxsize=12)
def _model(rows: tuple[Row, ...], left_out: frozenset[int], seed: int) -> CrossModel:
    measures, shares, parts = _table(rows)
    kept = ~np.isin(parts, sorted(left_out))
    return CrossModel(measures[kept], shares[kept], seed)


@lru_cache(maxsize=12)
def _denial_model(rows: tuple[Row, ...], left_out: frozenset[int], seed: int) -> CrossModel:
    measures, _, parts = _table(rows)
    kept = ~np.isin(parts, sorted(left_out))
    denied = np.array([float(rows[at][4]) for at in _order(rows)])
    return CrossModel(measures[kept], denied[kept], seed)
