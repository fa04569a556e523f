"""Read an essay grid: whole rows are recognised for context, then every sign is put in its square."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import crop
from zhiwei.engines.scanning.strokes import ink_mask
from zhiwei.engines.scanning.values import LineReading, Pixels, Recogniser
from zhiwei.engines.sheets import Box, Cell, Region

_INSIDE_MM = 0.8
_LEAST_INK = 0.012
_DOUBT = "□"


def read_grid(flat: Pixels, region: Region, recogniser: Recogniser) -> tuple[tuple[str, ...], float, str]:
    """The text of a grid, a string a row.

    Each row is read as a line with the printed bars taken out; when the line has as many signs as written
    squares they are put in order, otherwise the row is read square by square, and a square that stays
    unclear is ``□``. Empty squares before the last written one are full-width spaces, so paragraphs show.

    Returns:
        Rows, the mean confidence of the written squares, and a remark.
    """
    rows = _rows(region.cells)
    prepared = [[_clean_cell(flat, cell) for cell in row] for row in rows]
    written = [(index, [c for c in cells if c is not None]) for index, cells in enumerate(prepared)]
    busy = [(index, cells) for index, cells in written if cells]
    if not busy:
        return (), 0.95, "blank"
    lines = recogniser.read_lines([np.hstack(cells) for _, cells in busy], region.alphabet)
    texts = [""] * (busy[-1][0] + 1)
    scores: list[float] = []
    for (index, cells), line in zip(busy, lines, strict=True):
        signs, sure = _by_row(line, len(cells)) or _by_cell(cells, region.alphabet, recogniser)
        scores.extend(sure)
        texts[index] = _laid_out(prepared[index], signs)
    return tuple(texts), float(np.mean(scores)), ""


def _rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    groups = dict.fromkeys(cell.group for cell in cells)
    return [[cell for cell in cells if cell.group == group] for group in groups]


def _clean_cell(flat: Pixels, cell: Cell) -> Pixels | None:
    """One square without its printed sides, at a common size; None when nothing is written in it."""
    box = cell.box
    inside = crop(
        flat, Box(box.x + _INSIDE_MM, box.y + _INSIDE_MM, box.w - 2 * _INSIDE_MM, box.h - 2 * _INSIDE_MM)
    )
    if (ink_mask(inside) > 0).mean() < _LEAST_INK:
        return None
    return np.asarray(cv2.resize(inside, (52, 56), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _by_row(line: LineReading, squares: int) -> tuple[list[str], list[float]] | None:
    """The signs of a line by square, when the line's signs can be told to squares one to one."""
    if not line.text:
        return None
    places = [min(squares - 1, int(span * squares)) for span in line.spans]
    if len(set(places)) == len(places) == squares:
        return list(line.text), list(line.scores)
    if len(line.text) == squares:
        return list(line.text), [score * 0.9 for score in line.scores]
    return None


def _by_cell(cells: Sequence[Pixels], alphabet: str, recogniser: Recogniser) -> tuple[list[str], list[float]]:
    padded = [cv2.copyMakeBorder(cell, 4, 4, 12, 12, cv2.BORDER_CONSTANT, value=(255,)) for cell in cells]
    readings = recogniser.read_lines([np.asarray(cell, dtype=np.uint8) for cell in padded], alphabet)
    signs = [reading.text if len(reading.text) == 1 else _DOUBT for reading in readings]
    return signs, [r.confidence if len(r.text) == 1 else 0.0 for r in readings]


def _laid_out(cells: Sequence[Pixels | None], signs: Sequence[str]) -> str:
    queue = iter(signs)
    return "".join(next(queue) if cell is not None else "\u3000" for cell in cells).rstrip("\u3000")
