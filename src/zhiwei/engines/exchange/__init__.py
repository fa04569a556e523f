"""Exchange: questions in and out: QTI 2.1/2.2/3.0, Moodle XML, GIFT, Aiken, Excel and Word templates.

What comes in is hostile until checked: sizes and members before reading, XML without entities, HTML cleaned.
What was not understood is listed item by item, never dropped in silence.
"""

from __future__ import annotations

from zhiwei.engines.exchange.moodle_writing import write_moodle
from zhiwei.engines.exchange.pictures import drawing_of
from zhiwei.engines.exchange.qti_writing import write_qti
from zhiwei.engines.exchange.reading import FORMATS, read_questions
from zhiwei.engines.exchange.sheets import template_workbook
from zhiwei.engines.exchange.values import ExchangeError, Imported, Refused, Taken, Written

__all__ = [
    "FORMATS",
    "ExchangeError",
    "Imported",
    "Refused",
    "Taken",
    "Written",
    "drawing_of",
    "read_questions",
    "template_workbook",
    "write_moodle",
    "write_qti",
]
