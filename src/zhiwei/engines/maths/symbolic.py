"""The few questions that need a computer algebra system, asked about small polynomials only."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from zhiwei.engines.maths.modular import exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, walk

_MAX_NODES = 120
_MAX_POWER = 12


def factor_powers(node: Node, letters: list[str]) -> tuple[int, Fraction]:
    """Number of irreducible factors over the rationals (with powers) and the rational content of a
    polynomial.

    A tree that is not a small polynomial counts as irreducible.
    """
    import sympy

    if not _small_polynomial(node):
        return 1, Fraction(1)
    names = {name: sympy.Symbol(f"v{k}") for k, name in enumerate(letters)}
    content, factors = sympy.factor_list(_convert(node, names))
    value = sympy.Rational(content)
    return sum(int(power) for _, power in factors), Fraction(int(value.p), int(value.q))


def _small_polynomial(node: Node) -> bool:
    items = list(walk(node))
    if len(items) > _MAX_NODES:
        return False
    for item in items:
        if isinstance(item, Op) and item.head not in {"add", "sub", "mul", "neg", "pow", "div"}:
            return False
        if isinstance(item, Op) and item.head == "pow":
            power = exact(item.args[1])
            if power is None or power.denominator != 1 or not 0 <= power <= _MAX_POWER:
                return False
        if isinstance(item, Op) and item.head == "div" and not exact(item.args[1]):
            return False
        if isinstance(item, Sym) and item.name in {"pi", "e", "i"}:
            return False
    return True


def _convert(node: Node, names: dict[str, object]) -> object:
    import sympy

    if isinstance(node, Num):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if isinstance(node, Sym):
        return names[node.name]
    parts = [cast(sympy.Expr, _convert(arg, names)) for arg in node.args]
    if node.head == "neg":
        return -parts[0]
    first, second = parts
    table = {
        "add": lambda: first + second,
        "sub": lambda: first - second,
        "mul": lambda: first * second,
        "div": lambda: first / second,
        "pow": lambda: first**second,
    }
    return table[node.head]()
