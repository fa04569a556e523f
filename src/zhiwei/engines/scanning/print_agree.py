"""How well a picture shows the print of a page: tells pages apart that have the same rules in the same places."""

from __future__ import annotations

import base64
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.flatten import PX_PER_MM
from zhiwei.engines.scanning.strokes import ink_mask
from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.sheets import PageTemplate

Labels = NDArray[np.int32]

_SLACK_MM = 0.35
_NEAR_MM = 1.0
_EDGE_MM = 1.5
CLEARLY = 0.12
"""By how much the best page must beat the next one to be named without a person."""
ENOUGH = 0.7
"""How much of a page's print must be there to name it without a person."""
_FEWEST_PIECES = 2
_RULE_MM = 12.0


def print_agreement(flat: Pixels, page: PageTemplate) -> float | None:
    """How much of a page's print stands in a flattened picture, and nothing else, 0 to 1.

    Each printed piece (a number, a word) counts alike, rules only where nothing else is printed: the share of
    its ink that is there times the share of the ink there that is its. Print inside the answer regions is asked
    only when hardly any stands outside, and only whether it is there: pupils write around it.

    Args:
        flat: the picture drawn as this page.
        page: its template.

    Returns:
        The mean over the pieces; None when the page has no print to compare.
    """
    printed = _printed(page.reference_png, page.width_mm, page.height_mm)
    if printed is None:
        return None
    seen = ink_mask(flat)[: printed.shape[0], : printed.shape[1]]
    printed = np.where(_edge(printed.shape), 0, printed)[: seen.shape[0], : seen.shape[1]]
    written = _answers(page, printed)
    shares = _piece_shares(seen, np.where(written, 0, printed), crowded=False)
    if len(shares) < _FEWEST_PIECES:
        shares += _piece_shares(seen, np.where(written, printed, 0), crowded=True)
    return float(np.mean(shares)) if shares else None


def _piece_shares(seen: Pixels, labels: Labels, *, crowded: bool) -> list[float]:
    """For every piece how much of it is there, and (unless writing crowds it) how little else is."""
    count = int(labels.max()) + 1
    near = _nearest(labels)
    size = np.bincount(labels.ravel(), minlength=count)
    there = np.bincount(labels[_thicker(seen) > 0], minlength=count)
    around = np.bincount(near[seen > 0], minlength=count)
    own = np.bincount(near[(seen > 0) & (_thicker(_as_ink(labels)) > 0)], minlength=count)
    counted = [i for i in range(1, count) if size[i] > (_SLACK_MM * PX_PER_MM) ** 2]
    counted = [i for i in counted if not _is_rule(labels == i)] or counted
    return [float(there[i] / size[i]) * (1.0 if crowded else own[i] / max(1, around[i])) for i in counted]


def _is_rule(piece: NDArray[np.bool_]) -> bool:
    """A long level line: pages are found by theirs, so it says nothing about which page it is."""
    rows, columns = np.flatnonzero(piece.any(axis=1)), np.flatnonzero(piece.any(axis=0))
    width, height = float(np.ptp(columns)) / PX_PER_MM, float(np.ptp(rows)) / PX_PER_MM
    return width > _RULE_MM and height < width / 10


def _nearest(labels: Labels) -> Labels:
    """The number of the piece whose neighbourhood a place lies in, 0 where none is near."""
    reach = round(_NEAR_MM * PX_PER_MM)
    wide = cv2.dilate(labels.astype(np.float32), np.ones((2 * reach + 1,) * 2, np.uint8))
    return np.asarray(wide, dtype=np.int32)


def _as_ink(labels: Labels) -> Pixels:
    return np.where(labels > 0, 255, 0).astype(np.uint8)


def _thicker(ink: Pixels) -> Pixels:
    side = 2 * round(_SLACK_MM * PX_PER_MM) + 1
    return np.asarray(cv2.dilate(ink, np.ones((side, side), np.uint8)), dtype=np.uint8)


def _answers(page: PageTemplate, printed: Labels) -> NDArray[np.bool_]:
    """Where pupils write."""
    hidden = np.zeros(printed.shape, dtype=np.bool_)
    for box in (region.box for region in page.regions):
        top, left = max(0, round(box.y * PX_PER_MM)), max(0, round(box.x * PX_PER_MM))
        hidden[top : round((box.y + box.h) * PX_PER_MM), left : round((box.x + box.w) * PX_PER_MM)] = True
    return hidden


def _edge(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The outermost edge of a page, which a crop may lose."""
    edge = round(_EDGE_MM * PX_PER_MM)
    hidden = np.ones(shape, dtype=np.bool_)
    hidden[edge:-edge, edge:-edge] = False
    return hidden


@lru_cache(maxsize=64)
def _printed(reference_png: str, width_mm: float, height_mm: float) -> Labels | None:
    """Pieces of the reference's print, numbered from 1, at the scale of flattened pages; parts of words joined."""
    if not reference_png:
        return None
    image = cv2.imdecode(np.frombuffer(base64.b64decode(reference_png), np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        return None
    size = (round(width_mm * PX_PER_MM), round(height_mm * PX_PER_MM))
    ink = ink_mask(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8))
    joined = cv2.dilate(ink, np.ones((5, 9), np.uint8))
    _count, labels = cv2.connectedComponents(joined)
    return np.where(ink > 0, np.asarray(labels, dtype=np.int32), np.int32(0))
