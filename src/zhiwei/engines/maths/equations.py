"""Whether two equations say the same: one is a non-zero multiple of the other, written in any way."""

from __future__ import annotations

import random
from fractions import Fraction

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.modular import PRIME, NotRationalError, evaluate, exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, free_symbols, number, substitute, walk
from zhiwei.engines.maths.polynomials import Poly, divide, gcd, ratio_of, trim
from zhiwei.engines.maths.scalars import same_value

_TRIALS = 3


def residual(node: Node) -> Node:
    """The expression whose zeros an equation, or a choice between equations, describes."""
    if isinstance(node, Op) and node.head == "or":
        result = residual(node.args[0])
        for arg in node.args[1:]:
            result = Op("mul", (result, residual(arg)))
        return result
    if not (isinstance(node, Op) and node.head == "="):
        raise UndecidedError("not_an_equation")
    left, right = (_opened(arg) for arg in node.args)
    squares = _squares(left, right)
    return squares if squares is not None else Op("sub", (left, right))


def _opened(node: Node) -> Node:
    """A proportion a:b as a quotient."""
    if isinstance(node, Op) and node.head == "ratio":
        return Op("div", node.args)
    return node


def _squares(left: Node, right: Node) -> Node | None:
    """|f| = |g| and |f| = c (c > 0) say the same as f² = g²."""
    if isinstance(right, Op) and right.head == "abs" and not (isinstance(left, Op) and left.head == "abs"):
        left, right = right, left
    if not (isinstance(left, Op) and left.head == "abs"):
        return None
    if isinstance(right, Op) and right.head == "abs":
        return Op("sub", (Op("pow", (left.args[0], number(2))), Op("pow", (right.args[0], number(2)))))
    if isinstance(right, Num) and right.value > 0:
        return Op("sub", (Op("pow", (left.args[0], number(2))), Op("pow", (right, number(2)))))
    return None


def constant_truth(node: Node) -> bool | None:
    """True or False for an equation without content (x = x, 2 = 3), None for a real one."""
    if isinstance(node, Sym):
        return {"true": True, "ℝ": True, "false": False}.get(node.name)
    if isinstance(node, Op) and node.head == "=":
        rest = residual(node)
        if same_value(rest, number(0)).same:
            return True
        if not free_symbols(rest):
            return False
    return None


def same_equation(left: Node, right: Node) -> bool:
    """Whether the residuals (cleared of denominators) differ by a constant factor only.

    Multiplicity counts: (x-2)² = 0 is not x = 2, a·x = a·y is not x = y. Use solution sets where only
    roots matter.

    Raises:
        UndecidedError: neither rational nor comparable by value.
    """
    truths = constant_truth(left), constant_truth(right)
    if truths != (None, None):
        return truths[0] is truths[1]
    first, second = residual(left), residual(right)
    names = sorted(free_symbols(first) | free_symbols(second))
    if free_symbols(first) != free_symbols(second):
        return False
    try:
        if not (_has_letters_below(first) or _has_letters_below(second)):
            return _rational_ratio(first, second, names)
        return _cleared_ratio(first, second, names)
    except NotRationalError:
        return _sampled_ratio(first, second, names)


def _rational_ratio(first: Node, second: Node, names: list[str]) -> bool:
    rng = random.Random(104_729)  # noqa: S311
    values = []
    for _ in range(_TRIALS):
        point = {name: rng.randrange(PRIME) for name in names}
        values.append(
            (
                evaluate(first, point)[0],
                evaluate(second, point)[0],
                evaluate(first, point)[1],
                evaluate(second, point)[1],
            )
        )
    crossed = [(a * d % PRIME, b * c % PRIME) for a, b, c, d in values]
    (a, b), *rest = crossed
    if a == 0 or b == 0:
        return False
    return all((a * d - b * c) % PRIME == 0 for c, d in rest)


def _has_letters_below(node: Node) -> bool:
    for item in walk(node):
        if isinstance(item, Op) and item.head in {"div", "ratio"} and free_symbols(item.args[1]):
            return True
        if isinstance(item, Op) and item.head == "pow" and (exact(item.args[1]) or 0) < 0:
            return True
    return False


def _cleared_ratio(first: Node, second: Node, names: list[str]) -> bool:
    """With letters in denominators: roots of numerators that are not roots of denominators, letter by
    letter."""
    rng = random.Random(611_953)  # noqa: S311
    for letter in names:
        for _ in range(_TRIALS):
            fixed: dict[str, Node] = {
                name: number(rng.randrange(11, 9_999)) for name in names if name != letter
            }
            cleared = [_cleared(substitute(node, fixed), letter) for node in (first, second)]
            if cleared[0] != cleared[1] or cleared[0] is None:
                return False
    return True


def _cleared(node: Node, letter: str) -> Poly | None:
    ratio = ratio_of(node, letter)
    if ratio is None:
        raise NotRationalError("large")
    top, bottom = trim(ratio[0]), trim(ratio[1])
    if not top or not bottom:
        return None
    while len(common := gcd(top, bottom)) > 1:
        top = divide(top, common)[0]
    return [value / top[-1] for value in top]


def _sampled_ratio(first: Node, second: Node, names: list[str]) -> bool:
    """f(x)·g(p) = g(x)·f(p) as an identity in x for two fixed points p where neither vanishes."""
    for seed in (3, 5):
        fixed: dict[str, Node] = {
            name: number(Fraction(7 * seed + 2 * k, 5 + k)) for k, name in enumerate(names)
        }
        at_first, at_second = substitute(first, fixed), substitute(second, fixed)
        if _zero(at_first) or _zero(at_second):
            continue
        return same_value(Op("mul", (first, at_second)), Op("mul", (second, at_first))).same
    raise UndecidedError("no_value")


def _zero(node: Node) -> bool:
    try:
        return same_value(node, number(0)).same
    except UndecidedError:
        return True
