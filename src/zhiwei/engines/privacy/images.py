"""Page images: text regions that hold personal data, and named boxes, are painted over; metadata goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from zhiwei.engines.privacy.detect import detect
from zhiwei.engines.privacy.roster import Roster
from zhiwei.engines.privacy.spans import Span

MOST_PIXELS = 80_000_000
_MARGIN = 3


@dataclass(frozen=True)
class TextRegion:
    """A line of text on a page; the box is left, top, right, bottom in pixels."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Redaction:
    """A painted rectangle, why, and the span in the page's joined text (none for a named box)."""

    box: tuple[int, int, int, int]
    kind: str
    span: Span | None


@dataclass(frozen=True)
class RedactedPage:
    """A page made safe: PNG bytes without metadata, the joined text of its lines, what was painted."""

    png: bytes
    text: str
    redactions: tuple[Redaction, ...]


ReadLines = Callable[[Image.Image], Sequence[TextRegion]]


def redact_page(
    content: bytes,
    read_lines: ReadLines,
    roster: Roster | None = None,
    boxes: Sequence[tuple[int, int, int, int]] = (),
) -> RedactedPage:
    """Paint over personal data on a page.

    Faces and handwriting that the reader cannot read are not found: give their places as ``boxes``
    (a template's name box, a signature field, a photograph).

    Args:
        content: PNG or JPEG bytes.
        read_lines: the text reader, for instance :func:`ocr_lines`.
        roster: known names.
        boxes: rectangles always painted (left, top, right, bottom).

    Raises:
        ValueError: not an image, or more than :data:`MOST_PIXELS` pixels.
    """
    page = _open_page(content)
    lines = read_lines(page)
    text = "\n".join(line.text for line in lines)
    found = tuple(
        Redaction(box, span.kind, span) for span in detect(text, roster) for box in _boxes(lines, span)
    )
    everything = found + tuple(Redaction(box, "box", None) for box in boxes)
    pen = ImageDraw.Draw(page)
    for redaction in everything:
        pen.rectangle(redaction.box, fill="black")
    out = BytesIO()
    page.save(out, "PNG")
    return RedactedPage(out.getvalue(), text, everything)


def _open_page(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError(f"the image has more than {MOST_PIXELS} pixels")
            upright = opened.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not a readable image") from error
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    return clean


def _boxes(lines: Sequence[TextRegion], span: Span) -> list[tuple[int, int, int, int]]:
    """The part of each line that the span covers, by even character width, with a margin of one character."""
    boxes: list[tuple[int, int, int, int]] = []
    offset = 0
    for line in lines:
        first, last = max(span.start - offset, 0), min(span.end - offset, len(line.text))
        if first < last:
            left, top, right, bottom = line.box
            width = (right - left) / max(1, len(line.text))
            edges = (left + (first - 1) * width, left + (last + 1) * width)
            boxes.append(
                (
                    int(max(left, edges[0])) - _MARGIN,
                    int(top) - _MARGIN,
                    int(min(right, edges[1])) + _MARGIN,
                    int(bottom) + _MARGIN,
                )
            )
        offset += len(line.text) + 1
    return boxes


def ocr_lines(page: Image.Image) -> list[TextRegion]:
    """Lines read by the bundled RapidOCR models, top to bottom; about 1.5 s a page on two cores."""
    import numpy as np
    from rapidocr import RapidOCR
    from rapidocr.utils.output import RapidOCROutput

    result = RapidOCR(params={"Global.log_level": "error"})(np.asarray(page)[:, :, ::-1])
    if not isinstance(result, RapidOCROutput) or result.boxes is None or result.txts is None:
        return []
    regions = [
        TextRegion(text, (box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()))
        for text, box in zip(result.txts, result.boxes, strict=True)
    ]
    return sorted(regions, key=lambda region: (region.box[1], region.box[0]))
