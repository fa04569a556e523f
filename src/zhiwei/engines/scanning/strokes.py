"""Separate a pupil's ink from printed rules, find the written part, and notice crossing out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.values import Pixels

_LEAST_INK_PX = 12
_MARGIN_SHARE = 0.18


@dataclass(frozen=True)
class Written:
    """A line of writing cut out of its region.

    Attributes:
        picture: grey, dark on white, printed rules removed, a little air around.
        crossed_out: something in it looks struck through or scribbled over.
    """

    picture: Pixels
    crossed_out: bool


def ink_mask(region: Pixels) -> Pixels:
    """Ink as 255 on 0, by local contrast, so shading does not matter."""
    calm = cv2.GaussianBlur(region, (3, 3), 0)
    paper = cv2.medianBlur(cv2.dilate(calm, np.ones((15, 15), np.uint8)), 21)
    drop = cv2.subtract(np.asarray(paper, dtype=np.uint8), np.asarray(calm, dtype=np.uint8))
    otsu, _ = cv2.threshold(drop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(np.where(drop > max(28.0, otsu * 0.8), 255, 0), dtype=np.uint8)


def without_rules(mask: Pixels) -> Pixels:
    """Remove long printed horizontal lines from an ink mask and mend the strokes they crossed."""
    height, width = mask.shape
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (max(20, width // 6), 1))
    lines = cv2.morphologyEx(mask, cv2.MORPH_OPEN, bar)
    lines = cv2.dilate(lines, np.ones((3, 5), np.uint8))
    thin = _only_thin(np.asarray(lines, dtype=np.uint8), max(6, height // 12))
    cleared = cv2.subtract(mask, thin)
    mended = cv2.morphologyEx(cleared, cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8))
    crossing = cv2.bitwise_and(np.asarray(mended, dtype=np.uint8), thin)
    return np.asarray(cv2.bitwise_or(cleared, crossing), dtype=np.uint8)


def _only_thin(lines: Pixels, thickest: int) -> Pixels:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines)
    thin = np.zeros(count, dtype=bool)
    thin[1:] = stats[1:, cv2.CC_STAT_HEIGHT] <= thickest
    return np.asarray(np.where(thin[labels], 255, 0), dtype=np.uint8)


def cut_writing(region: Pixels) -> Written | None:
    """The written part of a region as one line, or None when nothing is written.

    Args:
        region: grey picture of the region; may hold printed rules and bits of a frame at its edges.
    """
    mask = _without_frame(without_rules(ink_mask(region)))
    boxes = _blobs(mask)
    if not boxes:
        return None
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    air = max(4, round((bottom - top) * _MARGIN_SHARE))
    clean = np.where(cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0, region, 255).astype(np.uint8)
    inside = clean[top:bottom, left:right]
    picture = cv2.copyMakeBorder(inside, air, air, air, air, cv2.BORDER_CONSTANT, value=(255,))
    return Written(np.asarray(picture, dtype=np.uint8), crossed_out(mask[top:bottom, left:right]))


def _blobs(mask: Pixels) -> list[tuple[int, int, int, int]]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h, area in stats[1:count].tolist()
        if area >= _LEAST_INK_PX
    ]


def _without_frame(mask: Pixels) -> Pixels:
    """Drop ink that hugs an edge of the region: the printed frame, or a neighbour's stroke."""
    height, width = mask.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    keep = np.ones(count, dtype=bool)
    keep[0] = False
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        at_side = x <= 1 or x + w >= width - 1
        at_top = y <= 1 or y + h >= height - 1
        flat = (at_side and w < max(6, height // 10)) or (at_top and h < max(6, height // 10))
        keep[i] = not (flat or ((at_side or at_top) and stats[i, 4] < _LEAST_INK_PX * 3))
    return np.asarray(np.where(keep[labels], 255, 0), dtype=np.uint8)


def crossed_out(mask: Pixels) -> bool:
    """Whether part of a line of writing looks cancelled: a dense blot, or a long bar through tall strokes.

    Args:
        mask: ink of one line, 255 on 0, cut close.
    """
    height, width = mask.shape
    if height < 12 or width < 12:
        return False
    return _has_blot(mask, height) or _has_bar(mask, height)


def _has_blot(mask: Pixels, height: int) -> bool:
    side = max(9, round(height * 0.45)) | 1
    density = cv2.boxFilter((mask > 0).astype(np.float32), -1, (side, side), borderType=cv2.BORDER_CONSTANT)
    return bool(density.max() > 0.72)


def _has_bar(mask: Pixels, height: int) -> bool:
    reach = max(20, round(height * 0.9))
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, 1))
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    bars = cv2.morphologyEx(thick, cv2.MORPH_OPEN, bar)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(bars, dtype=np.uint8))
    return any(_crosses(mask, labels == i, stats[i]) for i in range(1, count))


def _crosses(mask: Pixels, bar: NDArray[np.bool_], box: NDArray[np.int32]) -> bool:
    """A bar counts when ink stands both above and below it along a good part of its length."""
    x, y, w, h = (int(v) for v in box[:4])
    above = (mask[max(0, y - h - 6) : max(0, y - 1), x : x + w] > 0).any(axis=0)
    below = (mask[y + h + 1 : y + 2 * h + 7, x : x + w] > 0).any(axis=0)
    if np.size(above) == 0 or np.size(below) == 0 or not bar.any():
        return False
    return bool((above & below).mean() > 0.25)
