"""Item response theory: calibration, scoring, fit, differential functioning, linking."""

from zhiwei.engines.psychometrics.calibration import Calibration, CalibrationSettings, calibrate, nodes_of
from zhiwei.engines.psychometrics.dif import LogisticDif, MantelHaenszel, logistic_dif, mantel_haenszel
from zhiwei.engines.psychometrics.errors import ScoreMatrixError
from zhiwei.engines.psychometrics.fit import (
    ItemFit,
    MeanSquares,
    mean_squares,
    s_x2,
    sum_score_distribution,
)
from zhiwei.engines.psychometrics.items import (
    Items,
    Model,
    expected_scores,
    information,
    items_2pl,
    items_polytomous,
    probabilities,
)
from zhiwei.engines.psychometrics.linking import Link, mean_sigma, stocking_lord
from zhiwei.engines.psychometrics.precision import StandardErrors, standard_errors
from zhiwei.engines.psychometrics.scoring import Abilities, score_eap, score_wle
from zhiwei.engines.psychometrics.tables import ScoreMatrix, read_items, read_scores, write_rows

__all__ = [
    "Abilities",
    "Calibration",
    "CalibrationSettings",
    "ItemFit",
    "Items",
    "Link",
    "LogisticDif",
    "MantelHaenszel",
    "MeanSquares",
    "Model",
    "ScoreMatrix",
    "ScoreMatrixError",
    "StandardErrors",
    "calibrate",
    "expected_scores",
    "information",
    "items_2pl",
    "items_polytomous",
    "logistic_dif",
    "mantel_haenszel",
    "mean_sigma",
    "mean_squares",
    "nodes_of",
    "probabilities",
    "read_items",
    "read_scores",
    "s_x2",
    "score_eap",
    "score_wle",
    "standard_errors",
    "stocking_lord",
    "sum_score_distribution",
    "write_rows",
]
