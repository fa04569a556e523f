"""Word problems of *Verify-then-Generate*: first wrong step and category five-fold, false alarms.

Coefficients are fitted on four fifths with the reference solutions at hand and tried on the fifth left out. The
peers are always the same step and always the same category.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.judging_data import there
from benchmarks.judging_frame import Row
from zhiwei.engines.maths import check_prose
from zhiwei.engines.maths.steps.evidence import describe, measure, setting
from zhiwei.engines.maths.steps.prose import most_likely
from zhiwei.engines.maths.steps.quantities import read_line

FILE = Path("maths_steps/verify_then_generate_dev.json")
FOLDS = 5
Floats = NDArray[np.float64]


class Line(TypedDict):
    """One line of the data set."""

    problem: str
    reference_solution: str
    student_incorrect_solution: list[str]
    incorrect_index: int
    error_category: str
    student_correct_response: str


def rows(data: Path, quick: bool) -> list[Row]:
    """The rows of this section."""
    lines = json.loads(there(data / FILE, "Verify-then-Generate").read_text(encoding="utf-8"))
    steps, kinds = cross_validated(lines, 1 if quick else FOLDS)
    usual_step = Counter(one["incorrect_index"] for one in lines).most_common(1)[0][1] / len(lines)
    usual_kind = Counter(one["error_category"] for one in lines).most_common(1)[0][1] / len(lines)
    return [
        Row("steps", "first wrong step found, five-fold", steps, 0.25, 0.42, peer=usual_step),
        Row("steps", "error category, five-fold", kinds, 0.28, 0.40, peer=usual_kind),
        Row("steps", "false alarms on right solutions", alarms(lines), None, 0.05, higher_is_better=False),
    ]


def cross_validated(lines: Sequence[Line], number: int) -> tuple[float, float]:
    """Shares of first wrong steps and of categories found on the parts held out."""
    solutions = [[read_line(text) for text in one["student_incorrect_solution"]] for one in lines]
    frames = [setting(one["problem"], one["reference_solution"].split("\n")) for one in lines]
    table = [measure(one, frame) for one, frame in zip(solutions, frames, strict=True)]
    wanted = [one["incorrect_index"] for one in lines]
    kinds = np.array([one["error_category"] for one in lines])
    order = np.random.default_rng(0).permutation(len(lines))
    hits, named = list[bool](), list[bool]()
    for fold in range(number):
        held = order[fold::FOLDS]
        rest = np.setdiff1d(order, held)
        weights = fit([np.array(table[i]) for i in rest], [wanted[i] for i in rest]).tolist()
        found = [most_likely(one, weights) for one in table]
        features = np.array([describe(*one) for one in zip(solutions, frames, found, table, strict=True)])
        model = LogisticRegression(C=0.3, max_iter=2000, fit_intercept=False).fit(features[rest], kinds[rest])
        hits += [found[i] == wanted[i] for i in held]
        named += list(model.predict(features[held]) == kinds[held])
    return float(np.mean(hits)), float(np.mean(named))


def fit(tables: Sequence[Floats], wanted: Sequence[int], strength: float = 10.0) -> Floats:
    """Conditional logistic regression over the lines of each solution."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for features, hit in zip(tables, wanted, strict=True):
            scores = features @ weights
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            total -= float(np.log(odds[hit] + 1e-12))
            slope -= features[hit] - odds @ features
        return total + strength / 2 * float(weights @ weights), slope + strength * weights

    return np.asarray(minimize(loss, np.zeros(tables[0].shape[1]), jac=True, method="L-BFGS-B").x)


def alarms(lines: Sequence[Line]) -> float:
    """Share of right solutions in which a wrong step is claimed."""
    claimed = 0
    for one in lines:
        sentences = re.split(r"(?<=[.!?])\s+", one["student_correct_response"])
        verdict = check_prose(one["problem"], one["reference_solution"].split("\n"), sentences)
        claimed += verdict.first_wrong is not None
    return claimed / len(lines)
