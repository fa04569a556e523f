"""Antiderivatives: the same up to a constant, with the constant written."""

from __future__ import annotations

from fractions import Fraction

from zhiwei.engines.maths.diagnosis import diagnose
from zhiwei.engines.maths.nodes import Node, Op, Sym, free_symbols, heads, number, substitute
from zhiwei.engines.maths.scalars import same_value

_CONSTANT_LETTERS = frozenset({"c", "C", "k", "K", "c_1", "C_1", "c1", "C1", "D", "A"})


def same_up_to_constant(student: Node, reference: Node, letter: str, *, constant_needed: bool = True) -> str:
    """Reason code for two antiderivatives in ``letter``."""
    plain = _without_constant(reference, letter)
    added = sorted(free_symbols(student) - free_symbols(plain) - {letter})
    if not _same_shifted(student, plain, letter) or not _same_shifted(
        substitute(student, {name: number(1) for name in added}), plain, letter
    ):
        return _slip(student, plain, letter, added)
    if not added:
        return "missing_constant" if constant_needed else "equal"
    if len(added) > 1 or not _free_constant(student, added[0]):
        return "wrong_constant"
    return "equal"


def _same_shifted(student: Node, plain: Node, letter: str) -> bool:
    """Whether they differ by what does not depend on the letter; ln x is not ln|x|, which shows without constants."""
    shift = substitute(Op("sub", (student, plain)), {letter: number(Fraction(29, 17))})
    return same_value(student, Op("add", (plain, shift))).same


def _slip(student: Node, plain: Node, letter: str, added: list[str]) -> str:
    bare = (
        substitute(student, {name: number(0) for name in added})
        if len(added) == 1 and "div" not in heads(student)
        else student
    )
    code = diagnose(bare, plain)
    return code if code != "wrong_constant" else "different"


def _without_constant(reference: Node, letter: str) -> Node:
    letters = (free_symbols(reference) & _CONSTANT_LETTERS) - {letter}
    for name in sorted(letters):
        if _linear_in(reference, name):
            return substitute(reference, {name: number(0)})
        if "ln" in heads(reference):
            return substitute(reference, {name: number(1)})
    return reference


def _linear_in(node: Node, name: str) -> bool:
    """Adding the letter: steps of one change the value by the same non-zero number everywhere."""
    values = [substitute(node, {name: number(k)}) for k in (1, 2, 3)]
    first, second = Op("sub", (values[1], values[0])), Op("sub", (values[2], values[1]))
    fixed = substitute(first, {other: number(Fraction(31, 19)) for other in free_symbols(first)})
    return _agree(first, second) and _agree(first, fixed) and not same_value(fixed, number(0)).same


def _free_constant(node: Node, name: str) -> bool:
    """An added letter, or one inside a logarithm (ln(kx) = ln k + ln x)."""
    if _linear_in(node, name):
        return True
    return (
        "ln" in heads(node)
        and not same_value(node, substitute(node, {name: number(1)})).same
        and _log_only(node, name)
    )


def _log_only(node: Node, name: str) -> bool:
    """Whether the letter occurs only as a factor of a logarithm's argument."""
    doubled = substitute(node, {name: Op("mul", (number(2), Sym(name)))})
    shift = Op("sub", (doubled, node))
    fixed = substitute(shift, {other: number(Fraction(31, 19)) for other in free_symbols(shift)})
    return _agree(shift, fixed)


def _agree(one: Node, other: Node) -> bool:
    """Equal wherever both have a value (ln 2x - ln x is a constant, though it needs a positive x)."""
    found = same_value(one, other)
    return found.same or found.why == "domain"
