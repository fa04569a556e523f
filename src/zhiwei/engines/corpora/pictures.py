"""Is the picture of an answer clear and whole; several pages of one answer become one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from zhiwei.engines.corpora.demands import Demands
from zhiwei.engines.corpora.errors import CorpusError

MOST_PIXELS = 80_000_000
MOST_JOINED = 12
_WIDEST = 1600
_LEAST_INK = 0.0008
_CROSSINGS = 4
_GAP = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """What can be measured of a picture.

    Attributes:
        width, height: Pixels.
        contrast: Distance of the darkest hundredth and the paper, 0 to 1.
        sharpness: Steepest slopes of strokes as share of the contrast, 0 (blurred) to 1.
        ink: Share of pixels that are ink.
        cut_edges: Sides (``left``, ``top``, ``right``, ``bottom``) that strokes run out of.
    """

    width: int
    height: int
    contrast: float
    sharpness: float
    ink: float
    cut_edges: tuple[str, ...]


def measure_picture(content: bytes) -> Picture:
    """Measure a PNG, JPEG or WebP.

    Raises:
        CorpusError: Not a readable picture, or more than ``MOST_PIXELS`` pixels.
    """
    image = _opened(content)
    width, height = image.size
    grey = image.convert("L")
    if width > _WIDEST:
        grey = grey.resize((_WIDEST, max(1, round(height * _WIDEST / width))), Image.Resampling.BOX)
    pixels = np.asarray(grey, dtype=np.float32) / 255.0
    paper, dark = float(np.quantile(pixels, 0.9)), float(np.quantile(pixels, 0.002))
    contrast = max(0.0, paper - dark)
    ink = pixels < paper - 0.4 * contrast if contrast > 0.05 else np.zeros(pixels.shape, dtype=bool)
    return Picture(width, height, contrast, _sharpness(pixels, contrast), float(ink.mean()), _cut(ink))


def picture_faults(picture: Picture, demands: Demands) -> tuple[str, ...]:
    """Return what is wrong: ``small``, ``blank``, ``faint``, ``blurred``, ``cut``."""
    found = []
    if picture.width < demands.least_width or picture.height < demands.least_height:
        found.append("small")
    if picture.ink < _LEAST_INK:
        return (*found, "blank")
    if picture.contrast < demands.least_contrast:
        found.append("faint")
    if picture.sharpness < demands.least_sharpness:
        found.append("blurred")
    if picture.cut_edges:
        found.append("cut")
    return tuple(found)


def join_pictures(pages: Sequence[bytes]) -> bytes:
    """Return the pages of one answer as one PNG, below one another on white, as wide as the widest.

    Raises:
        CorpusError: No page, more than ``MOST_JOINED``, an unreadable one, or too many pixels together.
    """
    if not 0 < len(pages) <= MOST_JOINED:
        raise CorpusError(f"{len(pages)} pages; an answer has 1 to {MOST_JOINED}")
    images = [_opened(one).convert("RGB") for one in pages]
    width = max(one.width for one in images)
    height = sum(one.height for one in images) + _GAP * (len(images) - 1)
    if width * height > MOST_PIXELS:
        raise CorpusError(f"the pages together have more than {MOST_PIXELS} pixels")
    whole, top = Image.new("RGB", (width, height), "white"), 0
    for one in images:
        whole.paste(one, (0, top))
        top += one.height + _GAP
    out = BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            raise CorpusError(f"the picture has more than {MOST_PIXELS} pixels")
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise error if isinstance(error, CorpusError) else CorpusError("not a readable picture") from error
    return image


def _sharpness(pixels: NDArray[np.float32], contrast: float) -> float:
    """Slope over two pixels at the steepest thousandth, as a share of the contrast."""
    if contrast < 0.02 or min(pixels.shape) < 4:
        return 0.0
    across = np.abs(pixels[:, 2:] - pixels[:, :-2])
    down = np.abs(pixels[2:, :] - pixels[:-2, :])
    steep = max(float(np.quantile(across, 0.998)), float(np.quantile(down, 0.998)))
    return min(1.0, steep / contrast)


def _cut(ink: NDArray[np.bool_]) -> tuple[str, ...]:
    """Sides where several short runs of ink stand on the very edge; a long run is a printed frame."""
    if min(ink.shape) < 8:
        return ()
    edges = {"left": ink[:, :2], "top": ink[:2].T, "right": ink[:, -2:], "bottom": ink[-2:].T}
    return tuple(name for name, strip in edges.items() if _crossings(strip[:, 0] & strip[:, 1]) >= _CROSSINGS)


def _crossings(line: NDArray[np.bool_]) -> int:
    """Runs of ink on an edge that are shorter than a twelfth of it."""
    steps = np.diff(np.concatenate([[0], line.astype(np.int8), [0]]))
    lengths = np.flatnonzero(steps == -1) - np.flatnonzero(steps == 1)
    return int((lengths < max(4, line.size // 12)).sum())
