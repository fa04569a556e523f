"""Answer sheets: from questions to printed pages, and the template by which scans of them are read."""

from zhiwei.engines.sheets.codes import BLANK_SHEET, CheckedCode, SheetCode, decode_code, encode_code
from zhiwei.engines.sheets.errors import SheetError
from zhiwei.engines.sheets.formula import runs_of
from zhiwei.engines.sheets.layout import PAGE_MARK, SheetLayout, lay_out
from zhiwei.engines.sheets.paper import PAPERS, Paper
from zhiwei.engines.sheets.spec import KINDS, Pupil, Question, SheetSpec, answer_space_for
from zhiwei.engines.sheets.template import (
    REGION_KINDS,
    Box,
    Cell,
    Marker,
    PageTemplate,
    Region,
    Rule,
    Template,
)
from zhiwei.engines.sheets.typeset import render_sheets, typeset

__all__ = [
    "BLANK_SHEET",
    "KINDS",
    "PAGE_MARK",
    "PAPERS",
    "REGION_KINDS",
    "Box",
    "Cell",
    "CheckedCode",
    "Marker",
    "PageTemplate",
    "Paper",
    "Pupil",
    "Question",
    "Region",
    "Rule",
    "SheetCode",
    "SheetError",
    "SheetLayout",
    "SheetSpec",
    "Template",
    "answer_space_for",
    "decode_code",
    "encode_code",
    "lay_out",
    "render_sheets",
    "runs_of",
    "typeset",
]
