"""The data room's door: rooms above hand in their data products here, from their ``AppConfig.ready``."""

from zhiwei.data.rules.products import (
    AnswerReader,
    DataProduct,
    register_answers,
    register_fields,
    register_flows,
    register_product,
)

__all__ = [
    "AnswerReader",
    "DataProduct",
    "register_answers",
    "register_fields",
    "register_flows",
    "register_product",
]
