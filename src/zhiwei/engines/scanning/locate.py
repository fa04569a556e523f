"""Find the page in a picture by its printed marks: where every millimetre of paper is in pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.intake import Pixels
from zhiwei.engines.sheets import PAGE_MARK, Box, PageTemplate

Points = NDArray[np.float64]

_SEARCH_SIDES = (1500, 2600, 900)
_TWO_PAGES_AT = 3
_INLIER_MM = 1.5


@dataclass(frozen=True)
class Location:
    """How a page lies in its picture.

    Attributes:
        to_pixels: 3 x 3 homography from millimetres on the page to pixels.
        paper_mm: mark corners on the page, ``(n, 2)``.
        image_px: the same corners in the picture, ``(n, 2)``.
        marks: how many marks were found of those printed.
        expected: how many are printed.
        page_mark: page number told by the bottom mark, 0 when it was not found.
        error_mm: root mean square distance of the corners from where the homography puts them.
        doubled: marks that were found twice, as when two sheets lie in one picture.
        sure_page: whether no other page of the template fits about as well.
    """

    to_pixels: NDArray[np.float64]
    paper_mm: Points
    image_px: Points
    marks: int
    expected: int
    page_mark: int
    error_mm: float
    doubled: int
    sure_page: bool = True


def grey(pixels: Pixels) -> Pixels:
    """The picture as 8-bit grey ``(height, width)``."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def locate_by_marks(image: Pixels, page: PageTemplate) -> Location | None:
    """Find a printed page in a grey picture at any rotation, scale and perspective.

    Args:
        image: grey picture.
        page: any page of the template (all share their marks; the bottom one tells the page).

    Returns:
        The location, or None when fewer than three marks agree.
    """
    best: Location | None = None
    for side in _SEARCH_SIDES:
        found = _solve(_find_marks(image, side), page)
        if found and (best is None or found.marks > best.marks):
            best = found
        if best and best.marks >= best.expected - 1:
            break
    return best


def _find_marks(image: Pixels, long_side: int) -> list[tuple[int, Points]]:
    scale = min(1.0, long_side / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.minMarkerPerimeterRate = 0.03
    parameters.adaptiveThreshWinSizeMax = 33
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(small)
    if numbers is None or len(corners) == 0:
        return []
    flat = np.asarray(numbers).reshape(-1)
    # Pixel centres: scaling an image moves the centre of pixel i to (i + 0.5) / scale - 0.5.
    return [
        (int(number), (np.asarray(corner, dtype=np.float64).reshape(4, 2) + 0.5) / scale - 0.5)
        for number, corner in zip(flat, corners, strict=True)
    ]


def _solve(found: list[tuple[int, Points]], page: PageTemplate) -> Location | None:
    printed = {mark.number: mark.box for mark in page.markers if mark.number < PAGE_MARK}
    known = [(number, corner) for number, corner in found if number in printed]
    doubled = len(known) - len({number for number, _ in known})
    if len(known) < 3:
        return None
    paper = np.concatenate([_corners(printed[number]) for number, _ in known])
    image = np.concatenate([corner for _, corner in known])
    to_mm, _ = cv2.findHomography(image, paper, cv2.RANSAC, _INLIER_MM * 2)
    if to_mm is None or abs(np.linalg.det(to_mm)) < 1e-12:
        return None
    kept = _inlier_marks(np.asarray(to_mm), paper, image)
    if kept.sum() < 3:
        return None
    page_mark, extra = _page_mark(found, np.asarray(to_mm), page)
    corners = np.repeat(kept, 4)
    paper, image = paper[corners], image[corners]
    if extra is not None:
        paper, image = np.concatenate([paper, extra[0]]), np.concatenate([image, extra[1]])
    return _refined(paper, image, len(page.markers), page_mark, doubled)


def _corners(box: Box) -> Points:
    right, bottom = box.x + box.w, box.y + box.h
    return np.array([[box.x, box.y], [right, box.y], [right, bottom], [box.x, bottom]], dtype=np.float64)


def _inlier_marks(to_mm: NDArray[np.float64], paper: Points, image: Points) -> NDArray[np.bool_]:
    error = np.linalg.norm(project(to_mm, image) - paper, axis=1).reshape(-1, 4)
    return np.asarray(error.max(axis=1) < _INLIER_MM * 2)


def _page_mark(
    found: list[tuple[int, Points]], to_mm: NDArray[np.float64], page: PageTemplate
) -> tuple[int, tuple[Points, Points] | None]:
    """The mark that tells the page, trusted only where it must stand."""
    place = next((mark.box for mark in page.markers if mark.number >= PAGE_MARK), None)
    if place is None:
        return 0, None
    expected = _corners(place)
    for number, corner in found:
        if number > PAGE_MARK and np.linalg.norm(project(to_mm, corner) - expected, axis=1).max() < 3.0:
            return number - PAGE_MARK, (expected, corner)
    return 0, None


def _refined(paper: Points, image: Points, expected: int, page_mark: int, doubled: int) -> Location | None:
    to_pixels, _ = cv2.findHomography(paper, image, 0)
    if to_pixels is None:
        return None
    matrix = np.asarray(to_pixels, dtype=np.float64)
    off = project(np.asarray(np.linalg.inv(matrix), dtype=np.float64), image) - paper
    error = float(np.sqrt(np.mean(np.sum(off**2, axis=1))))
    return Location(matrix, paper, image, len(paper) // 4, expected, page_mark, error, doubled)


def project(matrix: NDArray[np.float64], points: Points) -> Points:
    """Apply a homography to ``(n, 2)`` points."""
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:3])


def two_pages(location: Location) -> bool:
    """Whether so many marks appear twice that a second sheet must be in the picture."""
    return location.doubled >= _TWO_PAGES_AT
