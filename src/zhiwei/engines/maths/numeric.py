"""Numbers for trees: double precision for a first look, many digits for the decision; real or complex."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath

from zhiwei.engines.maths.limits import MAX_FACTORIAL, MAX_SUM_TERMS
from zhiwei.engines.maths.modular import exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, number, substitute

Value = Any
"""A float, a complex number or an mpmath number (mpmath carries no types)."""
Point = Mapping[str, Value]


class UndefinedError(ArithmeticError):
    """The expression has no (real) value at this point."""


class Evaluator:
    """Evaluates trees at one point.

    Args:
        point: a value for every free symbol.
        real: refuse what leaves the real numbers (roots and logarithms of negative numbers).
        precise: use mpmath at its present precision instead of double precision.
    """

    def __init__(self, point: Point, *, real: bool, precise: bool) -> None:
        self.point = point
        self.real = real
        self.precise = precise

    def __call__(self, node: Node) -> Value:
        """Value of ``node``.

        Raises:
            UndefinedError: no value here, overflow, or an operation this evaluator does not know.
        """
        try:
            return self._node(node)
        except (ZeroDivisionError, OverflowError, ValueError, TypeError, mpmath.libmp.NoConvergence) as error:
            raise UndefinedError(str(error)) from error

    def _node(self, node: Node) -> Value:
        if isinstance(node, Num):
            return self._fraction(node.value)
        if isinstance(node, Sym):
            return self._symbol(node.name)
        special = _SPECIAL.get(node.head)
        if special is not None:
            return special(self, node)
        rule = _ARITHMETIC.get(node.head)
        values = [self._node(arg) for arg in node.args]
        if rule is not None:
            return rule(*values)
        return self._function(node.head, values)

    def _fraction(self, value: Fraction) -> Value:
        if self.precise:
            return mpmath.mpf(value.numerator) / value.denominator
        return value.numerator / value.denominator

    def _symbol(self, name: str) -> Value:
        if name in self.point:
            return self.point[name]
        if name == "pi":
            return +mpmath.pi if self.precise else math.pi
        if name == "e":
            return +mpmath.e if self.precise else math.e
        if name == "i" and not self.real:
            return mpmath.mpc(0, 1) if self.precise else 1j
        raise UndefinedError(name)

    def _function(self, head: str, values: list[Value]) -> Value:
        if head in _REAL_ONLY:
            return _REAL_ONLY[head](*[self._as_real(value) for value in values])
        name = _LIBRARY.get(head)
        if name is None:
            raise UndefinedError(head)
        result = self._library(name, values[0])
        return self._checked(result)

    def _library(self, name: str, value: Value) -> Value:
        if self.precise:
            return getattr(mpmath, name)(value)
        if name in _BY_RECIPROCAL:
            return 1 / self._library(_BY_RECIPROCAL[name], value)
        if name in _BY_INVERSE:
            return self._library(_BY_INVERSE[name], 1 / value)
        return complex(getattr(cmath, name)(value))

    def _checked(self, result: Value) -> Value:
        """In real mode an imaginary part means: not defined here."""
        if isinstance(result, complex):
            if self.real:
                if abs(result.imag) > 1e-13 * max(1.0, abs(result.real)):
                    raise UndefinedError("complex")
                return result.real
            return result
        if isinstance(result, mpmath.mpc) and self.real:
            if abs(result.imag) > abs(result.real + 1) * mpmath.mpf(10) ** (-mpmath.mp.dps // 2):
                raise UndefinedError("complex")
            return result.real
        return result

    def _as_real(self, value: Value) -> Value:
        if isinstance(value, (complex, mpmath.mpc)):
            if abs(value.imag) > 1e-12 * max(1, abs(value.real)):
                raise UndefinedError("complex")
            return value.real
        return value

    def power(self, node: Op) -> Value:
        """Powers: whole ones exactly, real roots of odd degree for negative bases, principal values
        otherwise."""
        base = self._node(node.args[0])
        fixed = exact(node.args[1])
        if fixed is not None and fixed.denominator == 1 and abs(fixed) < 10**6:
            _bounded(base, int(fixed))
            return base ** int(fixed)
        exponent = self._fraction(fixed) if fixed is not None else self._node(node.args[1])
        if self.real and base < 0:
            return self._real_power(base, exponent, fixed)
        if base == 0 and not isinstance(exponent, (complex, mpmath.mpc)) and exponent > 0:
            return base
        _bounded(base, exponent)
        return self._checked(base**exponent)

    def _real_power(self, base: Value, exponent: Value, fixed: Fraction | None) -> Value:
        if fixed is not None and fixed.denominator % 2 == 1:
            return (-1) ** (fixed.numerator % 2) * (-base) ** exponent
        _bounded(base, exponent)
        if exponent == int(exponent):
            return base ** int(exponent)
        raise UndefinedError("root of a negative number")

    def root(self, node: Op) -> Value:
        """``n``-th root; of odd degree also of negative numbers when real."""
        base = self._node(node.args[0])
        degree = Fraction(2) if len(node.args) == 1 else exact(node.args[1])
        if degree is None:
            return self._checked(base ** (1 / self._node(node.args[1])))
        if degree == 2:
            if self.real and base < 0:
                raise UndefinedError("root of a negative number")
            return mpmath.sqrt(base) if self.precise else self._checked(cmath.sqrt(base))
        if degree.denominator != 1 or degree == 0:
            raise UndefinedError("root")
        if self.real and base < 0 and degree % 2 == 1:
            return -((-base) ** self._fraction(1 / degree))
        if self.real and base < 0:
            raise UndefinedError("root of a negative number")
        return base ** self._fraction(1 / degree)

    def logarithm(self, node: Op) -> Value:
        """Natural logarithm, or to a base given as second argument."""
        value = self._positive(self._node(node.args[0]))
        if len(node.args) == 1:
            return self._log(value)
        return self._log(value) / self._log(self._positive(self._node(node.args[1])))

    def _log(self, value: Value) -> Value:
        return mpmath.log(value) if self.precise else self._checked(cmath.log(value))

    def _positive(self, value: Value) -> Value:
        if self.real and value <= 0:
            raise UndefinedError("logarithm of a number that is not positive")
        return value

    def factorial(self, node: Op) -> Value:
        """``n!`` for natural numbers, the gamma function elsewhere (complex mode only beyond 400)."""
        value = self._as_real(self._node(node.args[0]))
        if abs(value) > MAX_FACTORIAL or (value < 0 and value == int(value)):
            raise UndefinedError("factorial")
        return mpmath.gamma(value + 1) if self.precise else math.gamma(value + 1)

    def binomial(self, node: Op) -> Value:
        """Binomial coefficient through gamma functions."""
        top, bottom = (self._as_real(self._node(arg)) for arg in node.args)
        value = mpmath.binomial(top, bottom)
        return value if self.precise else float(value)

    def total(self, node: Op) -> Value:
        """Finite sums and products with whole bounds."""
        body, letter, start, end = node.args
        if not isinstance(letter, Sym):
            raise UndefinedError("sum")
        low, high = (
            round(float(self._as_real(self._node(start)))),
            round(float(self._as_real(self._node(end)))),
        )
        if high - low > MAX_SUM_TERMS:
            raise UndefinedError("sum")
        result: Value = self._fraction(Fraction(0 if node.head == "sum" else 1))
        for k in range(low, high + 1):
            term = self._node(substitute(body, {letter.name: number(k)}))
            result = result + term if node.head == "sum" else result * term
        return result

    def applied(self, node: Op) -> Value:
        """An unknown function f(…): a fixed smooth stand-in, so that equal arguments give equal values."""
        name = node.args[0]
        seed = sum(map(ord, name.name)) if isinstance(name, Sym) else 7
        result: Value = self._fraction(Fraction(seed, 97))
        for index, arg in enumerate(node.args[1:], start=2):
            value = self._node(arg)
            result = result * self._fraction(Fraction(seed % 13 + index, 11)) + value**3 + index * value
        return result

    def derivative_mark(self, node: Op) -> Value:
        """``y'``: a symbol of its own, independent of ``y``."""
        return self._node(node.args[0]) ** 3 * self._fraction(Fraction(577, 408)) + self._fraction(
            Fraction(355, 113)
        )

    def degrees(self, node: Op) -> Value:
        """Degrees to radians."""
        return self._node(node.args[0]) * self._symbol("pi") / 180


def _bounded(base: Value, exponent: Value) -> None:
    """Refuse powers whose size alone would take long to handle."""
    size = abs(base)
    if size == 0:
        return
    if abs(exponent) > _LARGEST or abs(exponent) * abs(mpmath.mag(size)) > _LARGEST:
        raise UndefinedError("too large")


_LARGEST = 1_000_000
_ARITHMETIC: dict[str, Callable[..., Value]] = {
    "add": lambda a, b: a + b,
    "mixed": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "ratio": lambda a, b: a / b,
    "neg": lambda a: -a,
    "percent": lambda a: a / 100,
    "abs": abs,
}
_SPECIAL: dict[str, Callable[[Evaluator, Op], Value]] = {
    "pow": Evaluator.power,
    "sqrt": Evaluator.root,
    "root": Evaluator.root,
    "ln": Evaluator.logarithm,
    "log_base": Evaluator.logarithm,
    "factorial": Evaluator.factorial,
    "binomial": Evaluator.binomial,
    "sum": Evaluator.total,
    "product": Evaluator.total,
    "apply": Evaluator.applied,
    "prime": Evaluator.derivative_mark,
    "degree": Evaluator.degrees,
}
_REAL_ONLY: dict[str, Callable[..., Value]] = {
    "floor": math.floor,
    "ceil": math.ceil,
    "sign": lambda a: (a > 0) - (a < 0),
    "max": max,
    "min": min,
}
_LIBRARY = {
    name: name
    for name in [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "asin",
        "acos",
        "atan",
        "acot",
        "asec",
        "acsc",
        "asinh",
        "acosh",
        "atanh",
    ]
}
_BY_RECIPROCAL = {"cot": "tan", "sec": "cos", "csc": "sin", "coth": "tanh", "sech": "cosh", "csch": "sinh"}
_BY_INVERSE = {"acot": "atan", "asec": "acos", "acsc": "asin"}
