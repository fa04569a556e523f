"""Equality of two settled trees of any kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from zhiwei.engines.maths.diagnosis import diagnose, is_reals, only_letter
from zhiwei.engines.maths.equations import constant_truth, same_equation
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import (
    INTERVALS,
    ORDER,
    Node,
    Op,
    Sym,
    free_symbols,
    heads,
    number,
    substitute,
)
from zhiwei.engines.maths.realsets import flipped, is_order, same_set
from zhiwei.engines.maths.scalars import same_value
from zhiwei.engines.maths.shapes import kind_of, last_member, solutions, solved
from zhiwei.engines.maths.systems import same_system

_TRIALS = 8
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
_CONDITIONS = frozenset({"inequality", "logic", "set", "truth"})


def compare(student: Node, reference: Node) -> str:
    """Reason code; ``equal`` when both mean the same.

    Raises:
        UndecidedError: the limits were reached first.
    """
    if student == reference and kind_of(student) not in {"scalar", "equation"}:
        return "equal"
    student, reference = _reals(student, reference), _reals(reference, student)
    mine, theirs = kind_of(student), kind_of(reference)
    if theirs in {"scalar", "items"}:
        return _against_value(student, reference, mine, theirs)
    if mine == "items" and theirs == "set":
        return _items_against_set(student, reference)
    both = _solution_lists(student, reference)
    if both is not None:
        return both
    if _boolean(student) and _boolean(reference):
        return _truth_table(student, reference)
    if {mine, theirs} <= {"equation", "logic", "truth"} and not _has_order(student, reference):
        return _statements(student, reference)
    if {mine, theirs} == {"inequality", "equation"} and not (
        free_symbols(student) and free_symbols(reference)
    ):
        return "different_kind"
    if {mine, theirs} <= _CONDITIONS | {"equation"}:
        return _conditions(student, reference)
    return _collections(student, reference, mine, theirs)


def _has_order(*nodes: Node) -> bool:
    """Whether an inequality or a set of numbers is among the parts."""
    return any(heads(node) & (ORDER | {"!=", "in", "not"} | INTERVALS.keys()) for node in nodes)


def _reals(node: Node, other: Node) -> Node:
    """``R`` facing a set or condition means the real numbers."""
    if is_reals(node) and kind_of(other) in _CONDITIONS | {"tuple"}:
        return Sym("ℝ")
    if isinstance(node, Op) and node.head == "in" and is_reals(node.args[1]):
        return Sym("ℝ")
    return node


def _against_value(student: Node, reference: Node, mine: str, theirs: str) -> str:
    """The reference is one value or a plain list of values; ``x =`` in front is not held against the
    pupil."""
    if mine == "chain":
        student, parts = last_member(student)
        if not all(_plain_truth(part) for part in parts):
            return "inconsistent"
        mine = kind_of(student)
    if mine == "equation" and theirs == "scalar":
        named = solved(student)
        if named is None or named[0] in free_symbols(reference):
            return "different_kind"
        student, mine = named[1], "scalar"
    if mine == "scalar" and theirs == "scalar":
        return scalars(student, reference)
    listed = solutions(student) if mine in {"logic", "equation"} else None
    if theirs == "items":
        values = (
            listed[1]
            if listed
            else student.args
            if mine in {"items", "set"} and isinstance(student, Op)
            else None
        )
        if values is None and mine == "scalar":
            values = (student,)
        if (
            values is not None
            and isinstance(reference, Op)
            and not (mine == "set" and not _is_listed(student))
        ):
            return unordered(values, reference.args)
        return "different_kind"
    if mine == "items" and isinstance(student, Op):
        return "extra_root" if any(_same(value, reference) for value in student.args) else "wrong_size"
    return "different_kind"


def _is_listed(node: Node) -> bool:
    return isinstance(node, Op) and node.head == "set"


def _items_against_set(student: Node, reference: Node) -> str:
    if isinstance(student, Op) and isinstance(reference, Op) and reference.head == "set":
        return unordered(student.args, reference.args)
    if isinstance(student, Op) and all(kind_of(part) == "set" for part in student.args):
        return _conditions(Op("union", student.args), reference)
    return "different_kind"


def _plain_truth(part: Node) -> bool:
    return bool(free_symbols(part)) or constant_truth(part) is True


def scalars(student: Node, reference: Node) -> str:
    """Compare two expressions and name the slip."""
    result = same_value(student, reference)
    if result.same:
        return "equal"
    if result.why != "value":
        return result.why
    return diagnose(student, reference)


def _same(a: Node, b: Node) -> bool:
    try:
        return compare(a, b) == "equal"
    except UndecidedError:
        return False


def unordered(mine: Sequence[Node], theirs: Sequence[Node]) -> str:
    """Compare two collections as sets; repeated entries count once."""
    found = [any(_same(a, b) for a in mine) for b in theirs]
    right = [any(_same(a, b) for b in theirs) for a in mine]
    if all(found) and all(right):
        return "equal"
    if all(right):
        opposite = any(_negated(a, b) for a in mine for b, hit in zip(theirs, found, strict=True) if not hit)
        return "missing_case" if opposite else "lost_solution"
    if all(found):
        return "extra_root"
    if len(mine) == len(theirs) and all(any(_negated(a, b) for b in theirs) for a in mine):
        return "sign_error"
    return "wrong_solution"


def _negated(a: Node, b: Node) -> bool:
    return kind_of(a) == kind_of(b) == "scalar" and _same(Op("neg", (a,)), b)


def _solution_lists(student: Node, reference: Node) -> str | None:
    """``x=1 or x=2`` against ``x=2, x=1`` or ``{1, 2}``."""
    mine, theirs = solutions(student), solutions(reference)
    if (
        theirs is None
        and isinstance(reference, Op)
        and reference.head == "set"
        and mine is not None
        and _plain(reference)
    ):
        return unordered(mine[1], reference.args)
    if theirs is not None and mine is None:
        values = (
            student.args
            if isinstance(student, Op) and student.head in {"set", "items"} and _plain(student)
            else None
        )
        return unordered(values, theirs[1]) if values is not None and len(theirs[1]) > 1 else None
    if mine is None or theirs is None:
        return None
    if mine[0] != theirs[0]:
        return None if free_symbols(student) == free_symbols(reference) else "other_letters"
    if len(mine[1]) == len(theirs[1]) == 1:
        return scalars(mine[1][0], theirs[1][0])
    return unordered(mine[1], theirs[1])


def _plain(node: Op) -> bool:
    return all(kind_of(arg) == "scalar" for arg in node.args)


def _conditions(student: Node, reference: Node) -> str:
    """Inequalities, intervals and sets: the same real numbers, whatever the notation."""
    if _same_ends(student, reference):
        return "equal"
    if _all_listed(student, reference):
        return _listed(student, reference)
    letters = _letters(student), _letters(reference)
    if letters[0] and letters[1] and letters[0] != letters[1]:
        return "other_letters"
    letter = only_letter(_outer(student), _outer(reference)) or "x"
    others = sorted((free_symbols(student) | free_symbols(reference)) - {letter})
    if others and (_compound(student) or _compound(reference)):
        return _part_by_part(student, reference)
    if others and is_order(student) and is_order(reference):
        return "equal" if _same_inequality(student, reference) else "different"
    if _agree(student, reference, letter, others):
        return "equal"
    return _set_slip(student, reference, letter, others)


def _same_inequality(student: Node, reference: Node) -> bool:
    """Several letters: both say f < 0 (or both f ≤ 0) for the same f up to a positive constant factor."""
    if not (isinstance(student, Op) and isinstance(reference, Op)):
        return False
    first, second = (node if node.head in {"<", "<="} else flipped(node) for node in (student, reference))
    if first.head != second.head:
        return False
    f, g = Op("sub", first.args), Op("sub", second.args)
    names = sorted(free_symbols(f) | free_symbols(g))
    place: dict[str, Node] = {name: number(Fraction(17 + 4 * k, 7 + k)) for k, name in enumerate(names)}
    at_f, at_g = substitute(f, place), substitute(g, place)
    if not same_set(Op("<", (number(0), Op("mul", (at_f, at_g)))), Sym("true"), "x"):
        return False
    return same_value(Op("mul", (f, at_g)), Op("mul", (g, at_f))).same


def _compound(node: Node) -> bool:
    """Several conditions joined: with several letters these are never decided by sampling."""
    return bool(heads(node) & {"and", "or", "not", "chain", "=", "!="})


def _part_by_part(student: Node, reference: Node) -> str:
    """Conditions on several letters: the same parts in any order."""
    if not (isinstance(student, Op) and isinstance(reference, Op)) or student.head != reference.head:
        raise UndecidedError("several_letters")
    if student.head not in {"and", "or"}:
        raise UndecidedError("several_letters")
    return unordered(student.args, reference.args)


def _same_ends(student: Node, reference: Node) -> bool:
    """Two intervals of the same kind with equal end points, which may hold letters."""
    if not (isinstance(student, Op) and isinstance(reference, Op)) or student.head not in INTERVALS:
        return False
    return student.head == reference.head and all(map(_same, student.args, reference.args))


def _letters(node: Node) -> frozenset[str]:
    """Variables of conditions; letters bound by {x | …} do not count, nor does x in x ∈ S."""
    if isinstance(node, Op) and node.head in {"setof"}:
        return frozenset()
    if isinstance(node, Op) and node.head == "in":
        return _letters(node.args[1])
    if isinstance(node, Op) and node.head in {"union", "intersect", "setminus", "set", *INTERVALS}:
        return frozenset().union(*map(_letters, node.args))
    return free_symbols(node)


def _outer(node: Node) -> Node:
    if isinstance(node, Op) and node.head == "setof" and isinstance(node.args[0], Sym):
        return node.args[0]
    return node


def _agree(student: Node, reference: Node, letter: str, others: Sequence[str]) -> bool:
    rng = random.Random(1_299_709)  # noqa: S311
    for _ in range(_TRIALS if others else 1):
        fixed: dict[str, Node] = {
            name: number(Fraction(rng.choice([-1, 1]) * rng.randrange(100, 900), 97)) for name in others
        }
        if not same_set(substitute(student, fixed), substitute(reference, fixed), letter):
            return False
    return True


def _all_listed(student: Node, reference: Node) -> bool:
    return all(isinstance(node, Op) and node.head == "set" for node in (student, reference))


def _listed(student: Node, reference: Node) -> str:
    if not (isinstance(student, Op) and isinstance(reference, Op)):
        return "different"
    return unordered(student.args, reference.args)


def _set_slip(student: Node, reference: Node, letter: str, others: Sequence[str]) -> str:
    if not (isinstance(student, Op) and isinstance(reference, Op)):
        return "different"
    if student.head in ORDER and reference.head in ORDER:
        turned = Op(flipped(student).head, student.args)
        if _agree(turned, reference, letter, others):
            return "backwards"
        loose = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
        if _agree(Op(loose[student.head], student.args), reference, letter, others):
            return "strictness"
    if student.head in INTERVALS and reference.head in INTERVALS:
        if all(_same(a, b) for a, b in zip(student.args, reference.args, strict=False)):
            return "end_points"
        if _same(student.args[0], reference.args[1]) and _same(student.args[1], reference.args[0]):
            return "swapped"
    return "different"


def _statements(student: Node, reference: Node) -> str:
    """Equations, choices and systems of equations."""
    words = {node.head if isinstance(node, Op) else "" for node in (student, reference)}
    if _boolean(student) or _boolean(reference):
        return _truth_table(student, reference)
    if "and" in words:
        return same_system(student, reference)
    if words <= {"=", "or", ""}:
        if same_equation(student, reference):
            return "equal"
        return _equation_slip(student, reference)
    return "different"


def _boolean(node: Node) -> bool:
    """Logic over bare letters."""
    if isinstance(node, Op) and node.head in _TABLE:
        return all(isinstance(arg, Sym) or _boolean(arg) for arg in node.args)
    return False


def _truth_table(student: Node, reference: Node) -> str:
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


def _equation_slip(student: Node, reference: Node) -> str:
    if isinstance(student, Op) and isinstance(reference, Op) and student.head == reference.head == "=":
        negated = Op("=", (student.args[0], Op("neg", (student.args[1],))))
        if same_equation(negated, reference):
            return "sign_error"
    if free_symbols(student) != free_symbols(reference):
        return diagnose(student, reference) if free_symbols(student) else "different"
    return "different"


def _collections(student: Node, reference: Node, mine: str, theirs: str) -> str:
    if mine == "scalar" and theirs == "equation":
        return "not_equation"
    if mine != theirs or not (isinstance(student, Op) and isinstance(reference, Op)):
        return _across(student, reference, mine, theirs)
    if mine == "time":
        return "equal" if student == reference else "different"
    if mine == "ratio":
        return scalars(Op("div", student.args), Op("div", reference.args))
    if mine == "chain":
        return ordered(list(student.args), list(reference.args))
    if mine in {"tuple", "list"}:
        return ordered(student.args, reference.args)
    if mine == "matrix":
        return _matrices(student, reference)
    if mine in {"function", "relation", "piecewise"}:
        return ordered(_cases(student), _cases(reference))
    return "different_kind"


def _cases(node: Op) -> list[Node]:
    return [
        part
        for arg in node.args
        for part in (arg.args if isinstance(arg, Op) and arg.head == "case" else (arg,))
    ]


def _across(student: Node, reference: Node, mine: str, theirs: str) -> str:
    """Kinds that may stand for each other: a point and an open interval, ratio and quotient."""
    if {mine, theirs} == {"tuple", "set"} and isinstance(student, Op) and isinstance(reference, Op):
        point, other = (student, reference) if mine == "tuple" else (reference, student)
        if len(point.args) == 2 and other.head != "set":
            interval = Op("interval_oo", point.args)
            return _conditions(interval, other) if mine == "tuple" else _conditions(other, interval)
    if {mine, theirs} == {"list", "set"} and isinstance(student, Op) and isinstance(reference, Op):
        point, other = (student, reference) if mine == "list" else (reference, student)
        if len(point.args) == 2 and other.head not in {"set", "setof"}:
            interval = Op("interval_cc", point.args)
            return _conditions(interval, other) if mine == "list" else _conditions(other, interval)
    if {mine, theirs} <= {"tuple", "list", "inequality", "logic"} and mine != theirs:
        return _interval_and_condition(student, reference)
    return "different_kind"


def _interval_and_condition(student: Node, reference: Node) -> str:
    brackets = {"tuple": "interval_oo", "list": "interval_cc"}
    turned = [
        Op(brackets[n.head], n.args) if isinstance(n, Op) and n.head in brackets and len(n.args) == 2 else n
        for n in (student, reference)
    ]
    condition = next(
        (node for node in (student, reference) if kind_of(node) in {"inequality", "logic"}), None
    )
    if (
        any(kind_of(node) not in _CONDITIONS for node in turned)
        or condition is None
        or not heads(condition) & ORDER
    ):
        return "different_kind"
    return _conditions(turned[0], turned[1])


def ordered(mine: Sequence[Node], theirs: Sequence[Node]) -> str:
    """Compare two sequences entry by entry."""
    if len(mine) != len(theirs):
        return "wrong_size"
    if all(_same(a, b) for a, b in zip(mine, theirs, strict=True)):
        return "equal"
    if unordered(mine, theirs) == "equal":
        return "swapped"
    if all(_negated(a, b) for a, b in zip(mine, theirs, strict=True)):
        return "sign_error"
    return "wrong_entry"


def _matrices(student: Op, reference: Op) -> str:
    mine, theirs = ([row.args for row in node.args if isinstance(row, Op)] for node in (student, reference))
    if [len(row) for row in mine] != [len(row) for row in theirs]:
        return "wrong_size"
    flat = [[entry for row in rows for entry in row] for rows in (mine, theirs)]
    return "equal" if all(_same(a, b) for a, b in zip(*flat, strict=True)) else "wrong_entry"
