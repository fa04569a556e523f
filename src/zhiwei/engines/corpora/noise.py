"""Labels that the other answers contradict: wrong keys, slipped scores, poisoned rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.corpora.duplicates import plain

LEAST_ANSWERS = 40
FOLDS = 5
FAR = 0.5
"""Distance, in shares of full marks, below which a disagreement is a matter of judgement and not of noise."""
_ROBUST = 4.0
_FEATURES = 2**13


@dataclass(frozen=True, slots=True)
class Doubt:
    """One answer whose score the others contradict.

    Attributes:
        place: Index of the answer.
        given: Its share of full marks.
        expected: What the others say.
        why: ``same_text`` (equal answers earned otherwise) or ``predicted`` (a model that did not see it).
    """

    place: int
    given: float
    expected: float
    why: str


def doubtful_labels(texts: Sequence[str], shares: Sequence[float], *, seed: int = 0) -> list[Doubt]:
    """Return the answers to one question whose scores the other answers contradict.

    Two ways: an answer that folds to the same text as at least two others of one common score but has another; and,
    from 40 answers with at least 12 different texts on, one whose cross-validated prediction (ridge regression on
    character n-grams, five folds, equal texts in one fold) is more than half of full marks and four robust
    deviations away.

    Args:
        shares: Scores as shares of full marks.
        seed: Of the folds.
    """
    values = np.asarray(shares, dtype=float)
    folded = [plain(one) for one in texts]
    doubts = {one.place: one for one in _by_same_text(folded, values)}
    for one in _by_prediction(folded, values, seed):
        doubts.setdefault(one.place, one)
    return [doubts[place] for place in sorted(doubts)]


def _by_same_text(folded: Sequence[str], values: NDArray[np.float64]) -> list[Doubt]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(folded):
        if text:
            groups[text].append(place)
    found = []
    for members in groups.values():
        scores, counts = np.unique(values[members].round(6), return_counts=True)
        usual = float(scores[counts.argmax()])
        if scores.size > 1 and counts.max() >= max(2, 2 * (counts.sum() - counts.max())):
            found += [
                Doubt(one, float(values[one]), usual, "same_text")
                for one in members
                if abs(values[one] - usual) > 1e-6
            ]
    return found


def _by_prediction(folded: Sequence[str], values: NDArray[np.float64], seed: int) -> list[Doubt]:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold

    kinds = {text: number for number, text in enumerate(dict.fromkeys(folded))}
    if len(folded) < LEAST_ANSWERS or len(kinds) < 12 or float(values.std()) < 1e-9:
        return []
    vectors = HashingVectorizer(
        analyzer="char", ngram_range=(1, 3), n_features=_FEATURES, alternate_sign=False
    )
    unique = vectors.transform(list(kinds))
    groups = np.array([kinds[text] for text in folded])
    counts = np.bincount(groups).astype(float)
    means = np.bincount(groups, weights=values) / counts
    expected = np.empty(len(kinds))
    for train, held in KFold(FOLDS, shuffle=True, random_state=seed).split(np.arange(len(kinds))):
        model = Ridge(alpha=1.0, solver="lsqr", tol=1e-3)
        model.fit(unique[train], means[train], sample_weight=counts[train])
        expected[held] = np.clip(model.predict(unique[held]), 0, 1)
    predicted = expected[groups]
    gaps = values - predicted
    scale = 1.4826 * float(np.median(np.abs(gaps - np.median(gaps)))) or 1e-6
    far = np.flatnonzero((np.abs(gaps) > FAR) & (np.abs(gaps) > _ROBUST * scale))
    return [Doubt(int(one), float(values[one]), float(predicted[one]), "predicted") for one in far]
