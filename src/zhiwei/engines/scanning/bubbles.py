"""Read bubbles by how dark each is beside its own paper and beside its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import PX_PER_MM, crop
from zhiwei.engines.scanning.intake import Pixels
from zhiwei.engines.sheets import Cell

_SURE = 0.42
_FAINT = 0.16
_CLEAR_RATIO = 0.5
_CROSSED_RING = 0.16


@dataclass(frozen=True)
class BubbleInk:
    """Ink of one bubble: ``inside`` and ``ring`` from 0 (paper) to 1 (as dark as the printed marks)."""

    value: str
    inside: float
    ring: float


@dataclass(frozen=True)
class BubbleReading:
    """Chosen values in printed order, how sure (0 to 1), and what was odd (empty when nothing)."""

    values: tuple[str, ...]
    confidence: float
    remark: str


def measure_bubbles(flat: Pixels, cells: Sequence[Cell]) -> list[BubbleInk]:
    """Ink inside each printed ellipse and in the ring around it.

    Paper is the bright part of the bubble's own surroundings, so shading across a photograph cancels.

    Args:
        flat: flattened grey page.
        cells: bubbles with their boxes in millimetres.

    Returns:
        One measurement a cell, in the same order.
    """
    dark = _darkest(flat)
    return [_measure(flat, cell, dark) for cell in cells]


def _darkest(flat: Pixels) -> float:
    return float(np.percentile(flat[::7, ::7], 0.5))


def _measure(flat: Pixels, cell: Cell, dark: float) -> BubbleInk:
    box = cell.box
    around = crop(flat, box.grown(1.2)).astype(np.float32)
    inner, ring = _masks(around.shape[0], around.shape[1], box.w * PX_PER_MM, box.h * PX_PER_MM)
    paper = float(np.percentile(around, 88))
    black = min(dark, float(around.min()))
    ink = np.clip((paper - around) / max(paper - black, 40.0), 0.0, 1.0)
    return BubbleInk(cell.value, float(ink[inner].mean()), float(ink[ring].mean()))


def _masks(height: int, width: int, w: float, h: float) -> tuple[Pixels, Pixels]:
    ys, xs = np.mgrid[:height, :width]
    x, y = (xs - (width - 1) / 2) / (w / 2), (ys - (height - 1) / 2) / (h / 2)
    distance = np.sqrt(x * x + y * y)
    return np.asarray(distance < 0.82), np.asarray((distance > 1.18) & (np.abs(y) < 1.55))


def paper_level(inks: Sequence[BubbleInk]) -> float:
    """What an empty bubble of this page measures (its printed letter): the lower quartile of all."""
    return float(np.percentile([ink.inside for ink in inks], 25)) if inks else 0.0


def choose(inks: Sequence[BubbleInk], empty: float, *, multiple: bool) -> BubbleReading:
    """Decide one row of bubbles.

    A bubble is chosen when it is much darker than an empty one and than most of its row. One that is filled
    and crossed through, with ink well outside its outline, is taken as cancelled when another is filled.

    Args:
        inks: the row.
        empty: level of an empty bubble on this page.
        multiple: several may be chosen.
    """
    levels = [max(0.0, (ink.inside - empty) / max(0.2, 1.0 - empty)) for ink in inks]
    top = max(levels)
    if top < _FAINT * 0.6:
        return BubbleReading((), 0.98 if top < _FAINT * 0.35 else 0.85, "")
    chosen = [i for i, level in enumerate(levels) if level >= max(_FAINT, top * _CLEAR_RATIO)]
    if not chosen:
        return BubbleReading((), 0.5, "faint")
    kept, remark = _without_cancelled(chosen, inks, multiple=multiple)
    values = tuple(inks[i].value for i in kept)
    confidence = _confidence(levels, kept, chosen)
    if len(kept) > 1 and not multiple:
        return BubbleReading(values, 0.3, "several")
    if remark:
        return BubbleReading(values, min(confidence, 0.7), remark)
    return BubbleReading(values, confidence, "faint" if confidence < 0.8 else "")


def _without_cancelled(
    chosen: list[int], inks: Sequence[BubbleInk], *, multiple: bool
) -> tuple[list[int], str]:
    if len(chosen) < 2:
        return chosen, ""
    calm = float(np.median([ink.ring for ink in inks]))
    crossed = [i for i in chosen if inks[i].ring - calm > _CROSSED_RING]
    kept = [i for i in chosen if i not in crossed]
    if not crossed or not kept or (len(kept) > 1 and not multiple):
        return chosen, ""
    return kept, "cancelled"


def _confidence(levels: list[float], kept: list[int], chosen: list[int]) -> float:
    """Sure when the chosen are dark and the rest are clearly lighter than the lightest chosen."""
    weakest = min(levels[i] for i in kept)
    rest = max((level for i, level in enumerate(levels) if i not in chosen), default=0.0)
    darkness = min(1.0, weakest / _SURE)
    margin = min(1.0, (weakest - rest) / max(weakest, 1e-6) / 0.55)
    return round(0.99 * min(0.5 + 0.5 * darkness, max(0.0, margin)), 3)


def blur_free(flat: Pixels) -> Pixels:
    """The page with single-pixel noise calmed, for measuring ink."""
    return np.asarray(cv2.medianBlur(flat, 3), dtype=np.uint8)
