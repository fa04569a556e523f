"""Single places where a function is not defined: y = x²/x is not y = x.

Bare expressions may be simplified freely, so gaps do not count there; where an answer states a function
(``y = …``), they belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath

from zhiwei.engines.maths.nodes import Node, Num, Op, free_symbols, walk
from zhiwei.engines.maths.polynomials import ratio_of, real_roots

_NEAR = 1e-12


def same_gaps(left: Node, right: Node) -> bool:
    """Whether two functions of one letter lack the same places, as far as their denominators are polynomials."""
    names = free_symbols(left) | free_symbols(right)
    if len(names) != 1:
        return True
    letter = next(iter(names))
    mine, theirs = _gaps(left, letter), _gaps(right, letter)
    return _within(mine, theirs) and _within(theirs, mine)


def same_gaps_stated(left: Node, right: Node) -> bool:
    """The same question about two statements ``f(x) = …``; statements of any other kind pass."""
    sides = [node.args for node in (left, right) if isinstance(node, Op) and node.head == "="]
    if len(sides) < 2 or any(not isinstance(side[0], Op) or side[0].head != "apply" for side in sides):
        return True
    return same_gaps(sides[0][1], sides[1][1])


def _within(places: list[mpmath.mpf], others: list[mpmath.mpf]) -> bool:
    return all(any(abs(place - other) <= _NEAR * (1 + abs(place)) for other in others) for place in places)


def _gaps(node: Node, letter: str) -> list[mpmath.mpf]:
    found: list[mpmath.mpf] = []
    for below in _denominators(node):
        ratio = ratio_of(below, letter)
        if ratio is not None and len(ratio[0]) > 1:
            found += real_roots(ratio[0])
    return found


def _denominators(node: Node) -> Iterator[Node]:
    for item in walk(node):
        if not isinstance(item, Op):
            continue
        if item.head == "div":
            yield item.args[1]
        elif item.head == "pow" and _negative(item.args[1]):
            yield item.args[0]


def _negative(power: Node) -> bool:
    if isinstance(power, Num):
        return Fraction(power.value) < 0
    return isinstance(power, Op) and power.head == "neg" and isinstance(power.args[0], Num)
