"""The template: where everything is on each page, in millimetres. The one value sheets and scanning share."""

from __future__ import annotations

from dataclasses import dataclass

REGION_KINDS = ("bubbles", "number", "digits", "letter", "short", "lines", "grid", "free")


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def grown(self, by: float) -> Box:
        """The same rectangle with every side moved outwards by ``by`` millimetres."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True)
class Cell:
    """One bubble, digit box or essay cell. ``group`` is the column (number) or the line (grid) it is in."""

    box: Box
    value: str = ""
    group: int = 0


@dataclass(frozen=True)
class Region:
    """Somewhere a pupil answers.

    Attributes:
        key: unique in the template.
        question: key of the question it belongs to; empty for the pupil's number.
        kind: one of :data:`REGION_KINDS`.
        box: outline, including all cells.
        cells: bubbles, boxes or grid cells, in reading order; empty for the rest.
        alphabet: characters a reader may return; empty for any.
        multiple: several bubbles may be filled.
    """

    key: str
    question: str
    kind: str
    box: Box
    cells: tuple[Cell, ...] = ()
    alphabet: str = ""
    multiple: bool = False


@dataclass(frozen=True)
class Marker:
    """A printed registration mark of the 4 x 4 dictionary with its number."""

    number: int
    box: Box


@dataclass(frozen=True)
class Rule:
    """A long printed line used to register paper that has no marks: from ``x0`` to ``x1`` at height ``y``."""

    x0: float
    x1: float
    y: float


@dataclass(frozen=True)
class PageTemplate:
    """One side of paper.

    Attributes:
        number: 1 for the first page.
        width_mm: width.
        height_mm: height.
        regions: where pupils answer.
        markers: printed marks; empty for a template drawn on existing paper.
        qr: where the code is printed, or None.
        rules: long printed lines of existing paper.
        reference_png: the blank page in grey as base64 PNG, for existing paper; empty otherwise.
        px_per_mm: resolution of the scan a template of existing paper was drawn on; later scans of the
            same machine have it too, which settles the scale where a rule is cut off. 0 when not known.
    """

    number: int
    width_mm: float
    height_mm: float
    regions: tuple[Region, ...]
    markers: tuple[Marker, ...] = ()
    qr: Box | None = None
    rules: tuple[Rule, ...] = ()
    reference_png: str = ""
    px_per_mm: float = 0.0


@dataclass(frozen=True)
class Template:
    """All pages of one work's sheet."""

    work: str
    title: str
    pages: tuple[PageTemplate, ...]

    def page(self, number: int) -> PageTemplate | None:
        """The page with this number, or None when the template has none."""
        return next((page for page in self.pages if page.number == number), None)
