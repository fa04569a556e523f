"""Read the page's code, trying harder step by step; what does not read stays unread."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import crop
from zhiwei.engines.scanning.intake import Pixels
from zhiwei.engines.sheets import CheckedCode, PageTemplate, decode_code


def read_code(flat: Pixels | None, image: Pixels, page: PageTemplate, key: bytes) -> CheckedCode | None:
    """The code of one page.

    Args:
        flat: the flattened grey page, or None when the page was not found.
        image: the whole grey picture, searched last.
        page: says where the code is printed.
        key: the school's secret; empty leaves the signature unchecked.

    Returns:
        The code, or None. With codes that contradict each other in one picture, None: never a guess.
    """
    for attempt in _attempts(flat, image, page):
        codes = set(_decode(attempt, key))
        if len(codes) == 1:
            return codes.pop()
        if len(codes) > 1:
            return None
    return None


def codes_in(image: Pixels, key: bytes) -> set[CheckedCode]:
    """Every sheet code seen in a picture; more than one means more than one sheet."""
    return set(_decode(image, key))


def _decode(image: Pixels, key: bytes) -> Iterator[CheckedCode]:
    import zxingcpp

    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    for found in zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=formats):
        code = decode_code(found.text, key)
        if code is not None:
            yield code


def _attempts(flat: Pixels | None, image: Pixels, page: PageTemplate) -> Iterator[Pixels]:
    if flat is not None and page.qr is not None:
        near = crop(flat, page.qr.grown(4.0))
        yield near
        yield from _variants(near)
    yield image
    if max(image.shape) > 1600:
        yield _scaled(image, 1200 / max(image.shape))


def _variants(near: Pixels) -> Iterator[Pixels]:
    large = _scaled(near, 2.5)
    yield large
    calm = cv2.GaussianBlur(large, (0, 0), 2.5)
    yield _as_pixels(cv2.threshold(calm, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    yield _as_pixels(cv2.addWeighted(large, 2.2, cv2.GaussianBlur(large, (0, 0), 6), -1.2, 0))
    yield _as_pixels(
        cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 51, 4)
    )
    yield _as_pixels(cv2.medianBlur(near, 5))
    yield _scaled(near, 0.5)


def _scaled(image: Pixels, factor: float) -> Pixels:
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return _as_pixels(cv2.resize(image, None, fx=factor, fy=factor, interpolation=way))


def _as_pixels(image: object) -> Pixels:
    return np.asarray(image, dtype=np.uint8)
