"""Find a page that has no marks by what is printed on it: its features, or its long rules."""

from __future__ import annotations

import base64
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.locate import Location, Points, project
from zhiwei.engines.scanning.rules import locate_by_rules
from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.sheets import PageTemplate

Words = NDArray[np.float32]
Features = tuple[Points, Words | None]

_SEARCH_SIDE = 1400
_RATIO = 0.75
_FEWEST = 18


def locate_by_print(image: Pixels, page: PageTemplate, features: Features | None = None) -> Location | None:
    """Where a page of existing paper lies in a grey picture, or None when its print is not there.

    Features of the blank scan are tried first, then the template's rules.

    Args:
        image: grey picture.
        page: the page looked for.
        features: :func:`features_of` the picture, when several pages are looked for in it.
    """
    seen = (features or features_of(image)) if page.reference_png else None
    found = _locate_by_features(image, page, seen) if seen else None
    if found is None and page.rules:
        found = locate_by_rules(image, page)
    return found


def features_of(image: Pixels) -> Features:
    """The features of a grey picture, at the scale at which pages are looked for."""
    return _features(_small(image))


def _locate_by_features(image: Pixels, page: PageTemplate, seen: Features) -> Location | None:
    reference_points, reference_words = _reference(page.reference_png, page.width_mm)
    points, words = seen
    scale = min(1.0, _SEARCH_SIDE / max(image.shape))
    if words is None or reference_words is None or len(words) < 2:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(reference_words, words, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < _FEWEST:
        return None
    paper = reference_points[[match.queryIdx for match in good]]
    pixels = (points[[match.trainIdx for match in good]] + 0.5) / scale - 0.5
    to_pixels, kept = cv2.findHomography(paper, pixels, cv2.RANSAC, 3.0 / scale)
    if to_pixels is None or kept is None or int(kept.sum()) < _FEWEST:
        return None
    return _checked(np.asarray(to_pixels, dtype=np.float64), paper, pixels, kept.ravel().astype(bool), page)


def _checked(
    to_pixels: Points,
    paper: Points,
    pixels: Points,
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]],
    page: PageTemplate,
) -> Location | None:
    """Refuse a homography that folds the page or rests on one corner of it."""
    corners = np.array(
        [[0, 0], [page.width_mm, 0], [page.width_mm, page.height_mm], [0, page.height_mm]], float
    )
    outline = project(to_pixels, corners).astype(np.float32)
    spread = np.ptp(paper[kept], axis=0) / np.array([page.width_mm, page.height_mm])
    if not cv2.isContourConvex(outline) or spread.max() < 0.4 or abs(np.linalg.det(to_pixels)) < 1e-12:
        return None
    off = project(np.asarray(np.linalg.inv(to_pixels), dtype=np.float64), pixels[kept]) - paper[kept]
    error = float(np.sqrt(np.mean(np.sum(off**2, axis=1))))
    found = int(kept.sum())
    return Location(to_pixels, paper[kept][:0], pixels[kept][:0], found, found, page.number, error, 0)


def _small(image: Pixels) -> Pixels:
    scale = min(1.0, _SEARCH_SIDE / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return np.asarray(small, dtype=np.uint8)


def _features(image: Pixels) -> Features:
    found, described = cv2.SIFT.create(nfeatures=3000).detectAndCompute(image, None)
    words = None if described is None else np.asarray(described, dtype=np.float32)
    return np.array([point.pt for point in found], dtype=np.float64).reshape(-1, 2), words


@lru_cache(maxsize=64)
def _reference(reference_png: str, width_mm: float) -> Features:
    raw = np.frombuffer(base64.b64decode(reference_png), dtype=np.uint8)
    image = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE)
    if image is None:
        return np.zeros((0, 2)), None
    points, words = _features(_small(np.asarray(image, dtype=np.uint8)))
    scale = min(1.0, _SEARCH_SIDE / max(image.shape))
    return ((points + 0.5) / scale) * (width_mm / image.shape[1]), words
