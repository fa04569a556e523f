"""Statements over bare letters, compared by their truth tables."""

from __future__ import annotations

from collections.abc import Callable

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import Node, Op, Sym, free_symbols

_TABLE: dict[str, Callable[[list[bool]], bool]] = {
    "and": all,
    "intersect": all,
    "or": any,
    "union": any,
    "not": lambda v: not v[0],
    "implies": lambda v: not v[0] or v[-1],
    "setminus": lambda v: v[0] and not v[-1],
    "xor": lambda v: v[0] != v[-1],
    "xnor": lambda v: v[0] == v[-1],
    "iff": lambda v: v[0] == v[-1],
}


def boolean(node: Node) -> bool:
    """Logic over bare letters."""
    if isinstance(node, Op) and node.head in _TABLE:
        return all(isinstance(arg, Sym) or boolean(arg) for arg in node.args)
    return False


def truth_table(student: Node, reference: Node) -> str:
    """Compare two statements for every assignment of at most eight letters."""
    names = sorted(free_symbols(student) | free_symbols(reference))
    if len(names) > 8:
        raise UndecidedError("too_many_branches")
    for bits in range(2 ** len(names)):
        row = {name: bool(bits >> k & 1) for k, name in enumerate(names)}
        if _truth(student, row) != _truth(reference, row):
            return "different"
    return "equal"


def _truth(node: Node, row: dict[str, bool]) -> bool:
    if isinstance(node, Sym):
        return row.get(node.name, node.name == "true")
    if not isinstance(node, Op):
        raise UndecidedError("not_a_statement")
    values = [_truth(arg, row) for arg in node.args]
    rule = _TABLE.get(node.head)
    if rule is None:
        raise UndecidedError("not_a_statement")
    return rule(values)
