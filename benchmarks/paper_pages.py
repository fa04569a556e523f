"""Synthetic scans: printed sheets filled in by a random hand, then scanned or photographed badly.

Writing is drawn with distorted printing fonts (no real hand is like it; figures on real handwriting are
measured apart). Bubbles are uneven scribbled ellipses of random darkness, size and offset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import pylopdf_fonts_zh_cn
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from zhiwei.engines.sheets import Box, PageTemplate, Region

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
SCALE = 200 / 25.4
"""Pixels a millimetre of the rendered sheet."""


@dataclass(frozen=True)
class Filled:
    """A page with answers on it, and the truth: region key to the text or the chosen values."""

    pixels: Pixels
    truth: dict[str, tuple[str, ...]]


def render_pdf(pdf: bytes) -> list[Pixels]:
    """Every page in grey at 200 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    return [np.array(page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")) for page in document]


def fill_page(blank: Pixels, page: PageTemplate, number: str, rng: Rng) -> Filled:
    """Answer every bubble row, number and box of a page; free boxes get a scribble, lines some words."""
    pixels = blank.copy()
    truth: dict[str, tuple[str, ...]] = {}
    for region in page.regions:
        if region.kind == "bubbles":
            truth[region.key] = _fill_bubbles(pixels, region, rng)
        elif region.kind == "number":
            truth[region.key] = (number,)
            for column, digit in enumerate(number):
                cell = next(c for c in region.cells if c.group == column and c.value == digit)
                scribble(pixels, cell.box, rng)
        elif region.kind in {"digits", "letter"}:
            truth[region.key] = (_fill_boxes(pixels, region, rng),)
        elif region.kind == "short":
            truth[region.key] = (_write(pixels, region.box, _digits(rng, 4), rng, 6.0),)
        elif region.kind == "lines":
            _write(pixels, Box(region.box.x, region.box.y, region.box.w, 9.0), "先算括号内的数", rng, 6.0)
        elif region.kind == "free":
            _write(pixels, region.box, "x=3", rng, 8.0)
    return Filled(pixels, truth)


def _fill_bubbles(pixels: Pixels, region: Region, rng: Rng) -> tuple[str, ...]:
    count = int(rng.integers(1, 4)) if region.multiple else int(rng.random() > 0.04)
    chosen = sorted(rng.choice(len(region.cells), size=min(count, len(region.cells)), replace=False).tolist())
    for index in chosen:
        scribble(pixels, region.cells[index].box, rng)
    return tuple(region.cells[index].value for index in chosen)


def scribble(pixels: Pixels, box: Box, rng: Rng, *, dark: float | None = None) -> None:
    """Fill a bubble as a person does: not quite inside, not quite full, with a pencil of some darkness."""
    level = rng.uniform(30, 120) if dark is None else dark
    cx, cy = (box.x + box.w / 2) * SCALE, (box.y + box.h / 2) * SCALE
    cx, cy = cx + rng.normal(0, 0.25) * SCALE, cy + rng.normal(0, 0.2) * SCALE
    axes = (box.w / 2 * SCALE * rng.uniform(0.75, 1.05), box.h / 2 * SCALE * rng.uniform(0.75, 1.05))
    reach = int(max(axes)) + 3
    left, top = max(0, int(cx) - reach), max(0, int(cy) - reach)
    part = pixels[top : int(cy) + reach + 1, left : int(cx) + reach + 1]
    mask = np.zeros_like(part)
    place = ((cx - left, cy - top), (2 * axes[0], 2 * axes[1]), rng.uniform(-12, 12))
    cv2.ellipse(mask, place, 255, -1, cv2.LINE_AA)
    ys, xs = np.nonzero(mask)
    texture = rng.normal(level, 22, len(ys)).clip(0, 235)
    share = mask[ys, xs] / 255.0
    part[ys, xs] = np.minimum(part[ys, xs], (255 - share * (255 - texture))).astype(np.uint8)


def _digits(rng: Rng, count: int) -> str:
    return "".join(str(d) for d in rng.integers(0, 10, count))


def _fill_boxes(pixels: Pixels, region: Region, rng: Rng) -> str:
    letters = region.alphabet if region.kind == "letter" else "0123456789"
    count = 1 if region.kind == "letter" else int(rng.integers(1, len(region.cells) + 1))
    text = "".join(rng.choice(list(letters), count))
    for sign, cell in zip(text, region.cells, strict=False):
        _write(pixels, cell.box.grown(-0.8), sign, rng, 6.5)
    return text


@lru_cache(maxsize=64)
def _font(serif: bool, size: int) -> ImageFont.FreeTypeFont:
    path = pylopdf_fonts_zh_cn.serif_path() if serif else pylopdf_fonts_zh_cn.sans_path()
    return ImageFont.truetype(str(path), size)


def _write(pixels: Pixels, box: Box, text: str, rng: Rng, height_mm: float) -> str:
    """Draw text in a distorted font: sheared, wavy, of uneven size, in a pen of random width."""
    size = round(min(height_mm, box.h * 0.95) * SCALE * rng.uniform(0.85, 1.0))
    font = _font(bool(rng.random() < 0.5), size)
    left, top, right, bottom = font.getbbox(text)
    sign = Image.new("L", (int(right - left) + 24, int(bottom - top) + 24), 255)
    ImageDraw.Draw(sign).text((12 - left, 12 - top), text, fill=int(rng.uniform(10, 90)), font=font)
    bent = _bent(np.array(sign), rng)
    height, width = bent.shape
    x = round(box.x * SCALE + rng.uniform(0.05, 0.6) * max(0.0, box.w * SCALE - width))
    y = round(box.y * SCALE + rng.uniform(0.3, 0.7) * (box.h * SCALE - height))
    x, y = max(0, x), max(0, y)
    part = pixels[y : y + height, x : x + width]
    np.minimum(part, bent[: part.shape[0], : part.shape[1]], out=part)
    return text


def _bent(sign: Pixels, rng: Rng) -> Pixels:
    height, width = sign.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    wave = height * 0.025 * np.sin(xs / height * rng.uniform(1, 4) + rng.uniform(0, 6))
    shear = rng.uniform(-0.2, 0.2)
    moved = cv2.remap(
        sign,
        (xs + shear * (ys - height / 2)).astype(np.float32),
        (ys + wave).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    return np.asarray(
        cv2.erode(moved, np.ones((2, 2), np.uint8)) if rng.random() < 0.5 else moved, dtype=np.uint8
    )


def turn(pixels: Pixels, rng: Rng, degrees: float = 10.0) -> Pixels:
    """Scanned askew, the corners kept in view."""
    angle = rng.uniform(-degrees, degrees)
    height, width = pixels.shape
    grown = np.pad(pixels, ((height // 8,) * 2, (width // 6,) * 2), constant_values=235)
    matrix = cv2.getRotationMatrix2D((grown.shape[1] / 2, grown.shape[0] / 2), angle, 1.0)
    return _pixels(cv2.warpAffine(grown, matrix, grown.shape[::-1], borderValue=235))


def tilt(pixels: Pixels, rng: Rng) -> Pixels:
    """Photographed from the side."""
    height, width = pixels.shape
    grown = np.pad(pixels, ((height // 12,) * 2, (width // 12,) * 2), constant_values=90)
    height, width = grown.shape
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = square + rng.uniform(-0.05, 0.05, (4, 2)).astype(np.float32) * np.array(
        [width, height], np.float32
    )
    return _pixels(
        cv2.warpPerspective(
            grown, cv2.getPerspectiveTransform(square, moved), (width, height), borderValue=90
        )
    )


def soften(pixels: Pixels, rng: Rng) -> Pixels:
    """Slightly out of focus."""
    return _pixels(cv2.GaussianBlur(pixels, (0, 0), rng.uniform(1.2, 2.0)))


def speckle(pixels: Pixels, rng: Rng) -> Pixels:
    """A noisy sensor and some dust."""
    noisy = pixels + rng.normal(0, 18, pixels.shape)
    noisy[rng.random(pixels.shape) < 0.002] = 0
    return _pixels(noisy.clip(0, 255))


def squeeze(pixels: Pixels, rng: Rng) -> Pixels:
    """Sent through a chat application: JPEG at quality 30."""
    del rng
    return _pixels(
        cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], cv2.IMREAD_GRAYSCALE)
    )


def shade(pixels: Pixels, rng: Rng) -> Pixels:
    """A phone picture under a lamp: tilted, dimmer to one side, a soft shadow, a little noise."""
    photo = tilt(pixels, rng).astype(np.float32)
    height, width = photo.shape
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * (xs / width - 0.5) + np.sin(angle) * (ys / height - 0.5)) * rng.uniform(0.3, 0.7)
    edge = 1 / (1 + np.exp(-(xs / width - rng.uniform(0.3, 0.7)) * 25))
    light = (0.82 + slope) * (1 - rng.uniform(0.1, 0.35) * edge)
    return _pixels((photo * light + rng.normal(0, 5, photo.shape)).clip(0, 255))


def as_is(pixels: Pixels, rng: Rng) -> Pixels:
    """Scanned clean."""
    del rng
    return pixels


CONDITIONS: dict[str, Callable[[Pixels, Rng], Pixels]] = {
    "clean": as_is,
    "rotated": turn,
    "perspective": tilt,
    "blur": soften,
    "noise": speckle,
    "jpeg30": squeeze,
    "photo": shade,
}


def _pixels(image: object) -> Pixels:
    return np.asarray(image).astype(np.uint8)
