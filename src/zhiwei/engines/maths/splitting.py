"""Whether a polynomial in one letter splits over the rationals."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from zhiwei.engines.maths.polynomials import Poly


def splits(poly: Poly) -> bool:
    """Whether a polynomial (constant term first) is a product of others of lower degree."""
    if len(poly) <= 2:
        return False
    if len(poly) == 3:
        return _is_square(poly[1] ** 2 - 4 * poly[0] * poly[2])
    return poly[0] == 0 or _factor_count(poly) > 1


def _is_square(value: Fraction) -> bool:
    if value < 0:
        return False
    return (
        isqrt(value.numerator) ** 2 == value.numerator and isqrt(value.denominator) ** 2 == value.denominator
    )


def _factor_count(poly: Poly) -> int:
    from sympy import Poly as SympyPoly
    from sympy import Rational, symbols

    coefficients = [Rational(value.numerator, value.denominator) for value in reversed(poly)]
    return sum(power for _, power in SympyPoly(coefficients, symbols("x")).factor_list()[1])
