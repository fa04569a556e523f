"""Tables that leave the house: Excel workbooks whose cells are text or numbers, never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | None


def escaped(text: str) -> str:
    """Return text that no spreadsheet takes for a formula (CSV injection), also after saving as CSV."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet; written row by row, so large tables need little memory."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 18)
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, escaped(cell))
    return out.getvalue()
