"""Pictures that come with questions: checked before they are opened, made small, encoded anew."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from zhiwei.engines.exchange.drawings import clean_drawing
from zhiwei.engines.exchange.values import NotUnderstoodError

MAX_PICTURE = 8 * 1024 * 1024
"""Bytes of one picture as it comes."""
MAX_PIXELS = 24_000_000
MAX_PIXELS_OF_FILE = 300_000_000
LONGEST_SIDE = 1000
"""Pixels; larger pictures are made smaller."""
SMALLEST_SIDE = 40
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_SIZE = re.compile(r"\s*([\d.]+)(?:px)?\s*$")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was checked.

    Attributes:
        width, height: In pixels as it came, or in a drawing's own units.
        image: The pixels, none of them hidden data; None for a drawing.
        drawing: SVG of shapes and words only.
    """

    width: float
    height: float
    image: Image.Image | None = None
    drawing: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Allowance:
    """Pixels that all pictures of one file may have together, so that many small files cost no hours."""

    pixels: int = MAX_PIXELS_OF_FILE

    def spend(self, pixels: int) -> None:
        """Take pixels from what is left.

        Raises:
            NotUnderstoodError: Nothing is left.
        """
        self.pixels -= pixels
        if self.pixels < 0:
            raise NotUnderstoodError(
                f"the file's pictures have more than {MAX_PIXELS_OF_FILE // 1_000_000} million pixels"
            )


def read_picture(data: bytes, allowance: Allowance | None = None) -> Picture:
    """Check and open a picture.

    Args:
        allowance: What the pictures of the file may still cost.

    Raises:
        NotUnderstoodError: Too large in bytes or pixels, damaged, or of a kind that is not read.
    """
    if len(data) > MAX_PICTURE:
        raise NotUnderstoodError(f"larger than {MAX_PICTURE // 1024 // 1024} MB")
    if b"<svg" in data[:4096].lower():
        return _drawing(data)
    image = _opened(data, allowance)
    width, height = image.size
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA", "P"} else "RGB")
    return Picture(width, height, plain)


def drawing_of(content: Mapping[str, object]) -> str:
    """Return the drawing of an item's figure with shapes and words only, as SVG; "" when it has none that is sound."""
    given = content.get("figure")
    svg = given.get("svg") if isinstance(given, Mapping) else None
    if not isinstance(svg, str) or not svg:
        return ""
    try:
        return clean_drawing(svg.encode(), _opened)[0]
    except NotUnderstoodError:
        return ""


def address(image: Image.Image, budget: int) -> str:
    """Return a picture as a data address of at most ``budget`` bytes, made smaller where needed."""
    while True:
        kind, data = min(_encoded(image), key=lambda one: len(one[1]))
        if len(data) * 4 / 3 <= budget or max(image.size) <= SMALLEST_SIDE:
            return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        image = image.resize((max(image.width * 3 // 4, 1), max(image.height * 3 // 4, 1)))


def _encoded(image: Image.Image) -> list[tuple[str, bytes]]:
    tried = [("png", image), ("png", image.quantize(256))]
    opaque = image.mode == "RGB" or image.getchannel("A").getextrema()[0] == 255
    tried += [("jpeg", image.convert("RGB"))] if opaque else []
    found = []
    for kind, one in tried:
        out = BytesIO()
        one.save(out, kind.upper(), optimize=True, **({"quality": 80} if kind == "jpeg" else {}))
        found.append((kind, out.getvalue()))
    return found


def _opened(data: bytes, allowance: Allowance | None = None) -> Image.Image:
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise NotUnderstoodError(f"more than {MAX_PIXELS // 1_000_000} million pixels")
        if allowance is not None:
            allowance.spend(image.width * image.height)
        image.load()
    except NotUnderstoodError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise NotUnderstoodError("not a readable picture") from error
    return image


def _drawing(data: bytes) -> Picture:
    text, notes = clean_drawing(data, _opened)
    head = text[: text.find(">")]
    box = re.search(r'viewBox="\s*([-\d.]+)[\s,]+([-\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"', head)
    if box:
        return Picture(float(box.group(3)), float(box.group(4)), drawing=text, notes=notes)
    sizes = [re.search(rf'\s{name}="([^"]*)"', head) for name in ("width", "height")]
    known = [_SIZE.match(one.group(1)) if one else None for one in sizes]
    width, height = (float(one.group(1)) if one else 300.0 for one in known)
    return Picture(width, height, drawing=text, notes=notes)
