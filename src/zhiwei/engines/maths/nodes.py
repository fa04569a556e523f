"""The expression tree: small, immutable, and close to what was written.

Surface form is kept (``sub`` is not ``add`` of ``neg``, ``2/4`` is not ``1/2``), because whether an answer is
factored, expanded or in lowest terms is a question about the surface. Meaning is computed from it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Num:
    """A literal number. ``decimal`` tells ``0.5`` from ``1/2``: both have the same exact value."""

    value: Fraction
    decimal: bool = False


@dataclass(frozen=True, slots=True)
class Sym:
    """A variable or a named constant (``pi``, ``e``, ``i``, ``inf``, ``ℝ``, ``empty``, ``true``,
    ``false``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Op:
    """An operation: arithmetic, a function, a relation, a logical word or a collection."""

    head: str
    args: tuple[Node, ...]


Node = Num | Sym | Op

RELATIONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
ORDER = frozenset({"<", "<=", ">", ">="})
LOGIC = frozenset({"and", "or", "not", "implies", "xor", "xnor"})
FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "="}
CONSTANTS = frozenset({"pi", "e", "i", "inf", "ℝ", "ℕ", "ℤ", "ℚ", "empty", "true", "false"})
INTERVALS = {"interval_oo": "()", "interval_oc": "(]", "interval_co": "[)", "interval_cc": "[]"}
ZERO = Num(Fraction(0))
ONE = Num(Fraction(1))


def number(value: int | Fraction) -> Num:
    """Wrap an exact number."""
    return Num(Fraction(value))


def walk(node: Node) -> Iterator[Node]:
    """Every node below and including ``node``, parents first."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        if isinstance(item, Op):
            stack.extend(reversed(item.args))


def free_symbols(node: Node) -> frozenset[str]:
    """Names of the variables in ``node``, without constants and bound summation letters."""
    if isinstance(node, Sym):
        return frozenset() if node.name in CONSTANTS else frozenset({node.name})
    if isinstance(node, Num):
        return frozenset()
    names: frozenset[str] = frozenset().union(*map(free_symbols, node.args))
    if node.head in {"sum", "product", "setof"} and isinstance(
        node.args[1 if node.head != "setof" else 0], Sym
    ):
        bound = node.args[1 if node.head != "setof" else 0]
        names -= free_symbols(bound)
    return names


def heads(node: Node) -> frozenset[str]:
    """The operations used anywhere in ``node``."""
    return frozenset(item.head for item in walk(node) if isinstance(item, Op))


def substitute(node: Node, values: dict[str, Node]) -> Node:
    """Replace variables by trees."""
    if isinstance(node, Sym):
        return values.get(node.name, node)
    if isinstance(node, Num):
        return node
    return Op(node.head, tuple(substitute(arg, values) for arg in node.args))


def constant_value(node: Node) -> Fraction | None:
    """The exact rational value of a literal or a negated literal, else None."""
    if isinstance(node, Num):
        return node.value
    if isinstance(node, Op) and node.head == "neg" and isinstance(node.args[0], Num):
        return -node.args[0].value
    return None
