"""Fills printed sheets as pupils would and scans them a little askew: drawn by ourselves, of nobody real."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from zhiwei.engines.sheets import Box, PageTemplate, Region

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
DPI = 150
SCALE = DPI / 25.4
_QUALITY = 70


def printed_pages(pdf: bytes) -> list[Pixels]:
    """Draw every page of a PDF in grey at 150 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    return [np.array(page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")) for page in document]


def fill_page(blank: Pixels, page: PageTemplate, answers: Mapping[str, str], rng: Rng) -> Pixels:
    """Write answers on a page: question key to the letters of bubbles, or to a text."""
    pixels = blank.copy()
    for region in page.regions:
        text = answers.get(region.question, "")
        if region.kind == "bubbles":
            for cell in region.cells:
                if cell.value in text:
                    _scribble(pixels, cell.box, rng)
        elif region.kind == "digits":
            for sign, cell in zip(text, region.cells, strict=False):
                _write(pixels, cell.box, sign, rng, 5.5)
        elif text:
            _write_lines(pixels, region, text, rng)
    return pixels


def scanned(pixels: Pixels, rng: Rng) -> Pixels:
    """Turn a page by up to two degrees, with a little noise and uneven light, as a school's scanner does."""
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-2, 2)), 0.97)
    turned = cv2.warpAffine(pixels, turn, (width, height), borderValue=240)
    light = np.linspace(1.0, float(rng.uniform(0.9, 1.0)), width, dtype=np.float32)
    noise = rng.standard_normal((height, width), dtype=np.float32) * 4
    return np.asarray((turned * light + noise).clip(0, 255), dtype=np.uint8)


def torn(pixels: Pixels, page: PageTemplate) -> Pixels:
    """A page whose code was torn off."""
    if page.qr is None:
        return pixels
    box = page.qr.grown(2.0)
    left, right = round(box.x * SCALE), round((box.x + box.w) * SCALE)
    pixels = pixels.copy()
    pixels[: round((box.y + box.h) * SCALE), left:right] = 250
    return pixels


def as_pdf(pages: Sequence[Pixels]) -> bytes:
    """Scans as one PDF of JPEG pages."""
    out = io.BytesIO()
    first, *rest = [Image.fromarray(page) for page in pages]
    first.save(out, "PDF", resolution=DPI, save_all=True, append_images=rest, quality=_QUALITY)
    return out.getvalue()


def _scribble(pixels: Pixels, box: Box, rng: Rng) -> None:
    centre = np.array([box.x + box.w / 2, box.y + box.h / 2]) + rng.normal(0, 0.18, 2)
    axes = (box.w / 2 * SCALE * rng.uniform(0.85, 1.02), box.h / 2 * SCALE * rng.uniform(0.85, 1.02))
    place = ((centre[0] * SCALE, centre[1] * SCALE), (2 * axes[0], 2 * axes[1]), float(rng.uniform(-9, 9)))
    cv2.ellipse(pixels, place, float(rng.uniform(45, 95)), -1, cv2.LINE_AA)


def _write_lines(pixels: Pixels, region: Region, text: str, rng: Rng) -> None:
    for index, line in enumerate(text.split("\n")):
        box = Box(region.box.x + 4, region.box.y + 2 + index * 9.0, region.box.w - 8, 8.0)
        if box.y + box.h <= region.box.y + region.box.h + 1 or index == 0:
            _write(pixels, box, line, rng, min(6.0, region.box.h * 0.8))


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    import pylopdf_fonts_zh_cn

    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.serif_path()), size)


def _write(pixels: Pixels, box: Box, text: str, rng: Rng, height_mm: float) -> None:
    font = _font(max(8, round(height_mm * SCALE * float(rng.uniform(0.85, 1.0)))))
    left, top, right, bottom = font.getbbox(text)
    sign = Image.new("L", (int(right - left) + 16, int(bottom - top) + 16), 255)
    ImageDraw.Draw(sign).text((8 - left, 8 - top), text, fill=int(rng.uniform(30, 80)), font=font)
    lean = float(rng.uniform(-0.18, 0.18))
    matrix = np.array([[1, lean, -lean * sign.height / 2], [0, 1, 0]], dtype=np.float32)
    bent = cv2.warpAffine(np.array(sign), matrix, sign.size, borderValue=255)
    x = round(box.x * SCALE + max(0.0, (box.w * SCALE - bent.shape[1]) * (0.5 if len(text) == 1 else 0.05)))
    y = max(0, round(box.y * SCALE + (box.h * SCALE - bent.shape[0]) / 2))
    part = pixels[y : y + bent.shape[0], max(0, x) : max(0, x) + bent.shape[1]]
    np.minimum(part, bent[: part.shape[0], : part.shape[1]], out=part)
