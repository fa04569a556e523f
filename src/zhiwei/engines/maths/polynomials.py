"""Univariate polynomials with exact rational coefficients, lowest power first."""

from __future__ import annotations

from fractions import Fraction

import mpmath

from zhiwei.engines.maths.limits import MAX_POLYNOMIAL_DEGREE
from zhiwei.engines.maths.modular import exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym

Poly = list[Fraction]
Ratio = tuple[Poly, Poly]


def trim(poly: Poly) -> Poly:
    """Without leading zeros."""
    while poly and poly[-1] == 0:
        poly = poly[:-1]
    return poly


def add(a: Poly, b: Poly, factor: int = 1) -> Poly:
    """``a + factor·b``."""
    size = max(len(a), len(b))
    return trim(
        [
            (a[i] if i < len(a) else Fraction(0)) + factor * (b[i] if i < len(b) else Fraction(0))
            for i in range(size)
        ]
    )


def times(a: Poly, b: Poly) -> Poly:
    """Product of two polynomials."""
    result = [Fraction(0)] * max(0, len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return trim(result)


def divide(a: Poly, b: Poly) -> tuple[Poly, Poly]:
    """Quotient and remainder; ``b`` is not zero."""
    quotient = [Fraction(0)] * max(0, len(a) - len(b) + 1)
    rest = list(a)
    while len(rest) >= len(b) and rest:
        factor = rest[-1] / b[-1]
        shift = len(rest) - len(b)
        quotient[shift] = factor
        rest = trim(
            [value - factor * b[i - shift] if i >= shift else value for i, value in enumerate(rest)][:-1]
        )
    return trim(quotient), rest


def gcd(a: Poly, b: Poly) -> Poly:
    """Greatest common divisor, leading coefficient one."""
    while b:
        a, b = b, divide(a, b)[1]
    return [value / a[-1] for value in a] if a else a


def derivative(a: Poly) -> Poly:
    """First derivative."""
    return trim([i * value for i, value in enumerate(a)][1:])


def squarefree(a: Poly) -> Poly:
    """The product of the different irreducible factors."""
    common = gcd(a, derivative(a))
    return divide(a, common)[0] if len(common) > 1 else a


def ratio_of(node: Node, letter: str) -> Ratio | None:
    """Numerator and denominator of a rational expression in one letter; None when it is not one or too
    large."""
    if isinstance(node, Num):
        return trim([node.value]), [Fraction(1)]
    if isinstance(node, Sym):
        return ([Fraction(0), Fraction(1)], [Fraction(1)]) if node.name == letter else None
    if node.head == "pow":
        return _power(node, letter)
    if node.head not in {"add", "sub", "mul", "div", "neg", "percent", "mixed"}:
        return None
    parts = [ratio_of(arg, letter) for arg in node.args]
    if any(part is None for part in parts):
        return None
    result = _combine(node.head, [part for part in parts if part is not None])
    if result is None or max(map(len, result)) > MAX_POLYNOMIAL_DEGREE:
        return None
    return result


def _power(node: Op, letter: str) -> Ratio | None:
    base, power = ratio_of(node.args[0], letter), exact(node.args[1])
    if base is None or power is None or power.denominator != 1:
        return None
    size = (max(map(len, base)) - 1) * abs(power)
    if size > MAX_POLYNOMIAL_DEGREE or abs(power) > 4 * MAX_POLYNOMIAL_DEGREE:
        return None
    result: Ratio = ([Fraction(1)], [Fraction(1)])
    for _ in range(abs(int(power))):
        result = times(result[0], base[0]), times(result[1], base[1])
    if power >= 0:
        return result
    return (result[1], result[0]) if result[0] else None


def _combine(head: str, parts: list[Ratio]) -> Ratio | None:
    (top, bottom), *rest = parts
    if head == "neg":
        return [-value for value in top], bottom
    if head == "percent":
        return [value / 100 for value in top], bottom
    other_top, other_bottom = rest[0]
    if head == "mul":
        return times(top, other_top), times(bottom, other_bottom)
    if head == "div":
        return (times(top, other_bottom), times(bottom, other_top)) if other_top else None
    sign = -1 if head == "sub" else 1
    if bottom == other_bottom:
        return add(top, other_top, sign), bottom
    return add(times(top, other_bottom), times(other_top, bottom), sign), times(bottom, other_bottom)


def real_roots(poly: Poly) -> list[mpmath.mpf]:
    """Real roots without multiplicity at the present mpmath precision."""
    poly = squarefree(trim(poly))
    if len(poly) < 2:
        return []
    if len(poly) == 2:
        return [_mpf(-poly[0] / poly[1])]
    if len(poly) == 3:
        return _quadratic(poly)
    found = mpmath.polyroots(
        [_mpf(value) for value in reversed(poly)], maxsteps=200, extraprec=200, error=False
    )
    tiny = mpmath.mpf(10) ** (-mpmath.mp.dps // 2)
    return sorted(mpmath.re(root) for root in found if abs(mpmath.im(root)) < tiny * (1 + abs(root)))


def _quadratic(poly: Poly) -> list[mpmath.mpf]:
    c, b, a = poly
    inside = b * b - 4 * a * c
    if inside < 0:
        return []
    root = mpmath.sqrt(_mpf(inside))
    return [(-_mpf(b) - root) / (2 * _mpf(a)), (-_mpf(b) + root) / (2 * _mpf(a))]


def _mpf(value: Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator
