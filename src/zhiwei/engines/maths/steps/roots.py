"""Whether given values satisfy a statement."""

from __future__ import annotations

from collections.abc import Mapping

import mpmath

from zhiwei.engines.maths.equations import constant_truth
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import LOGIC, ORDER, Node, Op, Sym, free_symbols, substitute
from zhiwei.engines.maths.realsets import holds


def satisfies(statement: Node, values: Mapping[str, Node]) -> bool | None:
    """True or False when every letter of ``statement`` has a value; None when it has not, or nothing
    can be said."""
    if free_symbols(statement) - set(values):
        return None
    placed = substitute(statement, dict(values))
    try:
        return _truth(placed)
    except UndecidedError:
        return None


def _truth(node: Node) -> bool | None:
    if isinstance(node, Sym):
        return {"true": True, "false": False}.get(node.name)
    if not isinstance(node, Op):
        return None
    if node.head == "=":
        return constant_truth(node)
    if node.head in ORDER or node.head == "!=":
        with mpmath.workdps(40):
            return holds(node, mpmath.mpf(0), "x")
    if node.head in LOGIC or node.head == "chain":
        parts = [_truth(arg) for arg in node.args]
        if any(part is None for part in parts):
            return None
        return any(parts) if node.head == "or" else all(parts)
    return None
