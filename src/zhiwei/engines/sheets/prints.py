"""What ink goes on paper besides answers: the few primitives the typesetting program knows."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from zhiwei.engines.sheets.formula import runs_of
from zhiwei.engines.sheets.template import Box

Json = dict[str, object]


@dataclass(frozen=True)
class TextPrint:
    """Text in a box, shrunk when it would not fit. ``size`` in points; ``grey`` 0 (black) to 100 (white)."""

    box: Box
    text: str
    size: float = 10.5
    grey: int = 0
    align: str = "left"
    serif: bool = False


@dataclass(frozen=True)
class ShapePrint:
    """A rectangle, ellipse or line (from top left to bottom right). ``stroke`` in points, 0 for none."""

    shape: str
    box: Box
    stroke: float = 0.6
    grey: int = 0
    fill_grey: int = 100


Print = TextPrint | ShapePrint


def print_as_json(item: Print) -> Json:
    """The primitive as the typesetting program reads it; formulas are parsed here, never there."""
    if isinstance(item, ShapePrint):
        return {
            "k": item.shape,
            **asdict(item.box),
            "stroke": item.stroke,
            "grey": item.grey,
            "fill": item.fill_grey,
        }
    return {
        "k": "text",
        **asdict(item.box),
        "size": item.size,
        "grey": item.grey,
        "align": item.align,
        "serif": item.serif,
        "runs": runs_of(item.text),
    }
