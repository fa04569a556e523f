"""Numbers and quantities as pupils write them: read, converted, compared, with the kind of mistake named."""

from __future__ import annotations

from .comparing import Outcome, Rules, Verdict, compare
from .numbers import Number, scan_number
from .numerals import chinese_number
from .reading import Quantity, Unread, read_quantity
from .tidying import tidy
from .units import Unit, read_unit

__all__ = [
    "Number",
    "Outcome",
    "Quantity",
    "Rules",
    "Unit",
    "Unread",
    "Verdict",
    "chinese_number",
    "compare",
    "read_quantity",
    "read_unit",
    "scan_number",
    "tidy",
]
