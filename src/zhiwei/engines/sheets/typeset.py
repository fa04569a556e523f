"""Turn a layout into PDF with Typst, all pupils of a class in one file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files

from zhiwei.engines.sheets.codes import BLANK_SHEET, SheetCode, encode_code
from zhiwei.engines.sheets.errors import SheetError
from zhiwei.engines.sheets.header import name_lines
from zhiwei.engines.sheets.layout import SheetLayout, lay_out
from zhiwei.engines.sheets.prints import Json, Print, TextPrint, print_as_json
from zhiwei.engines.sheets.spec import Pupil, SheetSpec
from zhiwei.engines.sheets.template import Box, PageTemplate

_MOST_SHEETS = 3000


def render_sheets(spec: SheetSpec, key: bytes) -> bytes:
    """The PDF of every sheet a specification asks for, pupil after pupil.

    Args:
        spec: what to print.
        key: secret that signs the codes; empty bytes leave them unsigned.

    Returns:
        PDF bytes.

    Raises:
        SheetError: more than 3,000 sheets in one file, or a sheet of more than 99 pages.
    """
    layout = lay_out(spec)
    blanks = spec.blank_copies or (0 if spec.pupils else 1)
    sheets: list[Pupil | None] = [*spec.pupils, *([None] * blanks)]
    if len(sheets) > _MOST_SHEETS:
        raise SheetError(f"pupils: {len(sheets)} sheets in one file, at most {_MOST_SHEETS}")
    program = files("zhiwei.engines.sheets").joinpath("sheet.typ").read_text("utf-8")
    return typeset(program, _job(layout, sheets, key))


def typeset(program: str, job: Json) -> bytes:
    """Run a fixed program of ours over data; the program never evaluates any of it.

    Args:
        program: Typst. ``job`` holds the data; ``formula(tree)`` and ``run(piece)`` draw what ``split_formulas`` gave.
        job: The data, as JSON holds it.

    Returns:
        PDF bytes, the same for the same input.

    Raises:
        SheetError: the typesetter gave no PDF.
    """
    import pylopdf_fonts_zh_cn
    import typst

    formulas = files("zhiwei.engines.sheets").joinpath("formula.typ").read_text("utf-8")
    data = json.dumps(job, ensure_ascii=False)
    fonts = str(pylopdf_fonts_zh_cn.sans_path().parent)
    compiler = typst.Compiler(ignore_system_fonts=True, font_paths=typst.Fonts(False, True, [fonts]))
    pdf: object = compiler.compile(
        (formulas + program).encode(),
        format="pdf",
        sys_inputs={"job": data},
        pdf_tags=False,
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise SheetError("the typesetter gave no PDF")
    return pdf


def _job(layout: SheetLayout, sheets: Sequence[Pupil | None], key: bytes) -> Json:
    pages = layout.template.pages
    numbers = sorted({marker.number for page in pages for marker in page.markers})
    return {
        "svgs": [_marker_svg(number) for number in numbers],
        "pages": [_page_job(page, ink, numbers) for page, ink in zip(pages, layout.prints, strict=True)],
        "sheets": [
            _sheet_job(layout, pupil, serial, key, last=serial + 1 == len(sheets))
            for serial, pupil in enumerate(sheets)
        ],
    }


def _page_job(page: PageTemplate, ink: Sequence[Print], numbers: list[int]) -> Json:
    assert page.qr is not None
    return {
        "width": page.width_mm,
        "height": page.height_mm,
        "qr": asdict(page.qr),
        "markers": [{"svg": numbers.index(m.number), **asdict(m.box)} for m in page.markers],
        "prints": [print_as_json(item) for item in ink],
    }


def _sheet_job(layout: SheetLayout, pupil: Pupil | None, serial: int, key: bytes, *, last: bool) -> Json:
    template = layout.template
    code = pupil.code if pupil else f"{BLANK_SHEET}{serial + 1:04d}"
    return {
        "last": last,
        "codes": [
            _qr_svg(encode_code(SheetCode(template.work, code, page.number), key)) for page in template.pages
        ],
        "prints": [[print_as_json(item) for item in _own_words(page, pupil)] for page in template.pages],
    }


def _own_words(page: PageTemplate, pupil: Pupil | None) -> list[Print]:
    """The pupil's name on every page, and on the name lines of the first."""
    if pupil is None or page.qr is None:
        return []
    who = " ".join(filter(None, (pupil.group, pupil.name, pupil.number)))
    words: list[Print] = [
        TextPrint(Box(page.qr.x - 62.0, page.qr.y + 9.0, 58.0, 6.0), who, 9.0, align="right")
    ]
    if page.number == 1:
        column = name_lines(17.0, 27.0 + 16.0)
        for box, text in zip(column, (pupil.name, pupil.group, pupil.number), strict=True):
            words.append(TextPrint(Box(box.x + 13.0, box.y, box.w - 13.0, box.h), text, 12.0))
    return words


def _qr_svg(text: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(text, error="q", micro=False, boost_error=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode("utf-8")


def _marker_svg(number: int) -> str:
    import cv2

    bits = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250), number, 6)
    dark = [(x, y) for y in range(6) for x in range(6) if not bits[y, x]]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 6"><path d="{path}"/></svg>'
