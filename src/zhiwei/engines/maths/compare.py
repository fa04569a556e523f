"""Equality of two settled trees of any kind."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.engines.maths.conditions import agree, letters_of, outer, same_inequality, set_slip
from zhiwei.engines.maths.diagnosis import diagnose, is_reals, only_letter
from zhiwei.engines.maths.equations import constant_truth, same_equation
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.gaps import same_gaps, same_gaps_stated
from zhiwei.engines.maths.logic import boolean, truth_table
from zhiwei.engines.maths.nodes import (
    INTERVALS,
    ORDER,
    Node,
    Op,
    Sym,
    free_symbols,
    heads,
)
from zhiwei.engines.maths.realsets import is_order
from zhiwei.engines.maths.scalars import same_value
from zhiwei.engines.maths.shapes import kind_of, last_member, plain_values, point_of, solutions, solved
from zhiwei.engines.maths.systems import same_system

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
    if boolean(student) and boolean(reference):
        return truth_table(student, reference)
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
        and plain_values(reference)
    ):
        return unordered(mine[1], reference.args)
    if theirs is not None and mine is None:
        values = (
            student.args
            if isinstance(student, Op) and student.head in {"set", "items"} and plain_values(student)
            else None
        )
        return unordered(values, theirs[1]) if values is not None and len(theirs[1]) > 1 else None
    if mine is None or theirs is None:
        return None
    if mine[0] != theirs[0]:
        return None if free_symbols(student) == free_symbols(reference) else "other_letters"
    if len(mine[1]) == len(theirs[1]) == 1:
        found = scalars(mine[1][0], theirs[1][0])
        return "domain" if found == "equal" and not same_gaps(mine[1][0], theirs[1][0]) else found
    return unordered(mine[1], theirs[1])


def _conditions(student: Node, reference: Node) -> str:
    """Inequalities, intervals and sets: the same real numbers, whatever the notation."""
    if _same_ends(student, reference):
        return "equal"
    if _all_listed(student, reference):
        return _listed(student, reference)
    letters = letters_of(student), letters_of(reference)
    if letters[0] and letters[1] and letters[0] != letters[1]:
        return "other_letters"
    letter = only_letter(outer(student), outer(reference)) or "x"
    others = sorted((free_symbols(student) | free_symbols(reference)) - {letter})
    if others and (_compound(student) or _compound(reference)):
        return _part_by_part(student, reference)
    if others and is_order(student) and is_order(reference):
        return "equal" if same_inequality(student, reference) else "different"
    if agree(student, reference, letter, others):
        return "equal"
    return set_slip(student, reference, letter, others, _same)


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


def _all_listed(student: Node, reference: Node) -> bool:
    return all(isinstance(node, Op) and node.head == "set" for node in (student, reference))


def _listed(student: Node, reference: Node) -> str:
    if not (isinstance(student, Op) and isinstance(reference, Op)):
        return "different"
    return unordered(student.args, reference.args)


def _statements(student: Node, reference: Node) -> str:
    """Equations, choices and systems of equations."""
    words = {node.head if isinstance(node, Op) else "" for node in (student, reference)}
    if boolean(student) or boolean(reference):
        return truth_table(student, reference)
    if "and" in words:
        return same_system(student, reference)
    if words <= {"=", "or", ""}:
        if same_equation(student, reference):
            return "equal" if same_gaps_stated(student, reference) else "domain"
        return _equation_slip(student, reference)
    return "different"


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
    """Kinds that may stand for each other: a point for the solution of a system, a point and an open interval,
    ratio and quotient."""
    values = point_of(reference)
    if mine == "tuple" and values is not None and isinstance(student, Op):
        return ordered(student.args, values)
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
