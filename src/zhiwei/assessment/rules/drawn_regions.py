"""Regions as a teacher draws them on the picture of a blank, and what they mean to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhiwei.engines.scanning import DrawnRegion
from zhiwei.engines.sheets import Box, Cell

DRAWN_KINDS = ("bubbles", "number", "digits", "letter", "short", "amount", "lines", "free")
MOST_REGIONS = 300
_MOST_CELLS = 12
_DIGITS = "0123456789.-"
AMOUNT = "0123456789.×-"
"""Signs of a number on a line, powers of ten included; a short region with them is read as a number."""


@dataclass(frozen=True)
class Drawn:
    """One rectangle in shares of its page (0–1).

    Attributes:
        page: From 1.
        question: Id of the work's item; empty for the pupil's number.
        kind: One of ``DRAWN_KINDS``.
        options: Letters beside the bubbles, or allowed in the box.
        cells: Boxes for digits, columns of number bubbles.
        multiple: Several bubbles may be filled.
    """

    page: int
    question: str
    kind: str
    x: float
    y: float
    w: float
    h: float
    options: str = "ABCD"
    cells: int = 4
    multiple: bool = False


def drawn_from_json(value: Mapping[str, Any]) -> Drawn:
    """Check one region as the page sends it.

    Raises:
        ValueError: A field is missing or out of range.
    """
    kind = str(value["kind"])
    x, y, w, h = (float(value[name]) for name in ("x", "y", "w", "h"))
    cells = int(value.get("cells", 4))
    options = "".join(dict.fromkeys(str(value.get("options", "ABCD")).upper()))[:10]
    if (
        kind not in DRAWN_KINDS
        or not 1 <= cells <= _MOST_CELLS
        or not all(0 <= one <= 1 for one in (x, y, w, h))
    ):
        raise ValueError(kind)
    if w < 0.004 or h < 0.004:
        raise ValueError("too small")
    return Drawn(
        int(value["page"]),
        "" if kind == "number" else str(value.get("question", "")),
        kind,
        x,
        y,
        w,
        h,
        options=options or "ABCD",
        cells=cells,
        multiple=bool(value.get("multiple", False)),
    )


def drawn_region(drawn: Drawn, width: int, height: int, number: int) -> DrawnRegion:
    """Return a drawn region in the picture's pixels; bubbles and boxes are spread evenly over it."""
    x, y = drawn.x * width, drawn.y * height
    w, h = min(drawn.w * width, width - x), min(drawn.h * height, height - y)
    box = Box(x, y, w, h)
    return DrawnRegion(
        key=f"{drawn.question or 'number'}.{number + 1}",
        question=drawn.question,
        kind="short" if drawn.kind == "amount" else drawn.kind,
        box=box,
        cells=_cells(drawn, box),
        alphabet={"letter": drawn.options, "digits": _DIGITS, "amount": AMOUNT}.get(drawn.kind, ""),
        multiple=drawn.multiple,
    )


def _cells(drawn: Drawn, box: Box) -> tuple[Cell, ...]:
    if drawn.kind == "bubbles":
        return tuple(
            Cell(_part(box, len(drawn.options), 1, i, 0, inset=0.12), sign)
            for i, sign in enumerate(drawn.options)
        )
    if drawn.kind == "number":
        return tuple(
            Cell(_part(box, drawn.cells, 10, column, digit, inset=0.15), str(digit), column)
            for column in range(drawn.cells)
            for digit in range(10)
        )
    if drawn.kind in {"digits", "letter"}:
        count = 1 if drawn.kind == "letter" else drawn.cells
        return tuple(Cell(_part(box, count, 1, i, 0, inset=0.04)) for i in range(count))
    return ()


def _part(box: Box, columns: int, rows: int, column: int, row: int, *, inset: float) -> Box:
    w, h = box.w / columns, box.h / rows
    return Box(
        box.x + column * w + w * inset, box.y + row * h + h * inset, w * (1 - 2 * inset), h * (1 - 2 * inset)
    )
