"""Comparisons of how an answer is written: the same tree, up to order, up to names of letters, same kind."""

from __future__ import annotations

import re
from itertools import permutations

from zhiwei.engines.maths.compare import compare
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import Node, Op, Sym, free_symbols, substitute
from zhiwei.engines.maths.shapes import kind_of

_MOST_LETTERS = 4
_DECIMAL = re.compile(r"^\s*[-+]?(\d*)(?:\.(\d*))?\s*$")


def same_tree(student: Node, reference: Node) -> str:
    """Equal only when written alike, order included (STACK: CasEqual)."""
    return "equal" if student == reference else "written_differently"


def same_up_to_order(student: Node, reference: Node) -> str:
    """Equal up to the order and grouping of sums and products (STACK: EqualComAss); nothing is worked out."""
    return "equal" if _ordered(student) == _ordered(reference) else "written_differently"


def _ordered(node: Node) -> str:
    if not isinstance(node, Op):
        return repr(node)
    if node.head in {"add", "sub"}:
        return f"add{sorted(_flat(node, 'add'))}"
    if node.head == "mul":
        return f"mul{sorted(_flat(node, 'mul'))}"
    parts = [_ordered(arg) for arg in node.args]
    return f"{node.head}{sorted(parts) if node.head in {'=', 'and', 'or', 'set'} else parts}"


def _flat(node: Node, head: str) -> list[str]:
    if isinstance(node, Op) and node.head == head:
        return [part for arg in node.args for part in _flat(arg, head)]
    if isinstance(node, Op) and node.head == "sub" and head == "add":
        return [*_flat(node.args[0], head), *[f"neg[{_quote(p)}]" for p in _flat(node.args[1], head)]]
    if isinstance(node, Op) and node.head == "neg" and head == "add":
        return [f"neg[{_quote(p)}]" for p in _flat(node.args[0], head)]
    return [_ordered(node)]


def _quote(part: str) -> str:
    return part.replace("'", '"')


def same_up_to_names(student: Node, reference: Node) -> str:
    """Equal after renaming letters one to one (STACK: SubstEquiv); at most four letters."""
    mine, theirs = sorted(free_symbols(student)), sorted(free_symbols(reference))
    if len(mine) != len(theirs):
        return "different"
    if len(mine) > _MOST_LETTERS:
        raise UndecidedError("too_many_letters")
    for names in permutations(theirs):
        renamed = substitute(student, {old: Sym(new) for old, new in zip(mine, names, strict=True)})
        if compare(renamed, reference) == "equal":
            return "equal"
    return "different"


def same_kind(student: Node, reference: Node) -> str:
    """Equal when both are expressions, both equations, both sets … (STACK: SameType)."""
    return "equal" if kind_of(student) == kind_of(reference) else "different_kind"


def figures_written(text: str) -> tuple[int, int] | None:
    """Significant figures and decimal places of a plain decimal; None for anything else.

    >>> figures_written("0.0350"), figures_written("12.0"), figures_written("1/3")
    ((3, 4), (3, 1), None)
    """
    found = _DECIMAL.match(text)
    if not found or not (found[1] or found[2]):
        return None
    return len(((found[1] or "") + (found[2] or "")).lstrip("0")), len(found[2] or "")
