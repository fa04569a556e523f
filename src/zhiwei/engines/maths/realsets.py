"""Sets of real numbers in one letter: intervals, listed sets, conditions, and what logic builds from them.

Two sets are compared by truth: all places where either can change are found (roots, gaps, end points) to many
digits; the sets are equal when they agree at every such place and between every two.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import mpmath

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import (
    FLIP,
    INTERVALS,
    ORDER,
    RELATIONS,
    Node,
    Num,
    Op,
    Sym,
    free_symbols,
    heads,
    substitute,
)
from zhiwei.engines.maths.numeric import Evaluator, UndefinedError
from zhiwei.engines.maths.polynomials import ratio_of, real_roots, trim
from zhiwei.engines.maths.scalars import written_digits

_DIGITS = 50
_SCAN = 160
_MAX_ABS = 4
_BRACKETS = {"tuple": "interval_oo", "list": "interval_cc"}
SET_HEADS = frozenset({"set", "setof", "union", "intersect", "setminus", "in", *INTERVALS})


def same_set(left: Node, right: Node, letter: str) -> bool:
    """Whether both describe the same real numbers; ``letter`` is the variable of conditions.

    Raises:
        UndecidedError: too many branches, or a place of change could not be found.
    """
    with mpmath.workdps(_DIGITS + 2 * written_digits(left, right)):
        places = _merged([*changes(left, letter), *changes(right, letter)])
        return all(holds(left, x, letter) == holds(right, x, letter) for x in _probes(places))


def sample_of(node: Node, letter: str) -> list[bool]:
    """Truth at its own places of change and between them (used to compare shapes)."""
    with mpmath.workdps(_DIGITS):
        return [holds(node, x, letter) for x in _probes(_merged(changes(node, letter)))]


def _merged(places: Sequence[mpmath.mpf]) -> list[mpmath.mpf]:
    tiny = mpmath.mpf(10) ** -(mpmath.mp.dps * 3 // 5)
    result: list[mpmath.mpf] = []
    for place in sorted(places):
        if not result or place - result[-1] > tiny * (1 + abs(place)):
            result.append(place)
    return result


def _probes(places: list[mpmath.mpf]) -> list[mpmath.mpf]:
    if not places:
        return [mpmath.mpf(1) / 7]
    between = [(a + b) / 2 for a, b in pairwise(places)]
    return [places[0] - 1, *places, *between, places[-1] + 1]


def holds(node: Node, x: mpmath.mpf, letter: str) -> bool:
    """Whether ``x`` belongs to the set or satisfies the condition."""
    if isinstance(node, Sym):
        return _named(node.name)
    if isinstance(node, Num):
        return _close(x, node, letter)
    if node.head in RELATIONS:
        return _relation(node, x, letter)
    if node.head in INTERVALS:
        return _interval(node, x, letter)
    if node.head in _BRACKETS and len(node.args) == 2:
        return _interval(Op(_BRACKETS[node.head], node.args), x, letter)
    if node.head in {"set", "items"}:
        return any(_close(x, arg, letter) for arg in node.args)
    if node.head == "setof":
        return _builder(node, x, letter)
    if node.head == "in":
        return holds(node.args[1], x, letter)
    return _logic(node, x, letter)


def _named(name: str) -> bool:
    if name in {"ℝ", "true"}:
        return True
    if name in {"empty", "false"}:
        return False
    raise UndecidedError("not_a_set")


def _logic(node: Op, x: mpmath.mpf, letter: str) -> bool:
    truths = [holds(arg, x, letter) for arg in node.args]
    if node.head in {"and", "chain", "intersect"}:
        return all(truths)
    if node.head in {"or", "union"}:
        return any(truths)
    if node.head == "not":
        return not truths[0]
    if node.head == "setminus":
        return truths[0] and not truths[1]
    raise UndecidedError("not_a_set")


def _builder(node: Op, x: mpmath.mpf, letter: str) -> bool:
    head, condition = node.args
    if isinstance(head, Op) and head.head == "in":
        return holds(head.args[1], x, letter) and _builder(Op("setof", (head.args[0], condition)), x, letter)
    if not isinstance(head, Sym):
        raise UndecidedError("not_a_set")
    return holds(substitute(condition, {head.name: Sym(letter)}), x, letter)


def _at(node: Node, x: mpmath.mpf, letter: str) -> mpmath.mpf:
    return Evaluator({letter: x}, real=True, precise=True)(node)


def _sign(node: Node, x: mpmath.mpf, letter: str) -> int:
    value = _at(node, x, letter)
    tiny = mpmath.mpf(10) ** -(mpmath.mp.dps * 3 // 5) * (1 + abs(x))
    return 0 if abs(value) < tiny else (1 if value > 0 else -1)


def _relation(node: Op, x: mpmath.mpf, letter: str) -> bool:
    infinite = _with_infinity(node)
    if infinite is not None:
        return infinite
    try:
        sign = _sign(Op("sub", node.args), x, letter)
    except UndefinedError:
        return False
    return {"=": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[
        node.head
    ]


def _infinity(node: Node) -> int:
    if node == Sym("inf"):
        return 1
    return -_infinity(node.args[0]) if isinstance(node, Op) and node.head == "neg" else 0


def _with_infinity(node: Op) -> bool | None:
    left, right = map(_infinity, node.args)
    if not (left or right):
        return None
    return (
        left < right
        if node.head in {"<", "<="}
        else left > right
        if node.head in {">", ">="}
        else node.head == "!="
    )


def _interval(node: Op, x: mpmath.mpf, letter: str) -> bool:
    low, high = node.args
    marks = node.head[-2:]
    above = _relation(Op("<" if marks[0] == "o" else "<=", (low, Sym(letter))), x, letter)
    return above and _relation(Op("<" if marks[1] == "o" else "<=", (Sym(letter), high)), x, letter)


def _close(x: mpmath.mpf, node: Node, letter: str) -> bool:
    if letter in free_symbols(node):
        raise UndecidedError("not_a_set")
    return _relation(Op("=", (Sym(letter), node)), x, letter)


def changes(node: Node, letter: str) -> list[mpmath.mpf]:
    """All places where truth may change."""
    if isinstance(node, Sym):
        return []
    if isinstance(node, Num):
        return [_at(node, mpmath.mpf(0), letter)]
    if node.head in RELATIONS:
        return _relation_changes(node, letter)
    if node.head in _BRACKETS and len(node.args) == 2:
        node = Op(_BRACKETS[node.head], node.args)
    if node.head in INTERVALS or node.head in {"set", "items"}:
        return _ends(node, letter)
    if node.head == "setof":
        head = node.args[0].args[0] if isinstance(node.args[0], Op) else node.args[0]
        extra = (
            changes(node.args[0].args[1], letter)
            if isinstance(node.args[0], Op) and len(node.args[0].args) > 1
            else []
        )
        if not isinstance(head, Sym):
            raise UndecidedError("not_a_set")
        return extra + changes(substitute(node.args[1], {head.name: Sym(letter)}), letter)
    if node.head == "in":
        return changes(node.args[1], letter)
    if node.head in {"and", "or", "not", "chain", "union", "intersect", "setminus"}:
        return [place for arg in node.args for place in changes(arg, letter)]
    raise UndecidedError("not_a_set")


def _ends(node: Op, letter: str) -> list[mpmath.mpf]:
    ends = [_end(arg, letter) for arg in node.args if not _infinity(arg)]
    if node.head in INTERVALS and len(ends) == 2 and ends[0] > ends[1]:
        raise UndecidedError("reversed_interval")
    return ends


def _end(node: Node, letter: str) -> mpmath.mpf:
    try:
        return _at(node, mpmath.mpf(0), letter)
    except UndefinedError as error:
        raise UndecidedError("no_value") from error


def _relation_changes(node: Op, letter: str) -> list[mpmath.mpf]:
    left, right = node.args
    if _infinity(left) or _infinity(right):
        return []
    if left == Sym(letter) and letter not in free_symbols(right):
        return [_end(right, letter)]
    return _zeros(Op("sub", (left, right)), letter)


def _zeros(node: Node, letter: str, depth: int = 0) -> list[mpmath.mpf]:
    """Roots and poles of one expression; absolute values are opened into both signs."""
    if letter not in free_symbols(node):
        return []
    ratio = ratio_of(node, letter)
    if ratio is not None:
        return [*real_roots(trim(ratio[0])), *real_roots(trim(ratio[1]))]
    inner = _find_abs(node)
    if inner is None:
        return [*_edges(node, letter, depth), *_scanned(node, letter)]
    if depth >= _MAX_ABS:
        raise UndecidedError("too_many_branches")
    plus, minus = (_replace(node, inner, value) for value in (inner.args[0], Op("neg", inner.args)))
    return [
        *_zeros(inner.args[0], letter, depth + 1),
        *_zeros(plus, letter, depth + 1),
        *_zeros(minus, letter, depth + 1),
    ]


def _edges(node: Node, letter: str, depth: int) -> list[mpmath.mpf]:
    """Where what stands under roots and logarithms changes its sign."""
    if not isinstance(node, Op) or depth >= _MAX_ABS:
        return []
    own = _zeros(node.args[0], letter, depth + 1) if node.head in {"sqrt", "root", "ln", "log_base"} else []
    return own + [place for arg in node.args for place in _edges(arg, letter, depth + 1)]


def _find_abs(node: Node) -> Op | None:
    if not isinstance(node, Op):
        return None
    if node.head == "abs" and "abs" not in heads(node.args[0]):
        return node
    return next((found for arg in node.args if (found := _find_abs(arg)) is not None), None)


def _replace(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    return (
        Op(node.head, tuple(_replace(arg, old, new) for arg in node.args)) if isinstance(node, Op) else node
    )


def _scanned(node: Node, letter: str) -> list[mpmath.mpf]:
    """Sign changes and edges of the domain on a wide grid, each narrowed by bisection."""
    grid = [_grid_point(i) for i in range(_SCAN + 1)]
    signs = [_fast_sign(node, x, letter) for x in grid]
    found = []
    for a, b, sa, sb in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if sa == 0:
            found.append(_mpf(a))
        elif sb not in (sa, 0):
            found.append(_bisect(node, letter, a, b, sa))
    return found


def _grid_point(i: int) -> Fraction:
    """From -60 to 60, denser near zero, exact so that whole numbers are hit."""
    t = Fraction(2 * i - _SCAN, _SCAN)
    return 60 * t**3 + t


def _fast_sign(node: Node, x: Fraction, letter: str) -> int | None:
    try:
        value = Evaluator({letter: float(x)}, real=True, precise=False)(node)
    except UndefinedError:
        return None
    size = float(abs(value))
    return 0 if size < 1e-13 else (1 if value.real > 0 else -1)


def _bisect(node: Node, letter: str, a: Fraction, b: Fraction, sign: int | None) -> mpmath.mpf:
    low, high = _mpf(a), _mpf(b)
    for _ in range(int(mpmath.mp.dps * 3.4) + 12):
        middle = (low + high) / 2
        try:
            value = _at(node, middle, letter)
            here: int | None = (value > 0) - (value < 0)
        except UndefinedError:
            here = None
        if here == 0:
            return middle
        if here == sign:
            low = middle
        else:
            high = middle
    return _snapped((low + high) / 2)


def _snapped(place: mpmath.mpf) -> mpmath.mpf:
    """The simple fraction next to a place found by bisection, when it is that close."""
    simple = mpmath.nint(place * 5040) / 5040
    return simple if abs(simple - place) < mpmath.mpf(10) ** -(mpmath.mp.dps * 3 // 4) else place


def _mpf(value: Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator


def flipped(node: Op) -> Op:
    """The same relation read from the other side."""
    return Op(FLIP[node.head], (node.args[1], node.args[0]))


def is_order(node: Node) -> bool:
    """Whether ``node`` is one inequality."""
    return isinstance(node, Op) and node.head in ORDER
