"""``zhiwei irt``: calibrate items and score persons from a persons × items matrix."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.psychometrics.calibration import Calibration, calibrate
from zhiwei.engines.psychometrics.errors import ScoreMatrixError
from zhiwei.engines.psychometrics.fit import MeanSquares, mean_squares, s_x2
from zhiwei.engines.psychometrics.items import Model
from zhiwei.engines.psychometrics.precision import standard_errors
from zhiwei.engines.psychometrics.scoring import score_eap, score_wle
from zhiwei.engines.psychometrics.tables import ScoreMatrix, read_scores, write_rows


def main(argv: Sequence[str]) -> int:
    """Calibrate; returns 0, or 2 when the matrix cannot be used (told in one sentence)."""
    parser = argparse.ArgumentParser(prog="zhiwei irt", description=__doc__)
    parser.add_argument("responses", type=Path, help="persons × items, blank = not given")
    parser.add_argument("--model", choices=[m.value for m in Model] + ["rasch"], default="2pl")
    parser.add_argument("--out", type=Path, required=True, help="where to write item parameters")
    parser.add_argument("--scores", type=Path, help="where to write persons' abilities")
    chosen = parser.parse_args(argv)
    model = Model.ONE if chosen.model == "rasch" else Model(chosen.model)
    try:
        matrix = read_scores(chosen.responses)
        found = calibrate(matrix.scores, model)
        squares = mean_squares(found.items, matrix.scores, score_eap(found.items, matrix.scores).theta)
        _write_items(chosen.out, matrix, found, squares)
        if chosen.scores:
            _write_persons(chosen.scores, matrix, found, squares)
    except (ScoreMatrixError, ValueError, OSError) as error:
        print(f"zhiwei irt: {error}", file=sys.stderr)
        return 2
    state = "converged" if found.converged else "NOT converged"
    shape = "×".join(map(str, matrix.scores.shape))
    told = f"log-likelihood {found.log_likelihood:.3f}, {state} in {found.iterations} iterations"
    print(f"{model} on {shape}: {told}")
    return 0


def _write_items(path: Path, matrix: ScoreMatrix, found: Calibration, squares: MeanSquares) -> None:
    items, error = found.items, standard_errors(found, matrix.scores)
    steps = items.intercept.shape[1]
    labels = ["b"] if items.model.dichotomous else [f"b{m + 1}" for m in range(steps)]
    header = ["item", "model", "a", *labels, "c", "se_a", *(f"se_{name}" for name in labels), "se_c"]
    header += ["n", "infit", "outfit", "s_x2", "s_x2_df", "s_x2_p"]
    fit = np.full((3, len(items)), np.nan)
    if items.model.dichotomous and (matrix.scores >= 0).all(axis=1).any() and len(items) > 3:
        told = s_x2(items, matrix.scores)
        fit = np.stack([told.statistic, told.freedom.astype(float), told.p_value])
    given = (matrix.scores >= 0).sum(axis=0)
    write_rows(path, header, (
        [name, items.model.value, float(items.slope[j]), *items.difficulty[j].tolist(), float(items.guess[j]),
         float(error.slope[j]), *error.difficulty[j].tolist(), float(error.guess[j]), int(given[j]),
         float(squares.item_infit[j]), float(squares.item_outfit[j]), *fit[:, j].tolist()]
        for j, name in enumerate(matrix.items)
    ))  # fmt: skip


def _write_persons(path: Path, matrix: ScoreMatrix, found: Calibration, squares: MeanSquares) -> None:
    eap, wle = score_eap(found.items, matrix.scores), score_wle(found.items, matrix.scores)
    given = (matrix.scores >= 0).sum(axis=1)
    header = ["person", "theta", "se", "wle", "wle_se", "n", "infit", "outfit"]
    write_rows(path, header, (
        [name, float(eap.theta[i]), float(eap.standard_error[i]), float(wle.theta[i]),
         float(wle.standard_error[i]), int(given[i]), float(squares.person_infit[i]),
         float(squares.person_outfit[i])]
        for i, name in enumerate(matrix.persons)
    ))  # fmt: skip
