"""Answer spaces as pieces stacked in a column: each knows its height and prints itself anywhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhiwei.engines.sheets.prints import Print, ShapePrint, TextPrint
from zhiwei.engines.sheets.spec import Question
from zhiwei.engines.sheets.template import Box, Cell, Region

LABEL_MM = 11.0
BUBBLE_W, BUBBLE_H, BUBBLE_STEP, BUBBLE_ROW = 5.2, 3.6, 7.6, 6.2
DIGIT_W, DIGIT_H = 8.0, 9.0
LINE_MM = 9.0
BLANK_MM = 11.0
GRID_MM, GRID_GAP_MM = 8.0, 2.2
_POINTS_TO_MM = 0.3528
_DIGITS = "0123456789.-"


@dataclass(frozen=True)
class Placed:
    """What one piece puts on the page once its corner is known."""

    prints: tuple[Print, ...]
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Something of a known height; ``place(x, y)`` prints it with its top left corner there, in mm."""

    height: float
    place: Callable[[float, float], Placed]


def stack(first: Piece, second: Piece) -> Piece:
    """Both pieces as one, so that no page break comes between a question and its answer space."""

    def place(x: float, y: float) -> Placed:
        above, below = first.place(x, y), second.place(x, y + first.height)
        return Placed(above.prints + below.prints, above.regions + below.regions)

    return Piece(first.height + second.height, place)


def text_piece(text: str, width: float, size: float = 10.0) -> Piece:
    """A paragraph of generously estimated height; what is still too long is shrunk when typeset."""
    em = size * _POINTS_TO_MM
    wide = sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text) * em
    lines = max(1, math.ceil(wide / width * 1.06)) + text.count("\n")
    tall = 1.35 if "frac" in text or "sqrt" in text else 1.0
    height = lines * em * 1.5 * tall + 1.0

    return Piece(height + 1.5, lambda x, y: Placed((TextPrint(Box(x, y, width, height), text, size),)))


def label_text(question: Question) -> str:
    """The printed number with full marks behind it."""
    label = question.label or question.key
    return f"{label}." if question.points <= 0 else f"{label}. ({question.points:g}分)"


def _label(question: Question, x: float, y: float, h: float) -> TextPrint:
    return TextPrint(Box(x, y, LABEL_MM - 1.0, h), f"{question.label or question.key}.", 10.5, align="right")


def bubble_row(question: Question, x: float, y: float) -> Placed:
    """One line of bubbles with the number before it."""
    prints: list[Print] = [_label(question, x, y, BUBBLE_H)]
    cells = []
    for index, option in enumerate(question.options):
        box = Box(x + LABEL_MM + 1.0 + index * BUBBLE_STEP, y, BUBBLE_W, BUBBLE_H)
        cells.append(Cell(box, option))
        prints.extend(bubble_prints(box, option))
    region = Region(
        question.key, question.key, "bubbles", around(cells), tuple(cells), multiple=question.multiple
    )
    return Placed(tuple(prints), (region,))


def bubble_prints(box: Box, value: str) -> tuple[Print, ...]:
    """An outline with its value in light grey, so that the print itself adds little darkness."""
    return (
        ShapePrint("ellipse", box, 0.5, grey=35),
        TextPrint(box, value, 6.5, grey=55, align="center"),
    )


def around(cells: Sequence[Cell]) -> Box:
    """The smallest rectangle that holds every cell."""
    left, top = min(c.box.x for c in cells), min(c.box.y for c in cells)
    right, bottom = max(c.box.x + c.box.w for c in cells), max(c.box.y + c.box.h for c in cells)
    return Box(left, top, right - left, bottom - top)


def choice_pieces(questions: Sequence[Question], width: float) -> list[Piece]:
    """Bubble questions without text, side by side in groups of five rows that read downwards."""
    step = LABEL_MM + 4.0 + max(len(question.options) for question in questions) * BUBBLE_STEP
    across = max(1, int((width + 4.0) / step))
    pieces = []
    for start in range(0, len(questions), 5 * across):
        group = questions[start : start + 5 * across]
        pieces.append(_choice_group(group, math.ceil(len(group) / across), step))
    return pieces


def _choice_group(group: Sequence[Question], rows: int, step: float) -> Piece:
    def place(x: float, y: float) -> Placed:
        placed = [
            bubble_row(question, x + index // rows * step, y + 1.5 + index % rows * BUBBLE_ROW)
            for index, question in enumerate(group)
        ]
        return Placed(
            tuple(item for part in placed for item in part.prints),
            tuple(region for part in placed for region in part.regions),
        )

    return Piece(rows * BUBBLE_ROW + 4.0, place)


def boxes_piece(question: Question, width: float) -> Piece:
    """Separate boxes: one a digit, or a single one for a letter."""
    letter = question.kind == "letter"
    count = 1 if letter else min(question.size or 6, int((width - LABEL_MM) / DIGIT_W))
    alphabet = "".join(question.options) if letter else _DIGITS

    def place(x: float, y: float) -> Placed:
        boxes = [Box(x + LABEL_MM + 1.0 + i * DIGIT_W, y + 1.5, DIGIT_W, DIGIT_H) for i in range(count)]
        cells = tuple(Cell(box) for box in boxes)
        region = Region(question.key, question.key, question.kind, around(cells), cells, alphabet)
        outlines = tuple(ShapePrint("rect", box, 0.6, grey=30) for box in boxes)
        return Placed((_label(question, x, y + 1.5, DIGIT_H), *outlines), (region,))

    return Piece(DIGIT_H + 4.0, place)


def blank_pieces(question: Question, width: float) -> list[Piece]:
    """Ruled blanks, up to three side by side."""
    count = max(1, question.size)
    across = min(count, 3)
    each = (width - LABEL_MM) / across
    rows = math.ceil(count / across)

    def row(index: int) -> Piece:
        inside = min(across, count - index * across)

        def place(x: float, y: float) -> Placed:
            boxes = [Box(x + LABEL_MM + 1.0 + i * each, y, each - 5.0, BLANK_MM - 1.0) for i in range(inside)]
            rules = [ShapePrint("line", Box(b.x, b.y + b.h, b.w, 0.0), 0.6, grey=30) for b in boxes]
            first = (_label(question, x, y + 3.0, 7.0),) if index == 0 else ()
            return Placed((*first, *rules), tuple(Region("", question.key, "short", b) for b in boxes))

        return Piece(BLANK_MM + 1.5, place)

    return [row(index) for index in range(rows)]


def line_pieces(question: Question, width: float) -> list[Piece]:
    """Ruled lines the whole width; a long answer may run on to the next column."""
    count = question.size or max(2, math.ceil(question.points * 0.8))

    def place(x: float, y: float) -> Placed:
        rule = ShapePrint("line", Box(x, y + LINE_MM, width, 0.0), 0.5, grey=40)
        return Placed((rule,), (Region("", question.key, "lines", Box(x, y, width, LINE_MM)),))

    return [Piece(LINE_MM, place) for _ in range(count)]


def grid_pieces(question: Question, width: float) -> list[Piece]:
    """Rows of squares for an essay with a gap between rows, the habit of Chinese composition paper."""
    across = int(width / GRID_MM)
    rows = math.ceil((question.size or 800) / across)

    def row(index: int) -> Piece:
        def place(x: float, y: float) -> Placed:
            cells = tuple(Cell(Box(x + i * GRID_MM, y, GRID_MM, GRID_MM), "", index) for i in range(across))
            outline = ShapePrint("rect", Box(x, y, across * GRID_MM, GRID_MM), 0.5, grey=40)
            bars = [ShapePrint("line", Box(c.box.x, y, 0.0, GRID_MM), 0.4, grey=55) for c in cells[1:]]
            count = _count_mark(x, y, across, index)
            return Placed((outline, *bars, *count), (Region("", question.key, "grid", around(cells), cells),))

        return Piece(GRID_MM + GRID_GAP_MM, place)

    return [row(index) for index in range(rows)]


def _count_mark(x: float, y: float, across: int, index: int) -> tuple[Print, ...]:
    before, after = index * across // 100, (index + 1) * across // 100
    if before == after:
        return ()
    where = (after * 100 - 1) % across
    box = Box(x + where * GRID_MM, y + GRID_MM, GRID_MM, GRID_GAP_MM)
    return (TextPrint(box, f"{after * 100}", 5.0, grey=40, align="center"),)


def free_piece(question: Question, width: float, tallest: float) -> Piece:
    """An empty framed box for derivations and drawings."""
    height = min(float(question.size or max(30, round(question.points * 7))), tallest)

    def place(x: float, y: float) -> Placed:
        box = Box(x, y, width, height)
        return Placed((ShapePrint("rect", box, 0.6, grey=30),), (Region("", question.key, "free", box),))

    return Piece(height + 3.0, place)
