"""The data room's door: rooms above hand in their data products here, from their ``AppConfig.ready``."""

from zhiwei.data.rules.products import (
    AnswerReader,
    DataProduct,
    register_answers,
    register_fields,
    register_flows,
    register_product,
)
from zhiwei.data.rules.tables import ColumnKind, SharedColumn, SharedTable, SourceRow, register_table

__all__ = [
    "AnswerReader",
    "ColumnKind",
    "DataProduct",
    "SharedColumn",
    "SharedTable",
    "SourceRow",
    "register_answers",
    "register_fields",
    "register_flows",
    "register_product",
    "register_table",
]
