"""Conditions on one letter: which letter, whether two say the same, and how they differ."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from zhiwei.engines.maths.nodes import INTERVALS, ORDER, Node, Op, Sym, free_symbols, number, substitute
from zhiwei.engines.maths.realsets import flipped, same_set
from zhiwei.engines.maths.scalars import same_value

_TRIALS = 8


def same_inequality(student: Node, reference: Node) -> bool:
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


def letters_of(node: Node) -> frozenset[str]:
    """Variables of conditions; letters bound by {x | …} do not count, nor does x in x ∈ S."""
    if isinstance(node, Op) and node.head in {"setof"}:
        return frozenset()
    if isinstance(node, Op) and node.head == "in":
        return letters_of(node.args[1])
    if isinstance(node, Op) and node.head in {"union", "intersect", "setminus", "set", *INTERVALS}:
        return frozenset().union(*map(letters_of, node.args))
    return free_symbols(node)


def outer(node: Node) -> Node:
    """The letter a set builder binds, else the node."""
    if isinstance(node, Op) and node.head == "setof" and isinstance(node.args[0], Sym):
        return node.args[0]
    return node


def agree(student: Node, reference: Node, letter: str, others: Sequence[str]) -> bool:
    """Whether both hold for the same values of ``letter``, the other letters fixed at random."""
    rng = random.Random(1_299_709)  # noqa: S311
    for _ in range(_TRIALS if others else 1):
        fixed: dict[str, Node] = {
            name: number(Fraction(rng.choice([-1, 1]) * rng.randrange(100, 900), 97)) for name in others
        }
        if not same_set(substitute(student, fixed), substitute(reference, fixed), letter):
            return False
    return True


def set_slip(
    student: Node, reference: Node, letter: str, others: Sequence[str], same: Callable[[Node, Node], bool]
) -> str:
    """Reason code for two sets that differ; ``same`` compares end points."""
    if not (isinstance(student, Op) and isinstance(reference, Op)):
        return "different"
    if student.head in ORDER and reference.head in ORDER:
        turned = Op(flipped(student).head, student.args)
        if agree(turned, reference, letter, others):
            return "backwards"
        loose = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
        if agree(Op(loose[student.head], student.args), reference, letter, others):
            return "strictness"
    if student.head in INTERVALS and reference.head in INTERVALS:
        if all(same(a, b) for a, b in zip(student.args, reference.args, strict=False)):
            return "end_points"
        if same(student.args[0], reference.args[1]) and same(student.args[1], reference.args[0]):
            return "swapped"
    return "different"
