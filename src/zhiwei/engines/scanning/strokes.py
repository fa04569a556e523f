"""Separate a pupil's ink from printed rules, find the written part, and notice crossing out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.values import Pixels

_LEAST_INK_PX = 12
_MARGIN_SHARE = 0.18
_DEEP_SHARE = 0.09
_SLANTS = (0, -32, -24, -16, -8, 8, 16, 24, 32)
"""Degrees at which a stroke through several signs is looked for."""
_SLIM, _SLIM_INK = 1.25, 0.4
_WORD_GAP = 0.45
"""A gap, in sign heights, from which on the next sign belongs to something else written."""
DIGIT_BAR, TEXT_BAR = 1.4, 2.0
"""Longest straight stroke of a sign, in sign heights: a longer one through other strokes strikes them out."""


@dataclass(frozen=True)
class Written:
    """A line of writing cut out of its region.

    Attributes:
        picture: grey, dark on white, cut close; printed rules and what was cancelled are removed.
        mask: the same ink, 255 on 0.
        crossed_out: something in the region looks struck through or scribbled over.
    """

    picture: Pixels
    mask: Pixels
    crossed_out: bool


def ink_mask(region: Pixels) -> Pixels:
    """Ink as 255 on 0, by local contrast, so shading does not matter."""
    calm = cv2.GaussianBlur(region, (3, 3), 0)
    paper = cv2.medianBlur(cv2.dilate(calm, np.ones((15, 15), np.uint8)), 21)
    drop = cv2.subtract(np.asarray(paper, dtype=np.uint8), np.asarray(calm, dtype=np.uint8))
    otsu, _ = cv2.threshold(drop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(np.where(drop > max(28.0, otsu * 0.8), 255, 0), dtype=np.uint8)


def without_rules(mask: Pixels) -> Pixels:
    """Remove printed horizontal lines, at least a third of the width long, and mend what they crossed.

    A line is taken out over the whole width, also where it is broken, but only where the ink is no taller
    than the line: a stroke that crosses it stays.
    """
    height, width = mask.shape
    bridged = cv2.morphologyEx(
        cv2.dilate(mask, np.ones((3, 1), np.uint8)), cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8)
    )
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (max(20, width // 3), 1))
    lines = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, bar)
    thickest = max(8, height // 12)
    thin = _only_thin(np.asarray(lines, dtype=np.uint8), thickest)
    band = np.zeros_like(mask)
    band[np.flatnonzero(thin.any(axis=1))] = 255
    band = np.asarray(cv2.dilate(band, np.ones((3, 1), np.uint8)), dtype=np.uint8)
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickest + 4, 1), np.uint8))
    keep = cv2.dilate(np.asarray(tall, dtype=np.uint8), np.ones((1, 3), np.uint8))
    line_ink = cv2.bitwise_and(cv2.bitwise_and(mask, band), cv2.bitwise_not(keep))
    return np.asarray(cv2.subtract(mask, line_ink), dtype=np.uint8)


def _only_thin(lines: Pixels, thickest: int) -> Pixels:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines)
    thin = np.zeros(count, dtype=bool)
    thin[1:] = stats[1:, cv2.CC_STAT_HEIGHT] <= thickest
    return np.asarray(np.where(thin[labels], 255, 0), dtype=np.uint8)


def cut_writing(region: Pixels, longest_bar: float = TEXT_BAR, *, ruled: bool = True) -> Written | None:
    """The written part of a region as one line, or None when nothing is written.

    Args:
        region: grey picture of the region; may hold printed rules and bits of a frame at its edges.
        longest_bar: :data:`DIGIT_BAR` where only digits are expected, else :data:`TEXT_BAR`.
        ruled: whether a printed rule may run through it; inside a box none does, and the top of a 7 would be
            taken for one.
    """
    ink = ink_mask(region)
    mask = _without_strays(_without_frame(without_rules(ink) if ruled else ink))
    if not blobs(mask):
        return None
    kept, crossed = without_cancelled(mask, longest_bar)
    boxes = blobs(kept)
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.w for b in boxes), max(b.y + b.h for b in boxes)
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8)) > 0
    clean = np.where(near, region, 255).astype(np.uint8)[top:bottom, left:right]
    return Written(clean, np.ascontiguousarray(kept[top:bottom, left:right]), crossed)


def aired(picture: Pixels) -> Pixels:
    """The picture with white air around it, as the recogniser is used to."""
    air = max(4, round(picture.shape[0] * _MARGIN_SHARE))
    return np.asarray(
        cv2.copyMakeBorder(picture, air, air, air, air, cv2.BORDER_CONSTANT, value=(255,)), dtype=np.uint8
    )


@dataclass(frozen=True)
class Blob:
    """One connected piece of ink: its box in pixels, its area and its label in the mask."""

    x: int
    y: int
    w: int
    h: int
    area: int


def blobs(mask: Pixels) -> list[Blob]:
    """Connected pieces of ink from left to right, specks left out."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = [Blob(*row) for row in stats[1:count].tolist() if row[4] >= _LEAST_INK_PX]
    return sorted(found, key=lambda blob: blob.x)


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


def _without_strays(mask: Pixels) -> Pixels:
    """Drop small flat pieces well above or below the writing: dashes of a frame, dust."""
    height = mask.shape[0]
    found = blobs(mask)
    tall = [blob for blob in found if blob.h >= 0.12 * height]
    if not tall:
        return mask
    low, high = max(blob.y + blob.h for blob in tall), min(blob.y for blob in tall)
    slack = 0.12 * height
    kept = mask.copy()
    for blob in found:
        outside = blob.y + blob.h < high - slack * 0.5 or blob.y > low + slack * 0.5
        if outside and blob.h < 0.1 * height:
            kept[blob.y : blob.y + blob.h, blob.x : blob.x + blob.w] = 0
    return kept


def without_cancelled(mask: Pixels, longest_bar: float) -> tuple[Pixels, bool]:
    """Remove what was scribbled over or struck through when other writing remains.

    Args:
        mask: ink of a line, 255 on 0.
        longest_bar: see :func:`cut_writing`.

    Returns:
        The ink that counts, and whether anything looked cancelled (also when it could not be told apart).
    """
    count, labels, found, _ = cv2.connectedComponentsWithStats(mask)
    stats = np.asarray(found, dtype=np.int32)
    inside = [int(i) for i in range(1, count) if stats[i, 4] >= _LEAST_INK_PX]
    if not inside:
        return mask, False
    typical = _typical_height(stats[inside])
    depth = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 3), dtype=np.float64)
    pen = max(1.0, float(np.median(depth[depth > 0])) * 2.0)
    blots = [i for i in inside if _is_blot(depth[labels == i], stats[i], typical, pen)]
    rest = [i for i in inside if i not in blots]
    struck = [i for i in rest if _is_struck(mask, labels == i, stats[i], longest_bar * typical)]
    if not blots and not struck:
        return mask, any(_is_struck(mask, labels == i, stats[i], DIGIT_BAR * typical) for i in inside)
    spans = [(int(stats[i, 0]), int(stats[i, 0] + stats[i, 2])) for i in (*blots, *struck)]
    words = [_whole_word(stats[inside], stats[i], _WORD_GAP * typical) for i in struck]
    for gone in (spans + words, spans):
        kept = np.where(np.isin(labels, _within(stats, inside, gone)), 0, mask).astype(np.uint8)
        if any(blob.h >= 0.45 * typical for blob in blobs(kept)):
            return kept, True
    return mask, True


def _within(stats: NDArray[np.int32], inside: Sequence[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The pieces whose middle lies over or under one of the spans."""
    middles = {i: stats[i, 0] + stats[i, 2] / 2 for i in inside}
    return [i for i in inside if any(left - 2 <= middles[i] <= right + 2 for left, right in spans)]


def _whole_word(stats: NDArray[np.int32], struck: NDArray[np.int32], gap: float) -> tuple[int, int]:
    """From where to where the writing goes on without a gap around a struck piece: what was struck out with it."""
    left, right = int(struck[0]), int(struck[0] + struck[2])
    for _piece in range(len(stats)):
        near = (stats[:, 0] <= right + gap) & (stats[:, 0] + stats[:, 2] >= left - gap)
        left = int(stats[near, 0].min())
        right = int((stats[near, 0] + stats[near, 2]).max())
    return left, right


def _typical_height(stats: NDArray[np.int32]) -> float:
    """Height of a sign in pixels: of the pieces that hold most of the ink, not of dots and short strokes.

    Wide pieces are several signs run together or struck through, so they are asked only when little else is there.
    """
    slim = stats[stats[:, cv2.CC_STAT_WIDTH] <= _SLIM * stats[:, cv2.CC_STAT_HEIGHT]]
    area = stats[:, cv2.CC_STAT_AREA].sum()
    if len(slim) and slim[:, cv2.CC_STAT_AREA].sum() >= _SLIM_INK * area:
        stats = slim
    order = np.argsort(stats[:, cv2.CC_STAT_HEIGHT])
    share = np.cumsum(stats[order, cv2.CC_STAT_AREA]) / stats[:, cv2.CC_STAT_AREA].sum()
    return float(max(1, stats[order[int(np.searchsorted(share, 0.7))], cv2.CC_STAT_HEIGHT]))


def _is_blot(depth: NDArray[np.float64], box: NDArray[np.int32], typical: float, pen: float) -> bool:
    """Scribbled over: a piece filled deeper than the pen is wide."""
    w, h = int(box[2]), int(box[3])
    if w < 0.35 * typical or h < 0.3 * typical:
        return False
    return float((depth > 1.5 * pen).mean()) > _DEEP_SHARE


def _is_struck(mask: Pixels, blob: NDArray[np.bool_], box: NDArray[np.int32], longest: float) -> bool:
    """Struck through: a piece wider than a sign with a straight bar along it, level or slanting."""
    if box[2] <= longest:
        return False
    x, y, w, h = (int(v) for v in box[:4])
    inside = np.where(blob, mask, 0).astype(np.uint8)[y : y + h, x : x + w]
    return any(_has_bar(_turned(inside, angle), longest) for angle in _SLANTS)


def _turned(inside: Pixels, degrees: int) -> Pixels:
    """The piece turned in a field that holds all of it."""
    if degrees == 0:
        return inside
    height, width = inside.shape
    side = math.ceil(math.hypot(height, width)) + 2
    field = np.zeros((side, side), dtype=np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    field[top : top + height, left : left + width] = inside
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(field, matrix, (side, side), flags=cv2.INTER_NEAREST), dtype=np.uint8)


def _has_bar(inside: Pixels, longest: float) -> bool:
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (max(20, round(longest)), 1))
    bars = cv2.morphologyEx(cv2.dilate(inside, np.ones((5, 1), np.uint8)), cv2.MORPH_OPEN, bar)
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(bars, dtype=np.uint8))
    return any(_crosses(inside, stats[i]) for i in range(1, count))


def _crosses(mask: Pixels, box: NDArray[np.int32]) -> bool:
    """A bar counts when ink stands above or below it along a good part of its length."""
    x, y, w, h = (int(v) for v in box[:4])
    above = (mask[max(0, y - 8) : max(0, y - 1), x : x + w] > 0).any(axis=0)
    below = (mask[y + h + 1 : y + h + 9, x : x + w] > 0).any(axis=0)
    if np.size(above) == 0 or np.size(below) == 0:
        return False
    return bool((above | below).mean() > 0.2)


def split_power(written: Written) -> tuple[Pixels, Pixels] | None:
    """Base and raised exponent at the end of a line, or None when nothing at the end is raised.

    The trailing pieces of ink that end above the middle of the tall pieces before them are the exponent.
    """
    found = blobs(written.mask)
    tallest = max((blob.h for blob in found), default=0)
    tall = [blob for blob in found if blob.h >= 0.5 * tallest]
    if len(found) < 4 or not tall:
        return None
    base_line = float(np.median([blob.y + blob.h for blob in tall[:4]]))
    middle = base_line - 0.3 * float(np.median([blob.h for blob in tall[:4]]))
    raised = 0
    for blob in reversed(found):
        if blob.y + blob.h > middle:
            break
        raised += 1
    if raised == 0 or len(found) - raised < 3:
        return None
    power = found[-raised:]
    if max(blob.h for blob in power) < 0.2 * tallest:
        return None
    cut = min(blob.x for blob in power)
    ends = [blob.x + blob.w for blob in found[:-raised]]
    return _part(written, 0, max(ends), [found[:-raised]]), _part(
        written, cut, written.mask.shape[1], [power]
    )


def plain_bars(part: Pixels) -> str:
    """An exponent made of straight bars alone, e.g. ``-11``; empty when it holds anything else.

    Recognisers run narrow ones together; as pieces of ink they are easily counted.

    Args:
        part: grey picture of the exponent, white where nothing is written.
    """
    signs = _signs_of_bars(part)
    text = "".join(signs)
    return text if all(signs) and "1" in text and "-" not in text[1:] else ""


def begins_with_bar(part: Pixels) -> bool:
    """Whether the leftmost piece of ink is a level bar, a minus."""
    return _signs_of_bars(part)[:1] == ["-"]


def _signs_of_bars(part: Pixels) -> list[str]:
    """``1``, ``-`` or nothing for each piece of ink, from left to right."""
    mask = np.where(part < 160, 255, 0).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    pieces = [c for c in contours if cv2.contourArea(c) >= _LEAST_INK_PX / 2]
    pieces.sort(key=lambda contour: cv2.boundingRect(contour)[0])
    return [_bar_sign(cv2.boundingRect(c), cv2.minAreaRect(c), cv2.contourArea(c)) for c in pieces]


def _bar_sign(box: Sequence[int], fitted: tuple[Sequence[float], Sequence[float], float], area: float) -> str:
    w, h = box[2], box[3]
    thin, long = sorted(fitted[1])
    if long < 2.2 * max(thin, 1.0) or area < 0.6 * long * thin:
        return ""
    return "1" if h > 1.4 * w else "-" if w > 1.6 * h else ""


def _part(written: Written, left: int, right: int, groups: list[list[Blob]]) -> Pixels:
    """The pieces of one group alone, cut close, on white."""
    part = np.full_like(written.picture, 255)
    pieces = [blob for group in groups for blob in group]
    for blob in pieces:
        rows, columns = slice(blob.y, blob.y + blob.h), slice(blob.x, blob.x + blob.w)
        part[rows, columns] = written.picture[rows, columns]
    top, bottom = min(b.y for b in pieces), max(b.y + b.h for b in pieces)
    return np.ascontiguousarray(part[top:bottom, left:right])
