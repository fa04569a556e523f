"""Terms of formulas: runs of two and three symbols of LaTeX or plain notation, spelled one way."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DROPPED = re.compile(r"\\(?:left|right|displaystyle|mathrm|text|quad|qquad|!|,|;|:|\s)|[{}\s$]|\\[()\[\]]")
_SYMBOL = re.compile(r"\\[A-Za-z]+|\d+(?:\.\d+)?|[A-Za-z]|[^\sA-Za-z\d]")
_SPELLED = {
    "×": "\\times", "·": "\\cdot", "÷": "\\div", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "√": "\\sqrt", "π": "\\pi",
    "°": "\\circ", "△": "\\triangle", "∠": "\\angle", "⊥": "\\perp", "−": "-", "–": "-", "*": "\\times",
    "（": "(", "）": ")", "＝": "=", "＋": "+", "，": ",", "∥": "\\parallel", "∞": "\\infty", "²": "^2", "³": "^3",
    "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\leq": "\\le", "\\geq": "\\ge", "\\neq": "\\ne",
    "\\leqslant": "\\le", "\\geqslant": "\\ge",
}  # fmt: skip
_WRITTEN = re.compile("|".join(sorted(map(re.escape, _SPELLED), key=len, reverse=True)))


def formula_terms(source: str) -> Iterator[str]:
    """Yield the terms of one formula (``f:x^2``): its runs of three symbols, of two, or the only one."""
    symbols = _SYMBOL.findall(_DROPPED.sub("", _WRITTEN.sub(lambda found: _respelled(found.group()), source)))
    for size in (2, 3):
        for start in range(len(symbols) - size + 1):
            yield "f:" + "".join(symbols[start : start + size])
    if len(symbols) == 1:
        yield "f:" + symbols[0]


def _respelled(written: str) -> str:
    return _SPELLED[written]
