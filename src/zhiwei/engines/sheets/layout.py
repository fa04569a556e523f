"""From a specification to pages: where every answer space stands and what is printed around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from zhiwei.engines.sheets import paper as p
from zhiwei.engines.sheets.errors import SheetError
from zhiwei.engines.sheets.header import header_piece
from zhiwei.engines.sheets.pieces import (
    Piece,
    Placed,
    blank_pieces,
    boxes_piece,
    bubble_row,
    choice_pieces,
    free_piece,
    grid_pieces,
    label_text,
    line_pieces,
    stack,
    text_piece,
)
from zhiwei.engines.sheets.prints import Print, TextPrint
from zhiwei.engines.sheets.spec import Question, SheetSpec
from zhiwei.engines.sheets.template import Box, Marker, PageTemplate, Region, Template

PAGE_MARK = 10
"""The bottom middle mark's number is this plus the page's: a page is known even without its code."""
_TOP = p.EDGE_MM + p.QR_MM + 3.0
_MOST_PAGES = 99


@dataclass(frozen=True)
class SheetLayout:
    """The template to read by, and page by page the ink to print."""

    template: Template
    prints: tuple[tuple[Print, ...], ...]


def lay_out(spec: SheetSpec) -> SheetLayout:
    """Place every question of a specification on pages.

    Args:
        spec: what to print.

    Returns:
        Pages in order; with double-sided printing their number is even, so each pupil begins on a new leaf.

    Raises:
        SheetError: more pages than a sheet may have (99).
    """
    paper = p.PAPERS[spec.paper]
    columns = _columns(paper)
    placed = list(_flow(_pieces(spec, columns[0]), columns))
    double = paper.double_sided if spec.double_sided is None else spec.double_sided
    count = max(page for page, _ in placed)
    count += count % 2 if double else 0
    if count > _MOST_PAGES:
        raise SheetError(f"questions: the sheet would have {count} pages, at most {_MOST_PAGES} are possible")
    regions = _name_regions(placed)
    pages = tuple(_page(paper, number, tuple(regions[number])) for number in range(1, count + 1))
    prints = tuple(
        (
            *(ink for at, part in placed if at == number for ink in part.prints),
            *_caption(spec, paper, number, count),
        )
        for number in range(1, count + 1)
    )
    return SheetLayout(Template(spec.work, spec.title, pages), prints)


def _columns(paper: p.Paper) -> list[Box]:
    width = (paper.width_mm - 2 * p.MARGIN_MM - (paper.columns - 1) * p.GUTTER_MM) / paper.columns
    height = paper.height_mm - _TOP - p.MARGIN_MM
    return [Box(p.MARGIN_MM + i * (width + p.GUTTER_MM), _TOP, width, height) for i in range(paper.columns)]


def _pieces(spec: SheetSpec, column: Box) -> Iterator[Piece]:
    yield header_piece(spec, column.w)
    for bare, group in groupby(spec.questions, key=lambda q: q.kind == "choice" and not q.text):
        questions = list(group)
        if bare:
            yield from choice_pieces(questions, column.w)
        else:
            for question in questions:
                yield from _question_pieces(question, column)


def _question_pieces(question: Question, column: Box) -> list[Piece]:
    body = _answer_pieces(question, column)
    own_label = question.kind in {"choice", "digits", "letter", "blank"}
    words = " ".join(filter(None, ("" if own_label else label_text(question), question.text)))
    if words:
        body = [stack(text_piece(words, column.w), body[0]), *body[1:]]
    if question.kind in {"grid", "lines"}:
        body.append(Piece(3.0, lambda x, y: Placed(())))
    return body


def _answer_pieces(question: Question, column: Box) -> list[Piece]:
    if question.kind == "choice":
        return [Piece(6.2, lambda x, y: bubble_row(question, x, y))]
    if question.kind in {"digits", "letter"}:
        return [boxes_piece(question, column.w)]
    if question.kind == "blank":
        return blank_pieces(question, column.w)
    if question.kind == "lines":
        return line_pieces(question, column.w)
    if question.kind == "grid":
        return grid_pieces(question, column.w)
    return [free_piece(question, column.w, column.h - 40.0)]


def _flow(pieces: Iterator[Piece], columns: list[Box]) -> Iterator[tuple[int, Placed]]:
    page, index = 1, 0
    y = columns[0].y
    for piece in pieces:
        column = columns[index]
        if y + piece.height > column.y + column.h and y > column.y:
            index = (index + 1) % len(columns)
            page += index == 0
            column = columns[index]
            y = column.y
        yield page, piece.place(column.x, y)
        y += piece.height


def _name_regions(placed: list[tuple[int, Placed]]) -> dict[int, list[Region]]:
    """Join the rows of one grid or set of lines that stand together; number the parts of a question."""
    merged: list[tuple[int, Region]] = []
    for page, part in placed:
        for region in part.regions:
            if merged and merged[-1][0] == page and _continues(merged[-1][1], region):
                merged[-1] = (page, _joined(merged[-1][1], region))
            else:
                merged.append((page, region))
    totals: dict[str, int] = {}
    for _, region in merged:
        totals[region.question] = totals.get(region.question, 0) + 1
    seen: dict[str, int] = {}
    regions: dict[int, list[Region]] = {page: [] for page in range(1, _MOST_PAGES + 2)}
    for page, region in merged:
        seen[region.question] = part_number = seen.get(region.question, 0) + 1
        key = region.question if totals[region.question] == 1 else f"{region.question}.{part_number}"
        regions[page].append(replace(region, key=key or region.key))
    return regions


def _continues(above: Region, below: Region) -> bool:
    return (
        below.kind in {"grid", "lines"}
        and above.kind == below.kind
        and above.question == below.question
        and abs(above.box.x - below.box.x) < 0.01
        and 0 <= below.box.y - above.box.y - above.box.h < 5.0
    )


def _joined(above: Region, below: Region) -> Region:
    height = below.box.y + below.box.h - above.box.y
    return replace(above, box=replace(above.box, h=height), cells=above.cells + below.cells)


def _page(paper: p.Paper, number: int, regions: tuple[Region, ...]) -> PageTemplate:
    qr = Box(paper.width_mm - p.EDGE_MM - p.MARKER_MM - 5.0 - p.QR_MM, p.EDGE_MM, p.QR_MM, p.QR_MM)
    return PageTemplate(number, paper.width_mm, paper.height_mm, regions, _markers(paper, number), qr)


def _markers(paper: p.Paper, number: int) -> tuple[Marker, ...]:
    near, side = p.EDGE_MM, p.MARKER_MM
    right, bottom = paper.width_mm - near - side, paper.height_mm - near - side
    across, down = (paper.width_mm - side) / 2, (paper.height_mm - side) / 2
    places = [(near, near), (right, near), (right, bottom), (near, bottom), (near, down), (right, down)]
    marks = [Marker(mark, Box(x, y, side, side)) for mark, (x, y) in enumerate(places)]
    marks.append(Marker(PAGE_MARK + number, Box(across, bottom, side, side)))
    if paper.width_mm > paper.height_mm:
        marks.append(Marker(6, Box(across, near, side, side)))
    return tuple(marks)


def _caption(spec: SheetSpec, paper: p.Paper, number: int, count: int) -> tuple[Print, ...]:
    words = f"{spec.title}　第 {number} 页 / 共 {count} 页"
    left = p.EDGE_MM + p.MARKER_MM + 4.0
    return (TextPrint(Box(left, p.EDGE_MM, paper.width_mm / 2 - left - 8.0, 6.0), words, 8.0, grey=35),)
