"""Draws one page of an untrusted PDF in a process of its own that limits itself first; run by path, never imported.

It writes one line of JSON (what was marked) and then the picture, or one line that says why there is none.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from ctypes import byref, c_int
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage, PdfTextPage

WIDEST, TALLEST = 1240, 1754
"""Pixels: a page of A4 at 150 dots an inch."""
_LARGEST_SCALE = 3.0
_MOST_SIGNS = 20_000
_SHORTEST_RUN = 6
_QUALITY = 82
_AROUND = 3
_TINT = (255, 214, 64)
Box = tuple[float, float, float, float]


def main(argv: list[str]) -> int:
    """Draw page ``argv[2]`` of the file ``argv[1]`` under limits ``argv[3]``; words on standard input are marked."""
    limits = json.loads(argv[3])
    wanted = ((resource.RLIMIT_AS, limits["memory_bytes"]), (resource.RLIMIT_CPU, limits["seconds"]))
    for kind, most in (*wanted, (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    words = sys.stdin.buffer.read().decode()
    try:
        told, picture = _drawn(Path(argv[1]).read_bytes(), int(argv[2]), words)
    except Exception:  # noqa: BLE001 - whatever a parser of hostile bytes raises means the same to the reader
        told, picture = {"refused": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)
    return 0


def _drawn(content: bytes, number: int, words: str) -> tuple[dict[str, object], bytes]:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(content)
    if not 1 <= number <= len(document):
        return {"refused": "no_page"}, b""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDEST / max(width, 1), TALLEST / max(height, 1), _LARGEST_SCALE)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    boxes = boxes_of(page.get_textpage(), words) if words.strip() else []
    for box in boxes:
        _mark(picture, _pixels(page, box, picture))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return {"width": picture.width, "height": picture.height, "marked": len(boxes)}, out.getvalue()


def boxes_of(page: PdfTextPage, words: str) -> list[Box]:
    """Return the boxes of the lines (left, bottom, right, top, in points) that hold words, blanks and breaks apart."""
    text = page.get_text_range(0, min(page.count_chars(), _MOST_SIGNS))
    kept = [at for at, sign in enumerate(text) if not sign.isspace()]
    plain, wanted = "".join(text[at] for at in kept), "".join(words[:_MOST_SIGNS].split())
    found: list[Box] = []
    for start, end in runs_of(plain, wanted):
        count = page.count_rects(kept[start], kept[end - 1] - kept[start] + 1)
        found += [page.get_rect(at) for at in range(count)]
    return found


def runs_of(plain: str, wanted: str) -> list[tuple[int, int]]:
    """Return where words stand in a text: at once, or in the pieces that a dropped page number has cut them into."""
    at = plain.find(wanted)
    if at >= 0:
        return [(at, at + len(wanted))]
    blocks = SequenceMatcher(None, plain, wanted, autojunk=False).get_matching_blocks()
    return [(one.a, one.a + one.size) for one in blocks if one.size >= min(_SHORTEST_RUN, len(wanted))]


def _pixels(page: PdfPage, box: Box, picture: Image) -> tuple[int, int, int, int]:
    """Return a box of the page in pixels, whatever way the page is turned and cropped."""
    from pypdfium2 import raw

    ends: list[tuple[int, int]] = []
    for left, top in (box[:2], box[2:]):
        x, y = c_int(), c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, picture.width, picture.height, 0, left, top, byref(x), byref(y))
        ends.append((x.value, y.value))
    (x0, x1), (y0, y1) = (sorted(one) for one in zip(*ends, strict=True))
    return (
        max(x0 - _AROUND, 0),
        max(y0 - _AROUND, 0),
        min(x1 + _AROUND, picture.width),
        min(y1 + _AROUND, picture.height),
    )


def _mark(picture: Image, box: tuple[int, int, int, int]) -> None:
    """Lay a marker's colour over a box: what is dark stays dark."""
    from PIL import Image, ImageChops

    if box[0] < box[2] and box[1] < box[3]:
        under = picture.crop(box)
        picture.paste(ImageChops.multiply(under, Image.new("RGB", under.size, _TINT)), box[:2])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
