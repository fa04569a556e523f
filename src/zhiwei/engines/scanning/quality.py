"""Is the picture good enough to read, and if not, what should the person do."""

from __future__ import annotations

import math

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import crop
from zhiwei.engines.scanning.intake import Pixels
from zhiwei.engines.scanning.locate import Location, project, two_pages
from zhiwei.engines.sheets import Box, PageTemplate

_TILT_DEGREES = 20.0
_DARK_PAPER = 95.0
_BLUR_EDGE = 0.17
_CURL_MM = 0.8
_OUTSIDE_SHARE = 0.01
_GLARE_SHARE = 0.3


def picture_problems(image: Pixels, page: PageTemplate, location: Location, flat: Pixels) -> list[str]:
    """Codes of what is wrong with a registered picture, worst first; see ``advice`` for the sentences.

    Args:
        image: the whole grey picture.
        page: its template.
        location: where the page is.
        flat: the flattened page.
    """
    checks = (
        ("two_pages", two_pages(location)),
        ("cut_off", _is_cut_off(image, page, location)),
        ("dark", float(np.percentile(flat[::8, ::8], 80)) < _DARK_PAPER),
        ("blurred", bool(page.markers) and edge_sharpness(flat, page) < _BLUR_EDGE),
        ("glare", _has_glare(flat, page)),
        ("skewed", tilt_degrees(location) > _TILT_DEGREES),
        ("uneven", location.error_mm > _CURL_MM),
    )
    return [code for code, wrong in checks if wrong]


def tilt_degrees(location: Location) -> float:
    """How far the page is from the nearest upright or sideways position, 0 to 45."""
    origin, right = project(location.to_pixels, np.array([[50.0, 100.0], [150.0, 100.0]]))
    angle = math.degrees(math.atan2(right[1] - origin[1], right[0] - origin[0])) % 90.0
    return min(angle, 90.0 - angle)


def edge_sharpness(flat: Pixels, page: PageTemplate) -> float:
    """How fast the printed marks go from white to black: the steepest step of a millimetre's share, 0 to 1.

    Taken at the outer edges of the marks, which are the same in every picture, so writing does not count.
    """
    steps = []
    for mark in page.markers:
        patch = crop(flat, mark.box.grown(1.5)).astype(np.float32)
        span = float(np.percentile(patch, 95) - np.percentile(patch, 5))
        middle = patch[:, patch.shape[1] // 3 : 2 * patch.shape[1] // 3].mean(axis=1)
        if span > 30 and len(middle) > 8:
            steps.append(float(np.abs(np.diff(middle)).max()) / span)
    return float(np.median(steps)) if steps else 0.0


def _is_cut_off(image: Pixels, page: PageTemplate, location: Location) -> bool:
    height, width = image.shape[:2]
    boxes = [region.box for region in page.regions] + ([page.qr] if page.qr else [])
    if not boxes:
        return False
    corners = project(location.to_pixels, np.concatenate([_corners(box) for box in boxes]))
    outside = (corners < -2).any(axis=1) | (corners[:, 0] > width + 2) | (corners[:, 1] > height + 2)
    return bool(outside.mean() > _OUTSIDE_SHARE)


def _corners(box: Box) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[box.x, box.y], [box.x + box.w, box.y + box.h]])


def _has_glare(flat: Pixels, page: PageTemplate) -> bool:
    """A burnt-out patch: print that must be there has no contrast while the rest of the page is not white."""
    if float(np.percentile(flat[::8, ::8], 50)) > 244:
        return False
    outlines = [
        cell.box for region in page.regions if region.kind in {"bubbles", "number"} for cell in region.cells
    ]
    if len(outlines) < 8:
        return False
    patches = [crop(flat, box.grown(0.6)) for box in outlines]
    burnt = [float(patch.min()) > 225 for patch in patches]
    return float(np.mean(burnt)) > 0.02 and sum(burnt) >= 2


def ink_share(flat: Pixels, box: Box) -> float:
    """Share of a region that is ink, 0 to 1, its outline left out."""
    inside = crop(flat, Box(box.x + 1, box.y + 1, max(box.w - 2, 1), max(box.h - 2, 1)))
    paper = float(np.percentile(inside, 90))
    span = max(30.0, paper * 0.3)
    return float((cv2.GaussianBlur(inside, (3, 3), 0) < paper - span).mean())


def unfound_problems(image: Pixels) -> list[str]:
    """What may be wrong with a picture in which no page was found: too dark, or without one sharp edge."""
    scale = min(1.0, 1500 / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    low, paper = (float(np.percentile(small, share)) for share in (0.5, 90))
    problems = ["dark"] if paper < _DARK_PAPER else []
    steps = np.abs(np.diff(small, axis=1))
    if paper - low > 40 and float(np.percentile(steps, 99.9)) < _BLUR_EDGE * (paper - low):
        problems.append("blurred")
    return problems
