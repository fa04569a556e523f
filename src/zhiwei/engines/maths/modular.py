"""Rational expressions at random points of a prime field: an identity is decided with certainty.

Two different rational expressions of total degree d agree at a random point of a field of size p = 2^61
- 1 with
probability at most d/p (Schwartz-Zippel); two points leave less than 10^-30 for any degree the limits let in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from zhiwei.engines.maths.nodes import Node, Num, Op, Sym

PRIME = 2**61 - 1
Pair = tuple[int, int]


class NotRationalError(ValueError):
    """The expression holds something other than the four operations and whole powers."""


def exact(node: Node) -> Fraction | None:
    """The exact value of a variable-free rational expression, else None (also for a division by zero)."""
    if isinstance(node, Num):
        return node.value
    if isinstance(node, Sym):
        return None
    rule = _EXACT.get(node.head)
    if rule is None:
        return None
    parts = [exact(arg) for arg in node.args]
    if any(part is None for part in parts):
        return None
    try:
        return rule(*[part for part in parts if part is not None])
    except (ZeroDivisionError, OverflowError):
        return None


def _exact_power(base: Fraction, power: Fraction) -> Fraction | None:
    if power.denominator != 1 or abs(power) > 512 or _bits(base) * abs(power) > 8192:
        return None
    return base ** int(power)


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


_EXACT: dict[str, Callable[..., Fraction | None]] = {
    "add": lambda a, b: a + b,
    "mixed": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "percent": lambda a: a / 100,
    "abs": abs,
    "pow": _exact_power,
}


def evaluate(node: Node, point: Mapping[str, int]) -> Pair:
    """Numerator and denominator of ``node`` modulo :data:`PRIME`, uncancelled.

    Raises:
        NotRationalError: for roots, functions, constants such as pi, symbolic or fractional powers.
    """
    if isinstance(node, Num):
        return node.value.numerator % PRIME, node.value.denominator % PRIME
    if isinstance(node, Sym):
        if node.name not in point:
            raise NotRationalError(node.name)
        return point[node.name], 1
    if node.head == "pow":
        return _power(node, point)
    if node.head not in _RULES:
        raise NotRationalError(node.head)
    return _RULES[node.head](*[evaluate(arg, point) for arg in node.args])


def _power(node: Op, point: Mapping[str, int]) -> Pair:
    exponent = exact(node.args[1])
    if exponent is None or exponent.denominator != 1:
        raise NotRationalError("pow")
    top, bottom = evaluate(node.args[0], point)
    power = int(exponent)
    if power < 0:
        top, bottom, power = bottom, top, -power
    return pow(top, power, PRIME), pow(bottom, power, PRIME)


def _add(a: Pair, b: Pair) -> Pair:
    if a[1] == b[1]:
        return (a[0] + b[0]) % PRIME, a[1]
    return (a[0] * b[1] + b[0] * a[1]) % PRIME, a[1] * b[1] % PRIME


def _neg(a: Pair) -> Pair:
    return -a[0] % PRIME, a[1]


def _mul(a: Pair, b: Pair) -> Pair:
    return a[0] * b[0] % PRIME, a[1] * b[1] % PRIME


def _div(a: Pair, b: Pair) -> Pair:
    return a[0] * b[1] % PRIME, a[1] * b[0] % PRIME


_RULES: dict[str, Callable[..., Pair]] = {
    "add": _add,
    "mixed": _add,
    "sub": lambda a, b: _add(a, _neg(b)),
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "percent": lambda a: _div(a, (100, 1)),
}
