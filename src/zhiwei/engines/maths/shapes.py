"""What kind of answer a tree is, and the rewriting that brings equal kinds together: ±, lists of roots,
chains."""

from __future__ import annotations

import re

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.nodes import INTERVALS, LOGIC, ORDER, RELATIONS, Node, Op, Sym, free_symbols, heads

_SETS = frozenset({"set", "setof", "union", "intersect", "setminus", "in", *INTERVALS})
_INDEX = re.compile(r"_?\d+$")


def kind_of(node: Node) -> str:
    """scalar, equation, inequality, logic, set, tuple, list, matrix, truth, items, time, ratio or
    piecewise."""
    if isinstance(node, Sym):
        return {"empty": "set", "ℝ": "set", "true": "truth", "false": "truth"}.get(node.name, "scalar")
    if not isinstance(node, Op):
        return "scalar"
    if node.head in ORDER or node.head == "!=":
        return "inequality"
    table = {
        "=": "equation",
        "chain": "chain",
        "items": "items",
        "tuple": "tuple",
        "list": "list",
        "matrix": "matrix",
        "time": "time",
        "ratio": "ratio",
        "piecewise": "piecewise",
        "define": "function",
        "perp": "relation",
        "parallel": "relation",
        "iff": "relation",
    }
    if node.head in _SETS:
        return "set"
    return "logic" if node.head in LOGIC else table.get(node.head, "scalar")


def base_letter(name: str) -> str:
    """``x`` for ``x_1``, ``x1`` and ``x``."""
    return _INDEX.sub("", name) or name


def solved(node: Node) -> tuple[str, Node] | None:
    """Letter and value of ``x = value`` (or ``value = x``) when the value is free of the letter."""
    if not (isinstance(node, Op) and node.head == "="):
        return None
    for letter, value in (node.args, node.args[::-1]):
        if (
            isinstance(letter, Sym)
            and letter.name in free_symbols(letter)
            and letter.name not in free_symbols(value)
        ):
            return letter.name, value
    return None


def solutions(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    """The letter and its listed values: ``x=1 or x=2``, ``x₁=1, x₂=2``; None for anything else."""
    parts = node.args if isinstance(node, Op) and node.head in {"or", "items"} else (node,)
    pairs = [solved(part) for part in parts]
    if any(pair is None for pair in pairs):
        return None
    found = [pair for pair in pairs if pair is not None]
    letters = {name for name, _ in found} if len(found) == 1 else {base_letter(name) for name, _ in found}
    distinct = len({name for name, _ in found}) in {1, len(found)}
    if len(letters) != 1 or not distinct:
        return None
    return letters.pop(), tuple(value for _, value in found)


def point_of(node: Node) -> tuple[Node, ...] | None:
    """The values of ``x = 2 and y = 5`` in the order of their letters; None for anything else."""
    if not (isinstance(node, Op) and node.head == "and"):
        return None
    pairs = [solved(part) for part in node.args]
    values = {pair[0]: pair[1] for pair in pairs if pair is not None}
    named = len(values) == len(node.args) and not any(
        free_symbols(value) & set(values) for value in values.values()
    )
    return tuple(values[name] for name in sorted(values)) if named else None


def settle(node: Node) -> Node:
    """Resolve ±, chains of equalities and lists of statements into one statement or collection."""
    if isinstance(node, Op) and node.head == "items":
        return _settle_items(node)
    if isinstance(node, Op) and node.head == "chain":
        return _settle_chain(node)
    if isinstance(node, Op) and node.head in {"or", "and"}:
        parts = Op(node.head, _flat(node.head, tuple(map(settle, node.args))))
        return _with_unknown(parts) if node.head == "or" else parts
    if isinstance(node, Op) and node.head == "set":
        if all(kind_of(arg) == "equation" for arg in node.args):
            return _settle_items(Op("items", node.args))
        listed = [signs(arg) if heads(arg) & {"pm", "mp"} else (arg,) for arg in node.args]
        return Op("set", tuple(value for values in listed for value in values))
    if isinstance(node, Op) and heads(node) & {"pm", "mp"}:
        variants = signs(node)
        return Op("or" if kind_of(node) in {"equation", "inequality"} else "items", variants)
    return node


def _flat(head: str, args: tuple[Node, ...]) -> tuple[Node, ...]:
    found: list[Node] = []
    for arg in args:
        found.extend(arg.args if isinstance(arg, Op) and arg.head == head else (arg,))
    return tuple(found)


def signs(node: Node) -> tuple[Node, ...]:
    """Both readings of an expression with ±: all upper signs, all lower signs."""
    upper, lower = _choose(node, upper=True), _choose(node, upper=False)
    return (upper, lower)


def _choose(node: Node, *, upper: bool) -> Node:
    if not isinstance(node, Op):
        return node
    args = tuple(_choose(arg, upper=upper) for arg in node.args)
    if node.head in {"pm", "mp"}:
        plus = upper == (node.head == "pm")
        return Op("add" if plus else "sub", args)
    return Op(node.head, args)


def _settle_items(node: Op) -> Node:
    parts = _flat("items", tuple(map(settle, node.args)))
    kinds = {kind_of(part) for part in parts}
    node = Op("items", parts)
    if solutions(node) is not None:
        return Op("or", _flat("or", parts))
    if kinds <= {"equation", "inequality", "logic"}:
        listed = [found for part in parts if (found := solutions(part)) is not None]
        if len(listed) == len(parts) and len({letter for letter, _ in listed}) == 1:
            return Op("or", _flat("or", parts))
        return Op("and", _flat("and", parts))
    return _with_unknown(node)


def _with_unknown(node: Op) -> Node:
    """``x = 1, 2`` lists two values of x."""
    first = solved(node.args[0])
    if first is not None and all(kind_of(part) == "scalar" for part in node.args[1:]):
        values = (first[1], *node.args[1:])
        return Op("or", tuple(Op("=", (Sym(first[0]), value)) for value in values))
    return node


def _settle_chain(node: Op) -> Node:
    if any(part.head != "=" for part in node.args if isinstance(part, Op)):
        return Op("and", node.args)
    members = (
        [node.args[0].args[0], *[part.args[1] for part in node.args if isinstance(part, Op)]]
        if isinstance(node.args[0], Op)
        else []
    )
    letters = [member for member in members if isinstance(member, Sym) and free_symbols(member)]
    if len(letters) == len(members) - 1 and len({base_letter(letter.name) for letter in letters}) == 1:
        return Op("=", (Sym(base_letter(letters[0].name)), members[-1]))
    return node


def last_member(node: Node) -> tuple[Node, tuple[Node, ...]]:
    """The last expression of a chain of equalities and the equalities before it."""
    if isinstance(node, Op) and node.head == "chain" and isinstance(node.args[-1], Op):
        return node.args[-1].args[1], node.args
    raise UnreadableError("not_a_chain")


def statement_letters(node: Node) -> frozenset[str]:
    """Letters of a statement, for choosing the variable of a set."""
    return free_symbols(node)


def is_statement(node: Node) -> bool:
    """Whether ``node`` can be true or false."""
    return isinstance(node, Op) and (
        node.head in RELATIONS or node.head in LOGIC or node.head in {"in", "chain"}
    )


def plain_values(node: Op) -> bool:
    """Whether all parts are plain values."""
    return all(kind_of(arg) == "scalar" for arg in node.args)
