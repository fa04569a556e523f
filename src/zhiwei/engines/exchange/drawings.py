"""SVG drawings that come from outside: shapes and words are kept, everything else is taken out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, register_namespace, tostring

from zhiwei.engines.exchange.markup import parse_xml
from zhiwei.engines.exchange.values import ExchangeError, NotUnderstoodError

MAX_DRAWING = 100_000
"""Bytes of one drawing as it is kept."""
MAX_READ = 2_000_000
MAX_SHAPES = 5_000
DEEPEST = 40
SVG = "http://www.w3.org/2000/svg"
_SHAPES = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc",
    "defs", "marker", "linearGradient", "radialGradient", "stop", "clipPath", "image",
}  # fmt: skip
_LOOKS = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "fill-opacity",
    "stroke-opacity", "opacity", "fill-rule", "font-size", "font-family", "font-weight", "font-style", "text-anchor",
    "dominant-baseline", "marker-end", "marker-start", "clip-path", "stop-color", "stop-opacity", "paint-order",
}  # fmt: skip
_PLACES = {
    "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx", "dy", "d", "points",
    "width", "height", "viewBox", "transform", "preserveAspectRatio", "id", "offset", "orient", "refX", "refY",
    "markerWidth", "markerHeight", "gradientUnits", "gradientTransform", "clipPathUnits",
}  # fmt: skip
_SOUND = re.compile(r"[^<>&\\\"]{0,60000}")
_LINK = re.compile(r"url\((?!\s*#[\w-]+\s*\))|expression|javascript:|@import|data:", re.IGNORECASE)
_RASTER = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=\s]+)$")
register_namespace("", SVG)


def clean_drawing(data: bytes, check_raster: Callable[[bytes], object]) -> tuple[str, tuple[str, ...]]:
    """Return a drawing of shapes and words only, as text, and notes on what was taken out.

    A drawing from which nothing had to be taken comes back as it was written.

    Args:
        data: SVG of at most 2 MB.
        check_raster: Raises when the bytes of a picture inside are none.

    Raises:
        NotUnderstoodError: No SVG, too large, too many shapes, or nested too deep.
    """
    if len(data) > MAX_READ:
        raise NotUnderstoodError("the drawing is too large")
    try:
        root = parse_xml(data, "drawing")
    except ExchangeError as error:
        raise NotUnderstoodError(str(error)) from error
    if _local(root) != "svg":
        raise NotUnderstoodError("the drawing is no SVG")
    cleaner = _Cleaner(check_raster)
    made = cleaner.kept(root, 0)
    if made is None:
        raise NotUnderstoodError("the drawing is empty")
    text = tostring(made, encoding="unicode")
    original = data.decode("utf-8", "replace").strip()
    if not cleaner.lost and original.startswith("<svg") and "<!--" not in original and "<?" not in original:
        text = original
    if len(text.encode()) > MAX_DRAWING and not cleaner.rasters:
        raise NotUnderstoodError(f"the drawing is larger than {MAX_DRAWING // 1000} kB")
    return text, tuple(f"left out of a drawing: {what}" for what in sorted(cleaner.lost))


class _Cleaner:
    def __init__(self, check_raster: Callable[[bytes], object]) -> None:
        self.check_raster, self.lost = check_raster, set[str]()
        self.shapes = self.rasters = 0

    def kept(self, element: Element, depth: int) -> Element | None:
        self.shapes += 1
        if self.shapes > MAX_SHAPES or depth > DEEPEST:
            raise NotUnderstoodError("the drawing has too many shapes or is nested too deep")
        name = _local(element)
        if name not in _SHAPES:
            self.lost.add(name[:30] or "something without a name")
            return None
        made = Element(f"{{{SVG}}}{name}", self._attributes(element))
        if name == "image" and not self._raster(element, made):
            self.lost.add("image")
            return None
        made.text = element.text
        for child in element:
            if not isinstance(child.tag, str):
                continue
            inside = self.kept(child, depth + 1)
            if inside is not None:
                inside.tail = child.tail
                made.append(inside)
        return made

    def _attributes(self, element: Element) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in element.attrib.items():
            name, text = str(key).rsplit("}", 1)[-1], str(value)
            if name == "style":
                found.update(self._style(text))
            elif name in _LOOKS | _PLACES and _SOUND.fullmatch(text) and not _LINK.search(text):
                found[name] = text
            elif name not in {"class", "version", "space", "href"}:
                self.lost.add(name[:30])
        return found

    def _style(self, text: str) -> dict[str, str]:
        pairs = [one.partition(":")[::2] for one in text.split(";") if one.strip()]
        good = {name.strip(): value.strip() for name, value in pairs if _look(name.strip(), value)}
        if len(good) < len(pairs):
            self.lost.add("style")
        return good

    def _raster(self, element: Element, made: Element) -> bool:
        address = next((str(v) for k, v in element.attrib.items() if str(k).rsplit("}", 1)[-1] == "href"), "")
        found = _RASTER.fullmatch(address)
        if found is None:
            return False
        try:
            self.check_raster(base64.b64decode(found.group(1), validate=False))
        except (binascii.Error, ValueError):
            return False
        made.set("href", address)
        self.rasters += 1
        return True


def _look(name: str, value: str) -> bool:
    return name in _LOOKS and bool(_SOUND.fullmatch(value)) and not _LINK.search(value)


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
