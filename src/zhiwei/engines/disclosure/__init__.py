"""Answers about groups that do not give single people away: read a query, plan it, protect what it finds."""

from zhiwei.engines.disclosure.cells import Cell, Figure, Measured
from zhiwei.engines.disclosure.errors import RefusedQueryError
from zhiwei.engines.disclosure.plan import BUCKETS, MOST_CELLS, ROW, Plan, plan_query
from zhiwei.engines.disclosure.protect import Earlier, Protection, protect
from zhiwei.engines.disclosure.query import PERSON, ColumnShape, Kind, Output, Query, read_query
from zhiwei.engines.disclosure.results import Result, present

__all__ = [
    "BUCKETS", "MOST_CELLS", "PERSON", "ROW", "Cell", "ColumnShape", "Earlier", "Figure", "Kind", "Measured", "Output",
    "Plan", "Protection", "Query", "RefusedQueryError", "Result", "plan_query", "present", "protect", "read_query",
]  # fmt: skip
