"""PDF text with pages and headings: lines are joined to paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import BinaryIO

from zhiwei.engines.documents.values import Block, Limits, RefusedError

LEAST_TEXT = 8
"""Signs below which a page counts as a picture."""
_ENDS = re.compile(r"[。！？!?：:；;.”’）)]$")
_NUMBER = re.compile(r"\d+")
_HEADING_SIZE = 1.12
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int
    size: float


def read_pdf(file: BinaryIO, limits: Limits) -> tuple[list[Block], int, list[int]]:
    """Return blocks, the number of pages, and the pages that hold no text.

    Raises:
        RefusedError: Damaged, locked, or with too many pages or characters.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        raise RefusedError("encrypted" if "assword" in str(error) else "broken") from error
    if len(document) > limits.pages:
        raise RefusedError("too_many_pages")
    lines: list[_Line] = []
    pictures: list[int] = []
    signs = 0
    for number in range(1, len(document) + 1):
        page = _lines(document, number)
        told = sum(len(line.text) for line in page)
        signs += told
        if signs > limits.characters:
            raise RefusedError("too_long")
        lines += page
        if told < LEAST_TEXT:
            pictures.append(number)
    return _blocks(_without_running(lines, len(document))), len(document), pictures


def _lines(document: object, number: int) -> list[_Line]:
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    assert isinstance(document, pdfium.PdfDocument)
    try:
        page = document[number - 1]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    found: list[_Line] = []
    at = 0
    for piece in text.get_text_range().replace("\ufffe", "-").split("\n"):
        plain = piece.strip("\r ").strip()
        if plain:
            lead = at + len(piece) - len(piece.lstrip())
            found.append(_Line(plain, number, float(raw.FPDFText_GetFontSize(text.raw, lead))))
        at += len(piece) + 1
    text.close()
    page.close()
    return found


def _without_running(lines: list[_Line], pages: int) -> list[_Line]:
    """Leave out lines at the edge of a page that come again on half of the pages, and bare page numbers."""
    edges: dict[int, list[_Line]] = {}
    for line in lines:
        edges.setdefault(line.page, []).append(line)
    outer = [
        line for page in edges.values() for line in {id(page[0]): page[0], id(page[-1]): page[-1]}.values()
    ]
    seen = Counter(_NUMBER.sub("#", line.text) for line in outer)
    running = {text for text, times in seen.items() if pages >= 4 and times * 2 >= pages}
    dropped = {
        id(line)
        for line in outer
        if _NUMBER.sub("#", line.text) in running or re.fullmatch(r"[-—– ]*\d+[-—– ]*", line.text)
    }
    return [line for line in lines if id(line) not in dropped]


def _blocks(lines: list[_Line]) -> list[Block]:
    if not lines:
        return []
    sized = [line.size for line in lines for _sign in range(max(len(line.text) // 10, 1))]
    usual, width = median(sized), median(len(line.text) for line in lines)
    found: list[Block] = []
    waiting: list[_Line] = []
    for line in lines:
        if line.size > usual * _HEADING_SIZE and len(line.text) <= _LONGEST_HEADING:
            _close(found, waiting)
            found.append(Block(line.text, line.page, 1 if line.size > usual * 1.5 else 2))
            continue
        if waiting and waiting[-1].page != line.page and _ENDS.search(waiting[-1].text):
            _close(found, waiting)
        waiting.append(line)
        if _ENDS.search(line.text) and len(line.text) < 0.85 * width:
            _close(found, waiting)
    _close(found, waiting)
    return found


def _close(found: list[Block], waiting: list[_Line]) -> None:
    if not waiting:
        return
    text = waiting[0].text
    for line in waiting[1:]:
        if text.endswith("-") and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            wide = ord(text[-1]) > 0x2E80 or ord(line.text[0]) > 0x2E80
            text += ("" if wide else " ") + line.text
    found.append(Block(text, waiting[0].page))
    waiting.clear()
