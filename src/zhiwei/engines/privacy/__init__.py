"""Find personal data in Chinese school texts, tables and pages; replace it; measure what risk remains."""

from zhiwei.engines.privacy.actions import (
    ACTIONS,
    DEFAULT_ACTIONS,
    Deidentified,
    Replacement,
    apply_actions,
    replace_value,
)
from zhiwei.engines.privacy.anonymity import RiskReport, distance, measure_risk, suppress_small_cells
from zhiwei.engines.privacy.detect import detect
from zhiwei.engines.privacy.files import UnreadableFileError, read_text
from zhiwei.engines.privacy.images import RedactedPage, TextRegion, ocr_lines, redact_page
from zhiwei.engines.privacy.lattice import Generalisation, find_generalisation, infer_hierarchy
from zhiwei.engines.privacy.noise import draw_discrete_laplace, private_count, private_mean
from zhiwei.engines.privacy.pseudonyms import Pseudonyms
from zhiwei.engines.privacy.roster import Roster, build_roster
from zhiwei.engines.privacy.spans import PRIORITY, Span
from zhiwei.engines.privacy.tables import class_of_heading, find_in_columns, find_in_pairs

__all__ = [
    "ACTIONS", "DEFAULT_ACTIONS", "PRIORITY", "Deidentified", "Generalisation", "Pseudonyms", "RedactedPage",
    "Replacement", "RiskReport", "Roster", "Span", "TextRegion", "UnreadableFileError", "apply_actions",
    "build_roster", "class_of_heading", "detect", "distance", "draw_discrete_laplace", "find_generalisation",
    "find_in_columns", "find_in_pairs", "infer_hierarchy", "measure_risk", "ocr_lines", "private_count",
    "private_mean", "read_text", "redact_page", "replace_value", "suppress_small_cells",
]  # fmt: skip
