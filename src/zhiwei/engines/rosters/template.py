"""The Excel template: one sheet for pupils, one for staff, text columns, a line of advice, no merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from zhiwei.engines.rosters.columns import PUPIL_COLUMNS, PUPILS, STAFF, STAFF_COLUMNS, Column

if TYPE_CHECKING:
    import xlsxwriter

_TEXT_ROWS = 5000


def template_xlsx() -> bytes:
    """Return the template as a workbook; its second row says what to write where and is skipped at import."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#EEF1F6", "bottom": 1, "num_format": "@"})
    advice = book.add_format({"italic": True, "font_color": "#667085", "text_wrap": True, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    for name, columns in ((PUPILS, PUPIL_COLUMNS), (STAFF, STAFF_COLUMNS)):
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(columns) - 1, 18, text)
        sheet.freeze_panes(2, 0)
        _write(sheet, columns, head, advice)
    book.close()
    return out.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[Column],
    head: xlsxwriter.format.Format,
    advice: xlsxwriter.format.Format,
) -> None:
    for place, column in enumerate(columns):
        sheet.write_string(0, place, f"{column.heading}{'*' if column.needed else ''}", head)
        sheet.write_string(1, place, column.advice, advice)
        if column.code:
            sheet.write_comment(0, place, column.code)
    sheet.set_row(1, 48)
    if "sex" in {column.field for column in columns}:
        at = [column.field for column in columns].index("sex")
        sheet.data_validation(2, at, _TEXT_ROWS, at, {"validate": "list", "source": ["男", "女"]})
