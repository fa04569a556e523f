"""Draw the page upright at a fixed scale, taking out perspective and what mild curl the marks show."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.intake import Pixels
from zhiwei.engines.scanning.locate import Location, Points, project
from zhiwei.engines.sheets import Box, PageTemplate

PX_PER_MM = 8.0
"""203 dots per inch: a bubble is 42 x 29 px, a hand-written digit about 50 px tall."""
_STEP_PX = 16
_CURL_MIN_CORNERS = 20
_CURL_ABOVE_MM = 0.12


def flatten(image: Pixels, page: PageTemplate, location: Location) -> Pixels:
    """The page as it was printed, ``PX_PER_MM`` pixels a millimetre, white where the picture ends.

    Args:
        image: grey or RGB picture.
        page: page whose size to draw.
        location: from registration.
    """
    width, height = round(page.width_mm * PX_PER_MM), round(page.height_mm * PX_PER_MM)
    to_pixels = location.to_pixels @ np.diag([1 / PX_PER_MM, 1 / PX_PER_MM, 1.0])
    if len(location.paper_mm) < _CURL_MIN_CORNERS or location.error_mm < _CURL_ABOVE_MM:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        flat = cv2.warpPerspective(
            image,
            to_pixels,
            (width, height),
            flags=flags,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255, 255, 255),
        )
        return np.asarray(flat, dtype=np.uint8)
    return _flatten_curled(image, width, height, location)


def _flatten_curled(image: Pixels, width: int, height: int, location: Location) -> Pixels:
    columns, rows = -(-width // _STEP_PX) + 1, -(-height // _STEP_PX) + 1
    xs, ys = np.meshgrid(np.arange(columns) * _STEP_PX, np.arange(rows) * _STEP_PX)
    mm = np.column_stack([xs.ravel(), ys.ravel()]) / PX_PER_MM
    where = project(location.to_pixels, mm) + _bend(mm) @ _bend_weights(location)
    coarse = where.reshape(rows, columns, 2).astype(np.float32)
    size = (columns * _STEP_PX, rows * _STEP_PX)
    # INTER_LINEAR samples at half-pixel centres; the shift puts coarse node i exactly at pixel i * step.
    shift = np.array([[_STEP_PX, 0, 0], [0, _STEP_PX, 0]], dtype=np.float64)
    fine = cv2.warpAffine(coarse, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fine = fine[:height, :width]
    flat = cv2.remap(
        image,
        fine[..., 0],
        fine[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return np.asarray(flat, dtype=np.uint8)


def _bend(mm: Points) -> NDArray[np.float64]:
    """Quadratic terms of the position, scaled to about one."""
    u, v = mm[:, 0] / 100.0 - 1.0, mm[:, 1] / 100.0 - 1.5
    return np.column_stack([np.ones(len(mm)), u, v, u * u, u * v, v * v])


def _bend_weights(location: Location) -> NDArray[np.float64]:
    left = location.image_px - project(location.to_pixels, location.paper_mm)
    terms = _bend(location.paper_mm)
    ridge = np.eye(terms.shape[1]) * 0.5
    return np.asarray(np.linalg.solve(terms.T @ terms + ridge, terms.T @ left))


def crop(flat: Pixels, box: Box) -> Pixels:
    """The part of a flattened page inside a box, cut at the page's edges; at least one pixel."""
    height, width = flat.shape[:2]
    left, top = max(0, round(box.x * PX_PER_MM)), max(0, round(box.y * PX_PER_MM))
    right, bottom = round((box.x + box.w) * PX_PER_MM), round((box.y + box.h) * PX_PER_MM)
    left, top = min(left, width - 1), min(top, height - 1)
    return flat[top : max(bottom, top + 1), left : max(right, left + 1)]


def png(pixels: Pixels) -> bytes:
    """The picture as PNG bytes."""
    ordered = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[:, :, ::-1])
    done, data = cv2.imencode(".png", ordered, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError("the crop has no pixels")
    return bytes(data.tobytes())
