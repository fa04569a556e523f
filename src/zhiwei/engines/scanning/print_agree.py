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


def print_agreement(flat: Pixels, page: PageTemplate) -> float:
    """How much of a page's print outside its answer regions stands in a flattened picture, and nothing else, 0 to 1.

    Each printed piece (a number, a word, a rule) counts alike, so the short number that tells two strips apart
    is not drowned by a long rule: the share of its ink that is there times the share of the ink there that is its.

    Args:
        flat: the picture drawn as this page.
        page: its template; without a reference picture the answer is 0.
    """
    printed = _printed(page.reference_png, page.width_mm, page.height_mm)
    if printed is None:
        return 0.0
    seen = ink_mask(flat)[: printed.shape[0], : printed.shape[1]]
    labels = np.where(_answers(page, printed), 0, printed)[: seen.shape[0], : seen.shape[1]]
    count = int(labels.max()) + 1
    near = _nearest(labels)
    size = np.bincount(labels.ravel(), minlength=count)
    there = np.bincount(labels[_thicker(seen) > 0], minlength=count)
    around = np.bincount(near[seen > 0], minlength=count)
    own = np.bincount(near[(seen > 0) & (_thicker(_as_ink(labels)) > 0)], minlength=count)
    counted = [i for i in range(1, count) if size[i] > (_SLACK_MM * PX_PER_MM) ** 2]
    shares = [there[i] / size[i] * own[i] / max(1, around[i]) for i in counted]
    return float(np.mean(shares)) if shares else 0.0


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
    """Where pupils write, and the outermost edge, which a crop may lose."""
    hidden = np.zeros(printed.shape, dtype=np.bool_)
    for box in (region.box for region in page.regions):
        top, left = max(0, round(box.y * PX_PER_MM)), max(0, round(box.x * PX_PER_MM))
        hidden[top : round((box.y + box.h) * PX_PER_MM), left : round((box.x + box.w) * PX_PER_MM)] = True
    edge = round(_EDGE_MM * PX_PER_MM)
    hidden[:edge], hidden[-edge:], hidden[:, :edge], hidden[:, -edge:] = True, True, True, True
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
