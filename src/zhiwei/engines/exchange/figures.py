"""One figure an item: the pictures a question came with, numbered, with lettered places where it asks for them."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from zhiwei.engines.exchange.drawings import SVG
from zhiwei.engines.exchange.pictures import Allowance, Picture, address, read_picture
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

MOST = 30
"""Pictures of one item."""
BUDGET = 200_000
"""Bytes of all encoded pictures of one item."""
_DATA = re.compile(r"data:image/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)$")


@dataclass(frozen=True, slots=True)
class Region:
    """A place on a picture: ``circle`` x,y,r; ``rect`` left,top,right,bottom; ``ellipse`` x,y,rx,ry; ``poly`` x,y,…."""

    letter: str
    shape: str
    coords: tuple[float, ...]


@dataclass(slots=True)
class Placed:
    """A picture of the figure, with its number, size on the page and lettered places."""

    number: int
    picture: Picture
    alt: str
    width: float
    height: float
    regions: list[Region] = field(default_factory=list)


class Gallery:
    """Collects the pictures of one item.

    Args:
        find: The bytes of a picture by the address it is named by; None when the file does not hold it.
        chinese: Whether pictures are called 图1 or Fig. 1.
        allowance: What the pictures of the whole file may still cost.

    Attributes:
        notes: What could not be taken, and why.
    """

    def __init__(
        self,
        find: Callable[[str], bytes | None],
        *,
        chinese: bool = False,
        allowance: Allowance | None = None,
    ) -> None:
        self._find, self._chinese, self._allowance = find, chinese, allowance
        self._placed: dict[str, Placed] = {}
        self.notes: list[str] = []

    def take(self, source: str, alt: str = "", size: tuple[float, float] = (0, 0)) -> Placed | None:
        """Take a picture into the figure; None, with a note, when it cannot be had.

        Args:
            size: Width and height that places on it are measured in; the picture's own when 0.
        """
        if source in self._placed:
            return self._placed[source]
        try:
            picture = self._read(source)
        except NotUnderstoodError as error:
            name = "data" if source.startswith("data:") else source[:120]
            self.note(f"image left out: {name}{error}")
            return None
        for note in picture.notes:
            self.note(note)
        width, height = size if all(size) else (picture.width, picture.height)
        self._placed[source] = Placed(len(self._placed) + 1, picture, alt, width or 1, height or 1)
        return self._placed[source]

    def named(self, source: str, alt: str) -> str:
        """Take a picture of a text and return its name there; "" when it cannot be had."""
        placed = self.take(source, alt)
        return self.label(placed) if placed else ""

    def note(self, text: str) -> None:
        """Keep a note once."""
        if text not in self.notes:
            self.notes.append(text)

    def label(self, placed: Placed) -> str:
        """Return what a picture is called in the text."""
        return f"[图{placed.number}]" if self._chinese else f"[Fig. {placed.number}]"

    def figure(self) -> Content | None:
        """Return the figure of the item (docs/item-format.md); None when it has no picture."""
        placed = list(self._placed.values())
        if not placed:
            return None
        alt = "; ".join(one.alt for one in placed if one.alt)[:500]
        alone = placed[0]
        if len(placed) == 1 and alone.picture.drawing and not alone.regions:
            svg = alone.picture.drawing
        else:
            svg = _composed(placed, self.label)
        return {"kind": "svg", "svg": svg, **({"alt": alt} if alt else {})}

    def without_labels(self, text: str) -> str:
        """Return a text without the name of the only picture where it stands alone: the figure follows anyway."""
        if len(self._placed) != 1:
            return text
        label = re.escape(self.label(next(iter(self._placed.values()))))
        return re.sub(rf"(?:(?<=\n\n)|^)\s*{label}\s*(?:\n\n|$)", "", text).strip()

    def _read(self, source: str) -> Picture:
        data = self._bytes(source)
        if data is None:
            raise NotUnderstoodError("")
        if len(self._placed) >= MOST:
            raise NotUnderstoodError(f" (more than {MOST} pictures)")
        try:
            return read_picture(data, self._allowance)
        except NotUnderstoodError as error:
            raise NotUnderstoodError(f" ({error})") from error

    def _bytes(self, source: str) -> bytes | None:
        found = _DATA.match(source)
        if found is None:
            return None if source.startswith("data:") else self._find(source)
        try:
            return base64.b64decode(found.group(1))
        except (binascii.Error, ValueError):
            return None


def no_pictures(source: str) -> None:
    """Find no picture: for texts that come without files."""
    del source


def _composed(placed: list[Placed], label: Callable[[Placed], str]) -> str:
    """The pictures below one another, each with its name where there are several."""
    top, rows, widest = 0.0, list[str](), max(one.width for one in placed)
    budget = BUDGET // max(sum(one.picture.image is not None for one in placed), 1)
    for one in placed:
        if len(placed) > 1:
            rows.append(f'<text x="2" y="{top + 14:g}" font-size="13">{html.escape(label(one))}</text>')
            top += 18
        rows.append(_drawn(one, top, budget))
        rows += [_place(region, top, one) for region in one.regions]
        top += one.height + 6
    return f'<svg xmlns="{SVG}" viewBox="0 0 {widest:g} {top:g}">{"".join(rows)}</svg>'


def _drawn(one: Placed, top: float, budget: int) -> str:
    where = f'x="0" y="{top:g}" width="{one.width:g}" height="{one.height:g}"'
    if one.picture.image is not None:
        return f'<image href="{address(one.picture.image, budget)}" {where} preserveAspectRatio="none"/>'
    inside = one.picture.drawing
    body = inside[inside.index(">") + 1 : inside.rindex("</")] if "</" in inside else ""
    box = f"0 0 {one.picture.width:g} {one.picture.height:g}"
    return f'<svg {where} viewBox="{box}">{body}</svg>'


def _place(region: Region, top: float, one: Placed) -> str:
    shape, (x, y) = _outline(region, one)
    size = max(10.0, min(one.width, one.height) * 0.05)
    look = 'fill="none" stroke="#c2410c" stroke-width="1.5"'
    name = (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="bold" fill="#c2410c" stroke="white" '
        f'stroke-width="2" paint-order="stroke">{html.escape(region.letter)}</text>'
    )
    return f'<g transform="translate(0 {top:g})"><{shape} {look}/>{name}</g>'


def _outline(region: Region, one: Placed) -> tuple[str, tuple[float, float]]:
    c = region.coords
    if region.shape == "circle" and len(c) == 3:
        return f'circle cx="{c[0]:g}" cy="{c[1]:g}" r="{c[2]:g}"', (c[0] + c[2] * 0.8, c[1] - c[2] * 0.8)
    if region.shape == "ellipse" and len(c) == 4:
        facts = f'ellipse cx="{c[0]:g}" cy="{c[1]:g}" rx="{c[2]:g}" ry="{c[3]:g}"'
        return facts, (c[0] + c[2] * 0.8, c[1] - c[3] * 0.8)
    if region.shape == "rect" and len(c) == 4:
        left, above, right, below = c
        facts = (
            f'rect x="{left:g}" y="{above:g}" width="{abs(right - left):g}" height="{abs(below - above):g}"'
        )
        return facts, (right, above)
    if region.shape in {"poly", "polygon"} and len(c) >= 6 and len(c) % 2 == 0:
        points = " ".join(f"{x:g},{y:g}" for x, y in zip(c[::2], c[1::2], strict=True))
        return f'polygon points="{points}"', (max(c[::2]), min(c[1::2]))
    if region.shape == "default":
        return f'rect x="0" y="0" width="{one.width:g}" height="{one.height:g}"', (2, one.height - 4)
    raise NotUnderstoodError(f"has a place of the shape '{region.shape[:20]}' with {len(c)} numbers")
