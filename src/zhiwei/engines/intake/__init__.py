"""Bringing tables in: read files as streams, suggest what columns are, convert, keep what does not fit with reasons."""

from zhiwei.engines.intake.converting import convert, reasons_of, row_numbers
from zhiwei.engines.intake.elements import Element, code_list, elements
from zhiwei.engines.intake.errors import IntakeError
from zhiwei.engines.intake.forgetting import forget
from zhiwei.engines.intake.mapping import Suggestion, check_fields, suggest
from zhiwei.engines.intake.reading import open_file, titled
from zhiwei.engines.intake.values import (
    Converted,
    Field,
    Kind,
    Limits,
    RawColumn,
    Reader,
    Reason,
    Row,
)

__all__ = [
    "Converted", "Element", "Field", "IntakeError", "Kind", "Limits", "RawColumn", "Reader", "Reason", "Row",
    "Suggestion", "check_fields", "code_list", "convert", "elements", "forget", "open_file", "reasons_of",
    "row_numbers", "suggest", "titled",
]  # fmt: skip
