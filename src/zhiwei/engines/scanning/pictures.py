"""Pages as small JPEG files, for keeping and showing, and back."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from zhiwei.engines.scanning.values import Pixels

_SIGNATURE = b"\xff\xd8\xff"
_MOST_PIXELS = 40_000_000


def page_jpeg(pixels: Pixels, *, long_side: int, quality: int = 80) -> bytes:
    """A page as JPEG, scaled down to ``long_side`` pixels when it is larger.

    Args:
        pixels: grey or RGB.
        long_side: longest side of the result in pixels.
        quality: 1–100.
    """
    scale = min(1.0, long_side / max(pixels.shape[:2]))
    small = (
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    )
    shown = cv2.cvtColor(small, cv2.COLOR_RGB2BGR) if small.ndim == 3 else small
    done, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("page: cannot be written as JPEG")
    return encoded.tobytes()


def page_pixels(jpeg: bytes) -> Pixels:
    """The grey pixels of a JPEG that :func:`page_jpeg` made.

    Raises:
        ValueError: not such a JPEG.
    """
    if not jpeg.startswith(_SIGNATURE):
        raise ValueError("page: not a JPEG")
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None or pixels.size > _MOST_PIXELS:
        raise ValueError("page: not a JPEG of a page")
    return np.asarray(pixels, dtype=np.uint8)


def page_digest(pixels: Pixels) -> str:
    """SHA-256 over size and content of a decoded page: the same page twice has the same digest."""
    head = f"{pixels.shape}".encode()
    return hashlib.sha256(head + np.ascontiguousarray(pixels).tobytes()).hexdigest()
