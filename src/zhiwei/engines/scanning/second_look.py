"""A second look at single digits, by their shape alone and independent of the recogniser of lines.

A small classifier learns when it is first asked, in a few seconds: from the digits of real hands that
scikit-learn ships (Alpaydin and Kaynak, *Optical Recognition of Handwritten Digits*, UCI, CC BY 4.0), from
printed ones drawn askew, and from ones and sevens drawn in strokes. Two methods that err differently and agree
are rarely wrong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.values import Pixels

Floats = NDArray[np.float32]

DIGITS = "0123456789"
_SIDE, _INSIDE = 32, 28
_DIRECTIONS, _CELLS = 8, 6
_LEARNT_HEIGHT = 60
_PRINTED_EACH = 12
_STROKED_EACH = 40
_SEED = 20
_DISAGREED = 0.6
_AGREED_DOUBT = 0.6
"""What is left of the recogniser's doubt in a sign that both read alike."""


class _Classifier(Protocol):
    def fit(self, samples: Floats, labels: NDArray[np.str_]) -> object: ...

    def predict(self, samples: Floats) -> NDArray[np.str_]: ...


def digits_by_shape(signs: Sequence[Pixels], *, unseen: range = range(0)) -> list[str]:
    """One digit a picture, whatever it shows: only agreement with another reading means something.

    Args:
        signs: grey pictures of single signs, dark on white.
        unseen: indices of the shipped digits that must not be learnt from, for measuring on them.
    """
    if not signs:
        return []
    shapes = np.array([shape_of(sign) for sign in signs], dtype=np.float32)
    return [str(label) for label in _learnt(unseen).predict(shapes)]


def weighed(text: str, confidence: float, shape: str) -> float:
    """The confidence in a digit after the second look: doubt shrinks where both agree, stays high where not.

    Args:
        text: what the recogniser read.
        confidence: its confidence, 0 to 1.
        shape: what the second look says.
    """
    if text != shape:
        return min(confidence, _DISAGREED)
    return 1.0 - (1.0 - confidence) * _AGREED_DOUBT


def shape_of(sign: Pixels) -> Floats:
    """Directions of a sign's outline over a grid of six by six cells, of length one; robust to the pen's width.

    Args:
        sign: grey picture, dark on white; its size and place do not matter.
    """
    soft = cv2.GaussianBlur(_normalised(sign), (0, 0), 1.0)
    strength, angle = cv2.cartToPolar(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    turn = np.asarray(angle) / (2 * np.pi) * _DIRECTIONS
    lower = np.floor(turn)
    share = (turn - lower) * strength
    planes = np.zeros((_DIRECTIONS, _SIDE, _SIDE), dtype=np.float32)
    rows, columns = np.indices((_SIDE, _SIDE))
    planes[lower.astype(np.int32) % _DIRECTIONS, rows, columns] += strength - share
    planes[(lower.astype(np.int32) + 1) % _DIRECTIONS, rows, columns] += share
    cells = [
        cv2.resize(cv2.GaussianBlur(plane, (0, 0), 2.5), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
        for plane in planes
    ]
    shape = np.sqrt(np.concatenate([np.asarray(cell, dtype=np.float32).ravel() for cell in cells]))
    return np.asarray(shape / (float(np.linalg.norm(shape)) + 1e-6), dtype=np.float32)


def _normalised(sign: Pixels) -> Floats:
    """The ink as 1 on 0, scaled into the middle of a square."""
    square = np.zeros((_SIDE, _SIDE), dtype=np.float32)
    calm = np.asarray(cv2.GaussianBlur(sign, (3, 3), 0), dtype=np.uint8)
    ink = np.where(calm < (float(np.percentile(calm, 2)) + 255.0) / 2, 255, 0).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(ink)
    if w == 0 or h == 0:
        return square
    scale = _INSIDE / max(w, h)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    small = cv2.resize(ink[y : y + h, x : x + w], size, interpolation=cv2.INTER_AREA)
    left, top = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
    square[top : top + size[1], left : left + size[0]] = np.asarray(small, dtype=np.float32) / 255.0
    return square


@lru_cache(maxsize=2)
def _learnt(unseen: range) -> _Classifier:
    from sklearn.svm import SVC

    written = [one for index, one in enumerate(hand_written()) if index not in unseen]
    rng = np.random.default_rng(_SEED)
    samples = [*written, *_printed(rng), *_stroked(rng)]
    model = cast(_Classifier, SVC(gamma=2.0, C=10.0))
    shapes = np.array([shape_of(picture) for picture, _ in samples], dtype=np.float32)
    model.fit(shapes, np.array([label for _, label in samples]))
    return model


def hand_written() -> Iterator[tuple[Pixels, str]]:
    """Digits of thirteen writers, every second one in a broader pen."""
    from sklearn.datasets import load_digits

    found = load_digits()
    for index, (tiny, label) in enumerate(zip(found.images, found.target, strict=True)):
        grey = np.pad((255 - tiny * (255 / 16)).astype(np.uint8), 1, constant_values=255)
        large = cv2.resize(grey, (_LEARNT_HEIGHT, _LEARNT_HEIGHT), interpolation=cv2.INTER_CUBIC)
        pen = large if index % 2 else cv2.dilate(large, np.ones((3, 3), np.uint8))
        yield np.asarray(pen, dtype=np.uint8), str(label)


def _printed(rng: np.random.Generator) -> Iterator[tuple[Pixels, str]]:
    """Digits of two printing fonts, sheared, in pens of three widths."""
    import pylopdf_fonts_zh_cn as fonts
    from PIL import Image, ImageDraw, ImageFont

    for path in (fonts.serif_path(), fonts.sans_path()):
        font = ImageFont.truetype(str(path), _LEARNT_HEIGHT)
        for label in DIGITS:
            field = Image.new("L", (_LEARNT_HEIGHT * 2, _LEARNT_HEIGHT * 2), 255)
            ImageDraw.Draw(field).text((_LEARNT_HEIGHT // 2, 10), label, fill=30, font=font)
            for number in range(_PRINTED_EACH):
                yield _askew(np.array(field), float(rng.uniform(-0.3, 0.3)), number % 3), label


def _stroked(rng: np.random.Generator) -> Iterator[tuple[Pixels, str]]:
    """Sevens without a hook beside ones with and without a flag: what tells them apart is how level the top is."""
    for number in range(_STROKED_EACH * 3):
        kind = ("7", "1 with a flag", "1")[number % 3]
        lean = rng.uniform(0.0, 0.35) if kind == "7" else rng.uniform(-0.1, 0.3)
        arm = rng.uniform(0.25, 0.7) if kind == "7" else rng.uniform(0.15, 0.4) if kind != "1" else 0.0
        drop = rng.uniform(-0.12, 0.12) if kind == "7" else rng.uniform(0.7, 1.3)
        top = np.array([0.5 + lean / 2, 0.1])
        points = [top - [arm, -arm * drop], top, np.array([0.5 - lean / 2, 0.9])]
        drawn = np.round(np.array(points if arm else points[1:]) * _LEARNT_HEIGHT * 2).astype(np.int32)
        field = np.full((_LEARNT_HEIGHT * 2, _LEARNT_HEIGHT * 2), 255, dtype=np.uint8)
        cv2.polylines(field, [drawn], False, (30,), int(rng.integers(5, 12)), cv2.LINE_AA)
        yield field, kind[0]


def _askew(picture: Pixels, lean: float, pen: int) -> Pixels:
    height, width = picture.shape
    matrix = np.array([[1, lean, -lean * height / 2], [0, 1, 0]], dtype=np.float32)
    leaning = cv2.warpAffine(picture, matrix, (width, height), borderValue=(255,))
    if pen == 1:
        leaning = cv2.erode(leaning, np.ones((3, 3), np.uint8))
    elif pen == 2:
        leaning = cv2.dilate(leaning, np.ones((2, 2), np.uint8))
    return np.asarray(leaning, dtype=np.uint8)
