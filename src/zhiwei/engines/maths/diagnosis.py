"""Why two values differ: the usual slips, each tested, never guessed."""

from __future__ import annotations

import math
from fractions import Fraction

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.modular import exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, free_symbols, number, substitute, walk
from zhiwei.engines.maths.numeric import Evaluator, UndefinedError
from zhiwei.engines.maths.scalars import same_value


def diagnose(student: Node, reference: Node) -> str:
    """The code of the slip that leads from ``reference`` to ``student``, or ``different``."""
    letters, wanted = free_symbols(student), free_symbols(reference)
    if letters != wanted and {name.lower() for name in letters} == {name.lower() for name in wanted}:
        return "letter_case"
    if letters and wanted and not letters & wanted:
        return "other_letters"
    try:
        return _slip(student, reference)
    except UndecidedError:
        return "different"


def _slip(student: Node, reference: Node) -> str:
    if same_value(Op("neg", (student,)), reference).same:
        return "sign_error"
    if not free_symbols(reference) and not free_symbols(student):
        return _number_slip(student, reference)
    if same_value(Op("mul", (student, reference)), number(1)).same:
        return "reciprocal"
    return _constant_slip(student, reference)


def _constant_slip(student: Node, reference: Node) -> str:
    """One constant added or multiplied: the difference or the quotient is the same at two places."""
    names = sorted(free_symbols(student) | free_symbols(reference))
    places = [
        {name: number(Fraction(3 + k + 2 * turn, 2 + turn)) for k, name in enumerate(names)}
        for turn in (0, 1)
    ]
    here = [(substitute(student, dict(place)), substitute(reference, dict(place))) for place in places]
    if (
        same_value(Op("sub", here[0]), Op("sub", here[1])).same
        and same_value(Op("sub", (student, reference)), Op("sub", here[0])).same
    ):
        return "wrong_constant"
    if same_value(Op("mul", (student, here[0][1])), Op("mul", (reference, here[0][0]))).same:
        return "wrong_factor"
    return "different"


def _number_slip(student: Node, reference: Node) -> str:
    a, b = _float(student), _float(reference)
    if a is None or b is None or a == 0 or b == 0:
        return "different"
    if abs(a * b - 1) < 1e-12 and abs(a) != 1:
        return "reciprocal"
    tens = math.log10(abs(a / b)) if math.isfinite(a / b) and a / b != 0 else 0.5
    if a / b > 0 and abs(tens - round(tens)) < 1e-12 and round(tens) != 0:
        return "power_of_ten"
    if _rounded(student, a, b, reference):
        return "decimal_not_exact"
    return "different"


def _rounded(student: Node, a: float, b: float, reference: Node) -> bool:
    decimals = [item for item in walk(student) if isinstance(item, Num) and item.decimal]
    if not decimals or (
        exact(reference) is not None and any(isinstance(x, Num) and x.decimal for x in walk(reference))
    ):
        return False
    finest = max(item.value.denominator for item in decimals)
    return abs(a - b) <= 1.0 / min(finest, 10**300)


def _float(node: Node) -> float | None:
    try:
        value = Evaluator({}, real=True, precise=False)(node)
    except UndefinedError:
        return None
    return float(value.real)


def only_letter(*nodes: Node) -> str | None:
    """The one variable of the trees, x when there are several and x is among them, None when there is
    none."""
    names = frozenset().union(*map(free_symbols, nodes))
    names = frozenset(name for name in names if name != "R")
    if len(names) == 1:
        return next(iter(names))
    return "x" if "x" in names else (sorted(names)[0] if names else None)


def is_reals(node: Node) -> bool:
    """``R`` alone means the real numbers."""
    return node in (Sym("ℝ"), Sym("R"))
