"""Quality of tables: rules of seven kinds over Parquet, every failing row findable, profiles that suggest rules."""

from zhiwei.engines.quality.errors import QualityError
from zhiwei.engines.quality.forms import FORMATS, MOST_VALUES, OPERATORS, SHAPES, Shape, check_rule
from zhiwei.engines.quality.profiling import profile
from zhiwei.engines.quality.reading import failing_rows, rows_at
from zhiwei.engines.quality.running import check
from zhiwei.engines.quality.suggesting import suggest_rules
from zhiwei.engines.quality.values import (
    Checked,
    ColumnProfile,
    Dimension,
    Form,
    Limits,
    Outcome,
    Rule,
    Table,
)
from zhiwei.engines.quality.wholes import psi

__all__ = [
    "FORMATS", "MOST_VALUES", "OPERATORS", "SHAPES", "Checked", "ColumnProfile", "Dimension", "Form", "Limits",
    "Outcome", "QualityError", "Rule", "Shape", "Table", "check", "check_rule", "failing_rows", "profile", "psi",
    "rows_at", "suggest_rules",
]  # fmt: skip
