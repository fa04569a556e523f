"""Exact arithmetic over named numbers: a small grammar of its own, nothing is run as code.

::

    condition  = both { "or" both };  both = test { "and" test }
    test       = sum [ ("==" | "!=" | "<=" | ">=" | "<" | ">") sum ]
    sum        = product { ("+" | "-") product }
    product    = sign { ("*" | "/" | "%") sign }
    sign       = ["-" | "+"] power
    power      = atom [ ("^" | "**") sign ]
    atom       = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

LONGEST = 400
LARGEST_EXPONENT = 64
LARGEST_DIGITS = 60
DEEPEST = 40
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\*\*|==|!=|<=|>=|[-+*/%^(),<>]))")
_TESTS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


class FormulaError(ValueError):
    """The text is not arithmetic, names something unknown, or leads out of bounds; the message says which."""


def evaluate(source: str, values: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value.

    Args:
        source: Arithmetic of at most 400 characters.
        values: The names that may stand in it.

    Raises:
        FormulaError: Not arithmetic; an unknown name; division by zero; a root that is not rational; a number of
            more than 60 digits.
    """
    reader = _Reader(source, values)
    found = reader.sum()
    reader.end()
    return found


def holds(source: str, values: Mapping[str, Fraction]) -> bool:
    """Tell whether a condition holds (``b != a*x and a > 0``).

    Raises:
        FormulaError: As for ``evaluate``; or there is no comparison.
    """
    reader = _Reader(source, values)
    found = reader.either()
    reader.end()
    return found


class _Reader:
    def __init__(self, source: str, values: Mapping[str, Fraction]) -> None:
        self.source, self.values, self.depth = source, values, 0
        self.tokens, self.at = _tokens(source), 0

    def either(self) -> bool:
        found = self.both()
        while self.take("or"):
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.comparison()
        while self.take("and"):
            found = self.comparison() and found
        return found

    def comparison(self) -> bool:
        left = self.sum()
        for sign, compare in _TESTS.items():
            if self.take(sign):
                return compare(left, self.sum())
        raise self.error("needs a comparison")

    def sum(self) -> Fraction:
        found = self.product()
        while True:
            if self.take("+"):
                found += self.product()
            elif self.take("-"):
                found -= self.product()
            else:
                return self.bounded(found)

    def product(self) -> Fraction:
        found = self.sign()
        while True:
            if self.take("*"):
                found = self.bounded(found * self.sign())
            elif self.take("/"):
                found /= self.divisor()
            elif self.take("%"):
                found %= self.divisor()
            else:
                return found

    def divisor(self) -> Fraction:
        found = self.sign()
        if not found:
            raise self.error("divides by zero")
        return found

    def sign(self) -> Fraction:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error("is nested too deep")
        try:
            if self.take("-"):
                return -self.sign()
            if self.take("+"):
                return self.sign()
            return self.power()
        finally:
            self.depth -= 1

    def power(self) -> Fraction:
        base = self.atom()
        if not (self.take("^") or self.take("**")):
            return base
        exponent = self.sign()
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
            raise self.error(f"has an exponent that is not whole or beyond {LARGEST_EXPONENT}")
        if not base and exponent < 0:
            raise self.error("divides by zero")
        return self.bounded(Fraction(base ** int(exponent)))

    def atom(self) -> Fraction:
        kind, text = self.next()
        if kind == "number":
            return Fraction(text)
        if kind == "name":
            return self.call(text) if self.take("(") else self.named(text)
        if text == "(":
            found = self.sum()
            self.need(")")
            return found
        raise self.error(f"has '{text}' where a number should stand" if text else "ends too early")

    def named(self, name: str) -> Fraction:
        if name not in self.values:
            raise self.error(f"names '{name}', which is not given")
        return self.values[name]

    def call(self, name: str) -> Fraction:
        given = [self.sum()]
        while self.take(","):
            given.append(self.sum())
        self.need(")")
        known = _FUNCTIONS.get(name)
        if known is None:
            raise self.error(f"uses the unknown function '{name}'")
        try:
            return self.bounded(known(*given))
        except (TypeError, ValueError) as error:
            raise self.error(f"cannot use {name}: {error}") from error

    def bounded(self, value: Fraction) -> Fraction:
        if max(abs(value.numerator), value.denominator) >= 10**LARGEST_DIGITS:
            raise self.error(f"leads to a number of more than {LARGEST_DIGITS} digits")
        return value

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            return "", ""
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][1] == text:
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.error(f"lacks a '{text}'")

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise self.error(f"goes on with '{self.tokens[self.at][1]}'")

    def error(self, what: str) -> FormulaError:
        return FormulaError(f"'{self.source[:60]}' {what}")


def _tokens(source: str) -> list[tuple[str, str]]:
    if len(source) > LONGEST:
        raise FormulaError(f"a formula of {len(source)} characters; at most {LONGEST} are read")
    found, at = [], 0
    while source[at:].strip():
        token = _TOKEN.match(source, at)
        if token is None:
            raise FormulaError(
                f"'{source[:60]}' has the sign '{source[at:].strip()[0]}', which is not arithmetic"
            )
        number, name, sign = token.groups()
        found.append(("number", number) if number else ("name", name) if name else ("sign", sign))
        at = token.end()
    return found


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise ValueError("the root of a negative number")
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        raise ValueError("the root is not rational")
    return Fraction(top, bottom)


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise ValueError(f"{value} is not whole")
    return value.numerator


_FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {
    "abs": abs,
    "min": lambda *given: min(given),
    "max": lambda *given: max(given),
    "sqrt": _root,
    "floor": lambda a: Fraction(math.floor(a)),
    "ceil": lambda a: Fraction(math.ceil(a)),
    "gcd": lambda a, b: Fraction(math.gcd(_whole(a), _whole(b))),
    "lcm": lambda a, b: Fraction(math.lcm(_whole(a), _whole(b))),
    "round": lambda a, places=Fraction(0): Fraction(round(a, _whole(places))),
}
