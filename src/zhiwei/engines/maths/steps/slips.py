"""Kinds of wrong step in algebra, each recognised by rebuilding the mistake."""

from __future__ import annotations

from fractions import Fraction

from zhiwei.engines.maths.compare import compare
from zhiwei.engines.maths.equations import residual, same_equation
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.forms import terms_of
from zhiwei.engines.maths.nodes import ORDER, Node, Op, free_symbols, number
from zhiwei.engines.maths.realsets import flipped
from zhiwei.engines.maths.shapes import kind_of, solutions
from zhiwei.engines.maths.steps.roots import satisfies

_FACTORS = (2, 3, 4, 5, 6, 8, 10, 12)


def slip(before: Node, after: Node) -> str:
    """Code of the mistake that leads from one statement to the next.

    Returns:
        inequality_not_reversed, term_not_negated, lost_solution, extra_root, term_not_multiplied, sign_error,
        inverted_division, or wrong_step.
    """
    try:
        return _slip(before, after)
    except UndecidedError:
        return "wrong_step"


def _slip(before: Node, after: Node) -> str:
    if isinstance(before, Op) and isinstance(after, Op) and {before.head, after.head} <= ORDER:
        turned = Op(flipped(after).head, after.args)
        return "inequality_not_reversed" if _equal(before, turned) else "wrong_step"
    if kind_of(before) in {"equation", "logic"} and kind_of(after) in {"equation", "logic"}:
        return _equation_slip(before, after)
    return "wrong_step"


def _equal(a: Node, b: Node) -> bool:
    try:
        return compare(a, b) == "equal"
    except UndecidedError:
        return False


def _equation_slip(before: Node, after: Node) -> str:
    roots = compare(after, before) if solutions(after) and solutions(before) else ""
    if roots in {"lost_solution", "missing_case", "extra_root", "sign_error"}:
        return "lost_solution" if roots == "missing_case" else roots
    if "and" in {node.head for node in (before, after) if isinstance(node, Op)}:
        return "wrong_step"
    for code, rebuilt in _rebuilt(before):
        if _same(rebuilt, after):
            return code
    return _divided_root(before, after)


def _same(a: Node, b: Node) -> bool:
    if not free_symbols(a):
        return False
    try:
        return same_equation(a, b)
    except UndecidedError:
        return False


def _rebuilt(before: Node) -> list[tuple[str, Node]]:
    """Equations that follow from ``before`` by one usual mistake."""
    if not (isinstance(before, Op) and before.head == "="):
        return []
    zero, rest = number(0), residual(before)
    found: list[tuple[str, Node]] = []
    sides = [terms_of(side) for side in before.args]
    for side, sign in zip(sides, ("sub", "add"), strict=True):
        for term in side:
            moved = Op(sign, (rest, Op("mul", (number(2), term))))
            found.append(("term_not_negated", Op("=", (moved, zero))))
    for factor in _FACTORS:
        for side, sign in zip(sides, ("sub", "add"), strict=True):
            for term in side:
                kept = Op("mul", (number(Fraction(factor - 1, factor)), term))
                found.append(("term_not_multiplied", Op("=", (Op(sign, (rest, kept)), zero))))
    return found[:80]


def _divided_root(before: Node, after: Node) -> str:
    """x = a/b where a·x = b gives b/a; a root lost by dividing through by the unknown."""
    listed = solutions(after)
    if listed is None or not (isinstance(before, Op) and before.head == "="):
        return "wrong_step"
    letter, values = listed
    if len(values) == 1:
        inverse = (
            Op("=", (after.args[0], Op("div", (number(1), values[0])))) if isinstance(after, Op) else after
        )
        if _same(inverse, before):
            return "inverted_division"
    if all(satisfies(before, {letter: Op("neg", (value,))}) for value in values):
        return "sign_error"
    return "lost_solution" if all(satisfies(before, {letter: value}) for value in values) else "wrong_step"
