"""Paper sizes and the fixed furniture of every printed page, all in millimetres from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass

MARKER_MM = 8.0
"""Side of a corner mark. A module is a sixth of it: 5 px at 100 dpi, enough after blur and JPEG."""
EDGE_MM = 6.0
"""Distance of a mark's outer side from the paper's edge; office printers leave about 4.3 mm unprinted."""
QR_MM = 18.0
MARGIN_MM = EDGE_MM + MARKER_MM + 3.0
GUTTER_MM = 8.0


@dataclass(frozen=True)
class Paper:
    """One paper size as it lies in the printer.

    Attributes:
        key: name used in a sheet specification.
        width_mm: width.
        height_mm: height.
        columns: text columns side by side.
        double_sided: whether it is printed on both sides unless a specification says otherwise.
    """

    key: str
    width_mm: float
    height_mm: float
    columns: int
    double_sided: bool


PAPERS: dict[str, Paper] = {
    "A4": Paper("A4", 210.0, 297.0, 1, False),
    "A3": Paper("A3", 420.0, 297.0, 2, False),
    "8K": Paper("8K", 370.0, 260.0, 2, True),
}
