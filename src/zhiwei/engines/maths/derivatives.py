"""Derivatives written in an answer (``diff(x^2, x)``) are worked out before comparing."""

from __future__ import annotations

from collections.abc import Callable

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import ONE, ZERO, Node, Num, Op, Sym, free_symbols, heads, number


def resolve(node: Node) -> Node:
    """Replace every ``diff`` by the derivative it stands for."""
    if not isinstance(node, Op) or "diff" not in heads(node):
        return node
    args = tuple(map(resolve, node.args))
    if node.head != "diff" or len(args) < 2 or not isinstance(args[1], Sym):
        return Op(node.head, args)
    times = int(args[2].value) if len(args) > 2 and isinstance(args[2], Num) else 1
    result = args[0]
    for _ in range(min(times, 6)):
        result = derivative(result, args[1].name)
    return result


def derivative(node: Node, letter: str) -> Node:
    """Derivative of an elementary expression, not simplified.

    Raises:
        UndecidedError: an operation without a known rule.
    """
    if letter not in free_symbols(node):
        return ZERO
    if isinstance(node, Sym):
        return ONE
    if not isinstance(node, Op):
        return ZERO
    if node.head in {"add", "sub"}:
        return Op(node.head, tuple(derivative(arg, letter) for arg in node.args))
    if node.head == "neg":
        return Op("neg", (derivative(node.args[0], letter),))
    if node.head == "mul":
        a, b = node.args
        return Op("add", (Op("mul", (derivative(a, letter), b)), Op("mul", (a, derivative(b, letter)))))
    if node.head == "div":
        a, b = node.args
        top = Op("sub", (Op("mul", (derivative(a, letter), b)), Op("mul", (a, derivative(b, letter)))))
        return Op("div", (top, Op("pow", (b, number(2)))))
    if node.head == "pow":
        return _power(node, letter)
    rule = _OUTER.get(node.head)
    if rule is None:
        raise UndecidedError("no_derivative")
    return Op("mul", (rule(node.args[0]), derivative(node.args[0], letter)))


def _power(node: Op, letter: str) -> Node:
    base, power = node.args
    if letter not in free_symbols(power):
        lower = Op("mul", (power, Op("pow", (base, Op("sub", (power, ONE))))))
        return Op("mul", (lower, derivative(base, letter)))
    log = Op("ln", (base,))
    inner = Op(
        "add",
        (
            Op("mul", (derivative(power, letter), log)),
            Op("div", (Op("mul", (power, derivative(base, letter))), base)),
        ),
    )
    return Op("mul", (node, inner))


def _f(head: str, *args: Node) -> Node:
    return Op(head, args)


_OUTER: dict[str, Callable[[Node], Node]] = {
    "sin": lambda u: _f("cos", u),
    "cos": lambda u: _f("neg", _f("sin", u)),
    "tan": lambda u: _f("pow", _f("sec", u), number(2)),
    "ln": lambda u: _f("div", ONE, u),
    "sqrt": lambda u: _f("div", ONE, _f("mul", number(2), _f("sqrt", u))),
    "asin": lambda u: _f("div", ONE, _f("sqrt", _f("sub", ONE, _f("pow", u, number(2))))),
    "atan": lambda u: _f("div", ONE, _f("add", ONE, _f("pow", u, number(2)))),
    "sinh": lambda u: _f("cosh", u),
    "cosh": lambda u: _f("sinh", u),
}
