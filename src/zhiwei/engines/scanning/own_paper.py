"""A template for any existing paper: the scan of a blank and the regions a teacher drew on it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import png
from zhiwei.engines.scanning.locate import grey
from zhiwei.engines.scanning.rules import find_rules
from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.sheets import Box, Cell, PageTemplate, Region, Rule, SheetError

_REFERENCE_SIDE = 1400


@dataclass(frozen=True)
class DrawnRegion:
    """A rectangle drawn on the picture of a blank, in its pixels; cells likewise, for bubbles and boxes."""

    key: str
    question: str
    kind: str
    box: Box
    cells: tuple[Cell, ...] = ()
    alphabet: str = ""
    multiple: bool = False


def page_from_blank(
    blank: Pixels, drawn: Sequence[DrawnRegion], *, number: int = 1, width_mm: float = 210.0
) -> PageTemplate:
    """A page of existing paper that scans are registered to by its own print.

    Args:
        blank: picture of the unanswered page, upright; grey or RGB.
        drawn: regions in its pixels.
        number: page number.
        width_mm: how wide the pictured paper is; only sets the scale of the crops.

    Returns:
        A page without marks: its features and long rules are kept for registration.

    Raises:
        SheetError: a region lies outside the picture, or the page has neither print nor rules to find.
    """
    image = grey(blank)
    mm = width_mm / image.shape[1]
    for region in drawn:
        _refuse_outside(region, image)
    rules = tuple(Rule(rule.x0 * mm, rule.x1 * mm, rule.y * mm) for rule in find_rules(image))
    scale = min(1.0, _REFERENCE_SIDE / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if not rules and float(small.std()) < 2.0:
        raise SheetError("blank page: nothing is printed on it, so scans cannot be aligned to it")
    return PageTemplate(
        number,
        width_mm,
        image.shape[0] * mm,
        tuple(_region(region, mm) for region in drawn),
        rules=rules[:200],
        reference_png=base64.b64encode(png(np.asarray(small, dtype=np.uint8))).decode("ascii"),
        px_per_mm=1.0 / mm,
    )


def _refuse_outside(region: DrawnRegion, image: Pixels) -> None:
    height, width = image.shape[:2]
    box = region.box
    if box.x < 0 or box.y < 0 or box.w <= 0 or box.h <= 0 or box.x + box.w > width or box.y + box.h > height:
        raise SheetError(f"region '{region.key}': lies outside the picture")


def _region(region: DrawnRegion, mm: float) -> Region:
    cells = tuple(Cell(_scaled(cell.box, mm), cell.value, cell.group) for cell in region.cells)
    box = _scaled(region.box, mm)
    return Region(region.key, region.question, region.kind, box, cells, region.alphabet, region.multiple)


def _scaled(box: Box, mm: float) -> Box:
    return Box(box.x * mm, box.y * mm, box.w * mm, box.h * mm)
