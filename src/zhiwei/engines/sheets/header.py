"""The top of the first page: title, who writes, the pupil's number in bubbles, and how to fill them."""

from __future__ import annotations

from zhiwei.engines.sheets.pieces import BUBBLE_W, Piece, Placed, bubble_prints
from zhiwei.engines.sheets.prints import Print, ShapePrint, TextPrint
from zhiwei.engines.sheets.spec import SheetSpec
from zhiwei.engines.sheets.template import Box, Cell, Region

_NUMBER_STEP_X, _NUMBER_STEP_Y, _NUMBER_BOX = 6.8, 4.8, 7.0
_TITLE_MM, _NAME_MM = 16.0, 9.0
_HOWTO = (
    "用 2B 铅笔把选中的圆圈涂满涂黑；改正时擦干净，或在涂错的圆圈上打叉再涂另一个。"
    "只在框内作答，不要折叠，不要涂画四边的方块。"
)


def header_piece(spec: SheetSpec, width: float) -> Piece:
    """Title block; its height depends on whether the pupil's number is asked for in bubbles."""
    number = spec.number_digits
    body = _NUMBER_BOX + 10 * _NUMBER_STEP_Y + 3.0 if number else 24.0

    def place(x: float, y: float) -> Placed:
        prints: list[Print] = [
            TextPrint(Box(x, y, width, 9.0), spec.title, 16.0, align="center", serif=True),
            TextPrint(Box(x, y + 9.5, width, 5.5), spec.subtitle, 9.5, align="center"),
        ]
        number_width = number * _NUMBER_STEP_X
        left = width - number_width - (6.0 if number else 0.0)
        for index, line in enumerate(name_lines(x, y + _TITLE_MM)):
            prints.append(TextPrint(line, ("姓名", "班级", "学号")[index], 10.5))
            prints.append(
                ShapePrint("line", Box(line.x + 11.0, line.y + line.h, min(45.0, left - 13.0), 0.0), 0.5)
            )
        prints.append(
            TextPrint(Box(x, y + _TITLE_MM + 3 * _NAME_MM + 2.0, min(left, 90.0), 16.0), _HOWTO, 7.5)
        )
        numbers = _number_bubbles(number, x + width - number_width, y + _TITLE_MM) if number else Placed(())
        return Placed((*prints, *numbers.prints), numbers.regions)

    return Piece(_TITLE_MM + max(body, 3 * _NAME_MM + 20.0), place)


def name_lines(x: float, y: float) -> tuple[Box, Box, Box]:
    """Where name, class and number stand, for the printed words and for the pupil's own."""
    first, second, third = (Box(x, y + i * _NAME_MM, 60.0, _NAME_MM - 1.5) for i in range(3))
    return first, second, third


def _number_bubbles(digits: int, x: float, y: float) -> Placed:
    prints: list[Print] = []
    cells = []
    for column in range(digits):
        left = x + column * _NUMBER_STEP_X
        prints.append(ShapePrint("rect", Box(left, y, _NUMBER_STEP_X, _NUMBER_BOX - 1.0), 0.5, grey=40))
        for digit in range(10):
            top = y + _NUMBER_BOX + digit * _NUMBER_STEP_Y
            box = Box(left + (_NUMBER_STEP_X - BUBBLE_W) / 2, top, BUBBLE_W, 3.4)
            cells.append(Cell(box, str(digit), column))
            prints.extend(bubble_prints(box, str(digit)))
    outline = Box(x, y + _NUMBER_BOX, digits * _NUMBER_STEP_X, 10 * _NUMBER_STEP_Y)
    return Placed(tuple(prints), (Region("pupil-number", "", "number", outline, tuple(cells)),))
