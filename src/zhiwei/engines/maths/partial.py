"""Whether an expression is written in partial fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from zhiwei.engines.maths.nodes import Node, Op, free_symbols
from zhiwei.engines.maths.polynomials import Poly, ratio_of, squarefree, trim
from zhiwei.engines.maths.splitting import splits

Part = tuple[tuple[Fraction, ...], int]


def is_partial_fractions(node: Node, terms: Sequence[Node]) -> bool:
    """Whether the terms of a sum are a polynomial and proper fractions over powers of different factors.

    Args:
        node: the expression, in one letter.
        terms: its terms.

    Each denominator is a power of a polynomial that does not split over the rationals, each numerator is of lower
    degree than that polynomial, and no power of a factor stands twice.
    """
    letters = sorted(free_symbols(node))
    if len(letters) != 1:
        return False
    parts = list[Part]()
    for term in terms:
        inner = term.args[0] if isinstance(term, Op) and term.head == "neg" else term
        ratio = ratio_of(inner, letters[0])
        if ratio is None:
            return False
        top, bottom = trim(ratio[0]), trim(ratio[1])
        if len(bottom) > 1:
            part = _part(top, bottom)
            if part is None:
                return False
            parts.append(part)
    return len(set(parts)) == len(parts)


def _part(top: Poly, bottom: Poly) -> Part | None:
    """The irreducible factor (leading coefficient 1) and its power; None when the fraction still splits."""
    base = squarefree(bottom)
    power, rest = divmod(len(bottom) - 1, len(base) - 1)
    if rest or len(top) >= len(base) or splits(base):
        return None
    return tuple(value / base[-1] for value in base), power
