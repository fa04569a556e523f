"""Scanned pages to blocks with the recogniser of print that ships in its wheel (detector and recogniser)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from zhiwei.engines.documents.values import Block, Limits, RefusedError
from zhiwei.engines.scanning import Limits as DrawingLimits
from zhiwei.engines.scanning import PageImage, read_pages

LEAST_SURE = 0.5
"""Lines read with less certainty are left out."""
_DOTS_PER_INCH = 150
_NEW_PARAGRAPH = 0.9
"""Gap between lines, in line heights, from which a new paragraph begins."""


class _Result(Protocol):
    boxes: npt.NDArray[np.float32] | None
    txts: tuple[str, ...] | None
    scores: tuple[float, ...] | None


@cache
def _engine() -> Callable[[object], _Result]:
    from rapidocr import RapidOCR

    quiet = {"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
    return cast(Callable[[object], _Result], RapidOCR(params=quiet))


def read_scans(path: Path, wanted: Collection[int], limits: Limits) -> Iterator[tuple[int, list[Block]]]:
    """Read the wanted pages one by one (about 4 s of processor time each).

    Args:
        path: The PDF or picture; it is decoded in a killable process of its own.
        wanted: Numbers of the pages without text.

    Raises:
        RefusedError: More pages than ``limits.scanned_pages``.
    """
    if len(wanted) > limits.scanned_pages:
        raise RefusedError("too_many_scans")
    drawing = DrawingLimits(
        file_bytes=limits.file_bytes, pages=limits.pages, dots_per_inch=_DOTS_PER_INCH, long_side_px=2400
    )
    for page in read_pages(path, drawing):
        if isinstance(page, PageImage) and page.number in wanted:
            result = _engine()(page.pixels)
            yield page.number, _blocks(result, page.number)


def _blocks(result: _Result, page: int) -> list[Block]:
    if result.boxes is None or result.txts is None or result.scores is None:
        return []
    lines = [
        (float(box[:, 1].min()), float(box[:, 1].max()), float(box[:, 0].min()), text)
        for box, text, sure in zip(result.boxes, result.txts, result.scores, strict=True)
        if sure >= LEAST_SURE and text.strip()
    ]
    return [Block(text, page) for text in _paragraphs(_rows(lines))]


def _rows(lines: Sequence[tuple[float, float, float, str]]) -> list[tuple[float, float, str]]:
    """Join what stands side by side, top to bottom."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for line in sorted(lines):
        middle = (line[0] + line[1]) / 2
        if rows and rows[-1][0][0] <= middle <= rows[-1][0][1]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        (row[0][0], row[0][1], " ".join(text for *_place, text in sorted(row, key=lambda one: one[2])))
        for row in rows
    ]


def _paragraphs(rows: Sequence[tuple[float, float, str]]) -> list[str]:
    found: list[str] = []
    below = -1e9
    for top, bottom, text in rows:
        if found and top - below <= _NEW_PARAGRAPH * (bottom - top):
            wide = ord(found[-1][-1]) > 0x2E80
            found[-1] += ("" if wide else " ") + text
        else:
            found.append(text)
        below = bottom
    return found
