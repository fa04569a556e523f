"""Single places where a function is not defined: y = x²/x is not y = x.

Bare expressions may be simplified freely, so gaps do not count there; where an answer states a function
(``y = …``), they belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath

from zhiwei.engines.maths.nodes import Node, Num, Op, free_symbols, walk
from zhiwei.engines.maths.numeric import Evaluator, UndefinedError
from zhiwei.engines.maths.polynomials import ratio_of, real_roots

_NEAR, _SMALL = 1e-6, 1e-6
_EDGE, _ODD, _STEPS, _HALVINGS = 8.0, 0.0137, 400, 45
"""The stretch that is searched, shifted off the round numbers, in so many steps."""
_UNDER = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin"}
"""Functions that are quotients, and what stands below."""


def same_gaps(left: Node, right: Node) -> bool:
    """Whether two functions of one letter lack the same single places (those of other than polynomials: near 0)."""
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
        if letter not in free_symbols(below):
            continue
        ratio = ratio_of(below, letter)
        found += _zeros(below, letter) if ratio is None else real_roots(ratio[0]) if len(ratio[0]) > 1 else []
    return found


def _zeros(node: Node, letter: str) -> list[mpmath.mpf]:
    """Where a function that is no quotient of polynomials is 0, between -8 and 8: by change of sign or by touching."""
    steps = [_EDGE * (2 * place / _STEPS - 1) + _ODD for place in range(_STEPS + 1)]
    values = [_at(node, letter, step) for step in steps]
    found: list[mpmath.mpf] = []
    for place in range(_STEPS):
        here, there = values[place], values[place + 1]
        before = values[place - 1] if place else None
        if here is not None and there is not None and here * there < 0:
            found += _narrowed(node, letter, steps[place], steps[place + 1])
        elif (
            here is not None
            and there is not None
            and before is not None
            and abs(here) < min(abs(before), abs(there))
        ):
            found += _touched(node, letter, steps[place - 1], steps[place + 1])
    return found


def _narrowed(node: Node, letter: str, low: float, high: float) -> list[mpmath.mpf]:
    """Halve an interval with a change of sign; a jump (1/x) is no zero."""
    sign = _at(node, letter, low) or 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        value = _at(node, letter, middle)
        if value is None or value == 0:
            break
        low, high = (middle, high) if value * sign > 0 else (low, middle)
    return _if_small(node, letter, (low + high) / 2)


def _touched(node: Node, letter: str, low: float, high: float) -> list[mpmath.mpf]:
    """Close in on the least value of |f|."""
    for _ in range(2 * _HALVINGS):
        third = (high - low) / 3
        left, right = (_at(node, letter, place) for place in (low + third, high - third))
        if left is None or right is None:
            break
        low, high = (low, high - third) if abs(left) < abs(right) else (low + third, high)
    return _if_small(node, letter, (low + high) / 2)


def _if_small(node: Node, letter: str, place: float) -> list[mpmath.mpf]:
    value = _at(node, letter, place)
    return [mpmath.mpf(place)] if value is None or abs(value) < _SMALL else []


def _at(node: Node, letter: str, place: float) -> float | None:
    try:
        return float(Evaluator({letter: place}, real=True, precise=False)(node).real)
    except UndefinedError:
        return None


def _denominators(node: Node) -> Iterator[Node]:
    for item in walk(node):
        if not isinstance(item, Op):
            continue
        if item.head == "div":
            yield item.args[1]
        elif item.head in _UNDER:
            yield Op(_UNDER[item.head], item.args)
        elif item.head == "pow" and _negative(item.args[1]):
            yield item.args[0]


def _negative(power: Node) -> bool:
    if isinstance(power, Num):
        return Fraction(power.value) <= 0
    return isinstance(power, Op) and power.head == "neg" and isinstance(power.args[0], Num)
