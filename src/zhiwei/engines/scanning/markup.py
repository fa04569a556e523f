"""Marks on pages: score, ticks, crosses, rubric marks and comments in vermilion, as PNG or PDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.sheets import Box

VERMILION = (217, 51, 28)
_KINDS = ("score", "tick", "half", "cross", "comment", "outline")
_JPEG_QUALITY = 82
_LONGEST_COMMENT = 600


@dataclass(frozen=True)
class Mark:
    """One thing written on a page.

    Attributes:
        kind: ``score`` (large, underlined twice), ``tick``, ``half`` (a tick struck through), ``cross``,
            ``comment`` (wrapped into its box), or ``outline`` (a frame around a place).
        box: where, in millimetres of the flattened page.
        text: what a score or comment says, or the points beside a tick, e.g. ``+2``.
    """

    kind: str
    box: Box
    text: str = ""

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"mark kind '{self.kind}' is not one of {', '.join(_KINDS)}")


def mark_up(page: Pixels, marks: Sequence[Mark], width_mm: float) -> Image.Image:
    """Write marks on a flattened page; the page given is not changed.

    Args:
        page: grey or RGB page.
        marks: what to write.
        width_mm: width of the page, which sets the scale.

    Returns:
        An RGB image of the same size.
    """
    image = Image.fromarray(np.ascontiguousarray(page)).convert("RGB")
    pen = _Pen(ImageDraw.Draw(image), page.shape[1] / width_mm)
    for mark in marks:
        pen.write(mark)
    return image


def marked_png(page: Pixels, marks: Sequence[Mark], width_mm: float) -> bytes:
    """The marked page as PNG bytes."""
    out = io.BytesIO()
    mark_up(page, marks, width_mm).save(out, "PNG")
    return out.getvalue()


def marked_pdf(pages: Iterable[tuple[Pixels, Sequence[Mark], float]]) -> bytes:
    """Marked pages as one PDF, for a pupil or a class, each as large as its paper.

    Args:
        pages: flattened page, its marks, its width in millimetres; taken one at a time.

    Raises:
        ValueError: there is no page.
    """
    out = io.BytesIO()
    started = False
    for page, marks, width_mm in pages:
        image = mark_up(page, marks, width_mm)
        dots = image.width / width_mm * 25.4
        out.seek(0)
        image.save(out, "PDF", resolution=dots, append=started, quality=_JPEG_QUALITY)
        started = True
    if not started:
        raise ValueError("pages: there is no page to write")
    return out.getvalue()


class _Pen:
    """Draws in millimetres."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self.draw = draw
        self.scale = scale
        self.width = max(2, round(0.6 * scale))

    def write(self, mark: Mark) -> None:
        x, y, w, h = (value * self.scale for value in (mark.box.x, mark.box.y, mark.box.w, mark.box.h))
        if mark.kind == "score":
            self._score(mark.text, x, y, h)
        elif mark.kind == "comment":
            self._comment(mark.text, x, y, w, h)
        elif mark.kind == "outline":
            self.draw.rectangle((x, y, x + w, y + h), outline=VERMILION, width=self.width)
        else:
            self._sign(mark.kind, x, y, h)
            self._text(mark.text, x + h * 1.1, y, h * 0.8)

    def _sign(self, kind: str, x: float, y: float, h: float) -> None:
        if kind == "cross":
            self._line((x, y), (x + h * 0.8, y + h))
            self._line((x + h * 0.8, y), (x, y + h))
            return
        self._line((x, y + h * 0.55), (x + h * 0.3, y + h))
        self._line((x + h * 0.3, y + h), (x + h, y))
        if kind == "half":
            self._line((x + h * 0.5, y + h * 0.25), (x + h * 0.95, y + h * 0.7))

    def _score(self, text: str, x: float, y: float, h: float) -> None:
        right = self._text(text, x, y, h)
        for level in (1.12, 1.24):
            self._line((x, y + h * level), (right, y + h * level))

    def _comment(self, text: str, x: float, y: float, w: float, h: float) -> None:
        size = 4.2 * self.scale
        while True:
            lines = self._wrapped(text[:_LONGEST_COMMENT], w, size)
            if len(lines) * size * 1.3 <= h or size <= 2.2 * self.scale:
                break
            size *= 0.92
        for index, line in enumerate(lines):
            self._text(line, x, y + index * size * 1.3, size)

    def _wrapped(self, text: str, width: float, size: float) -> list[str]:
        font = _font(round(size))
        lines: list[str] = []
        for paragraph in text.splitlines():
            line = ""
            for sign in paragraph:
                if line and font.getlength(line + sign) > width:
                    lines.append(line)
                    line = ""
                line += sign
            lines.append(line)
        return lines

    def _line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.draw.line((*start, *end), fill=VERMILION, width=self.width)

    def _text(self, text: str, x: float, y: float, size: float) -> float:
        """Write text with its top left corner there; returns where it ends."""
        font = _font(max(4, round(size)))
        self.draw.text((x, y), text, fill=VERMILION, font=font, anchor="lt")
        return float(x + font.getlength(text))


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    import pylopdf_fonts_zh_cn

    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
