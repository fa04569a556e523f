"""Whether two expressions are the same function or the same number.

Order of evidence: same tree; prime-field values when both are rational (certain both ways); real
sampling, which
refuses quickly and checks the domain; many-digit values at two points at two precisions, which alone
may accept.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import mpmath

from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.modular import PRIME, NotRationalError, evaluate
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, free_symbols, heads, walk
from zhiwei.engines.maths.numeric import Evaluator, UndefinedError, Value

_DIGITS = 50
_FAST_TOLERANCE = 1e-8
_POSITIVE_POINTS = 6
_MIXED_POINTS = 10
_ROUNDS = 3
_LOOK_AGAIN = 1e-2
_MAX_STEEPNESS = 2_000


@dataclass(frozen=True, slots=True)
class Sameness:
    """``same`` and, when not, ``why``: ``value``, ``domain`` or ``undefined``."""

    same: bool
    why: str = ""


SAME = Sameness(True)


def same_value(left: Node, right: Node) -> Sameness:
    """Decide whether two scalar expressions agree wherever both are defined, on the same domain.

    Single points (a removable gap such as x = -1 in (x²-1)/(x+1)) do not count as a different domain;
    intervals do.
    With several letters these are read as positive parameters for the domain question only.

    Raises:
        UndecidedError: no point was found where both have a value.
    """
    rational = _rational(left, right)
    if rational is not None:
        return rational
    if _infinite(left) or _infinite(right):
        return Sameness(_infinite(left) == _infinite(right) != 0, "value")
    return _sampled(left, right)


def _infinite(node: Node) -> int:
    if isinstance(node, Sym) and node.name == "inf":
        return 1
    if isinstance(node, Op) and node.head == "neg":
        return -_infinite(node.args[0])
    return 0


def _rational(left: Node, right: Node) -> Sameness | None:
    names = sorted(free_symbols(left) | free_symbols(right))
    rng = random.Random(20_231)  # noqa: S311
    try:
        for _ in range(2):
            point = {name: rng.randrange(PRIME) for name in names}
            top, bottom = evaluate(left, point)
            other_top, other_bottom = evaluate(right, point)
            if bottom == 0 or other_bottom == 0:
                return Sameness(False, "undefined")
            if (top * other_bottom - other_top * bottom) % PRIME:
                return Sameness(False, "value")
    except NotRationalError:
        return None
    return SAME


def whole_letters(*nodes: Node) -> frozenset[str]:
    """Letters that stand for whole numbers: under a factorial, in a binomial, as the power of a
    negative number,
    as a bound of a sum."""
    found: set[str] = set()
    for node in nodes:
        for item in walk(node):
            if not isinstance(item, Op):
                continue
            if item.head in {"factorial", "binomial"}:
                found |= free_symbols(item)
            elif item.head in {"sum", "product"}:
                found |= free_symbols(item.args[3]) | free_symbols(item.args[2])
            elif item.head == "pow" and _negative_base(item.args[0]):
                found |= free_symbols(item.args[1])
            elif item.head in {"sin", "cos", "tan"} and isinstance(item.args[0], Op):
                found |= free_symbols(item.args[0]) & {"n", "k", "m"} if _has_pi(item.args[0]) else set()
    return frozenset(found)


def _has_pi(node: Node) -> bool:
    return any(item == Sym("pi") for item in walk(node))


def _negative_base(node: Node) -> bool:
    return isinstance(node, Op) and node.head == "neg" and not isinstance(node.args[0], Sym)


def _points(
    names: list[str], whole: frozenset[str], rng: random.Random
) -> tuple[list[dict[str, Fraction]], int]:
    """Sampling points: first those in the positive orthant (their number is returned), then mixed signs."""
    positive = [
        {name: _positive(rng, name in whole, scale) for name in names}
        for scale in (1, 1, 3, 3, 12, 40)[:_POSITIVE_POINTS]
    ]
    mixed = []
    for turn in range(_MIXED_POINTS):
        sign = [-1, 1]
        mixed.append({
            name: _positive(rng, name in whole, 3) * (1 if name in whole else rng.choice(sign)) if turn
            % 3 else
            Fraction(rng.choice([-3, -2, -1, 1, 2, 3]), 1 if name in whole else rng.choice([1, 1, 2]))
            * (-1 if turn == 0 and name not in whole else 1)
            for name in names
        })  # fmt: skip
        for name in whole & set(names):
            mixed[-1][name] = abs(mixed[-1][name])
    return positive + mixed, len(positive)


def _power_points(names: list[str], rng: random.Random, *nodes: Node) -> list[dict[str, Fraction]]:
    """Small whole and half numbers of both signs, where powers with letters in the exponent come apart."""
    steep = any(
        isinstance(item, Op) and item.head == "pow" and free_symbols(item.args[1])
        for node in nodes
        for item in walk(node)
    )
    choices = [Fraction(n, d) for n, d in ((-2, 1), (2, 1), (1, 2), (-1, 1), (3, 1), (4, 1), (-3, 1), (3, 2))]
    return [{name: rng.choice(choices) for name in names} for _ in range(40 if steep else 0)]


def _positive(rng: random.Random, whole: bool, scale: int) -> Fraction:
    if whole:
        return Fraction(rng.randrange(2, 9))
    return Fraction(rng.randrange(1_000, 10_000), 4_999) * scale


def _sampled(left: Node, right: Node) -> Sameness:
    names = sorted(free_symbols(left) | free_symbols(right))
    whole = whole_letters(left, right)
    rng = random.Random(7_919)  # noqa: S311
    points, positive = _points(names, whole, rng) if names else ([{}], 1)
    if names and not whole:
        points = points + _power_points(names, rng, left, right)
    imaginary = any(item == Sym("i") for node in (left, right) for item in walk(node))
    domain_points = 0 if whole else positive if len(names) > 1 else len(points)
    good = [] if imaginary else _real_pass(left, right, points, domain_points)
    if isinstance(good, Sameness):
        return good
    if good:
        return _decide(left, right, _spread(good), real=True)
    agreeing = _complex_pass(left, right, points)
    if isinstance(agreeing, Sameness):
        return agreeing
    if not agreeing:
        raise UndecidedError("no_value")
    return _decide(left, right, _spread(agreeing), real=False)


def _spread(points: list[dict[str, Fraction]]) -> list[dict[str, Fraction]]:
    return points if len(points) <= _ROUNDS else [points[0], points[len(points) // 2], points[-1]]


def _real_pass(
    left: Node, right: Node, points: list[dict[str, Fraction]], domain_points: int
) -> list[dict[str, Fraction]] | Sameness:
    good: list[dict[str, Fraction]] = []
    mismatches = 0
    for index, point in enumerate(points):
        values = [_value(node, point, real=True) for node in (left, right)]
        if values[0] is None or values[1] is None:
            mismatches += index < domain_points and values[0] is not values[1] and _ordinary(point)
            continue
        if not _agree(left, right, point, values[0], values[1], real=True):
            return Sameness(False, "value")
        good.append(point)
    if mismatches and good:
        return Sameness(False, "domain")
    if mismatches:
        undefined = all(_value(left, p, real=True) is None for p in points)
        if undefined and _value(left, points[0], real=False) is None:
            return Sameness(False, "undefined")
    return good


def _ordinary(point: dict[str, Fraction]) -> bool:
    """No coordinate is so simple that a removable gap may lie right there."""
    return all(value.denominator > 2 for value in point.values())


def _complex_pass(
    left: Node, right: Node, points: list[dict[str, Fraction]]
) -> list[dict[str, Fraction]] | Sameness:
    good = []
    for point in points:
        values = [_value(node, point, real=False) for node in (left, right)]
        if values[0] is None or values[1] is None:
            continue
        if not _agree(left, right, point, values[0], values[1], real=False):
            return Sameness(False, "value")
        good.append(point)
    return good


def _value(node: Node, point: dict[str, Fraction], *, real: bool) -> Value | None:
    numbers: dict[str, Value] = {name: float(value) for name, value in point.items()}
    try:
        value = Evaluator(numbers, real=real, precise=False)(node)
    except UndefinedError:
        return _large_value(node, point, real=real)
    return value if abs(value) < 1e280 else _large_value(node, point, real=real)


def _large_value(node: Node, point: dict[str, Fraction], *, real: bool) -> Value | None:
    if not heads(node) & {"pow", "factorial", "binomial", "sum", "product", "exp"}:
        return None
    with mpmath.workdps(20):
        try:
            return Evaluator(_high(point), real=real, precise=True)(node)
        except UndefinedError:
            return None


def _agree(left: Node, right: Node, point: dict[str, Fraction], a: Value, b: Value, *, real: bool) -> bool:
    """Near in double precision, or shown to be the same by many digits where cancellation spoilt the
    first look."""
    if _near(a, b):
        return True
    if abs(a - b) > _LOOK_AGAIN * max(1.0, abs(a), abs(b)):
        return False
    try:
        return _vanishes(Op("sub", (left, right)), point, _DIGITS + literal_digits(left, right), real=real)
    except UndecidedError:
        return False


def _near(a: Value, b: Value) -> bool:
    return bool(abs(a - b) <= _FAST_TOLERANCE * max(1.0, abs(a), abs(b)))


def _high(point: dict[str, Fraction]) -> dict[str, Value]:
    return {name: mpmath.mpf(value.numerator) / value.denominator for name, value in point.items()}


def written_digits(*nodes: Node) -> int:
    """How many digits the longest literal in the trees has."""
    numbers = [item.value for node in nodes for item in walk(node) if isinstance(item, Num)]
    return max(
        (len(str(part)) for value in numbers for part in (value.numerator, value.denominator)), default=0
    )


def literal_digits(*nodes: Node) -> int:
    """How many decimal places the trees need, so that no written digit and no steep exponential is lost."""
    steep = [
        _steepness(item)
        for node in nodes
        for item in walk(node)
        if isinstance(item, Op) and item.head in _STEEP
    ]
    return max([written_digits(*nodes), *steep])


_STEEP = frozenset({"pow", "sinh", "cosh", "tanh", "coth", "sech", "csch"})


def _steepness(node: Op) -> int:
    """Decimal places by which an exponential with large literals can fall below its neighbours."""
    parts = node.args[1:] if node.head == "pow" else node.args
    size = max(
        (abs(item.value) for part in parts for item in walk(part) if isinstance(item, Num)),
        default=Fraction(0),
    )
    if size > _MAX_STEEPNESS and node.head != "pow":
        raise UndecidedError("too_steep")
    return min(int(size), _MAX_STEEPNESS) if size > 20 else 0


def _decide(left: Node, right: Node, points: list[dict[str, Fraction]], *, real: bool) -> Sameness:
    digits = _DIGITS + literal_digits(left, right)
    for point in points:
        if not _vanishes(Op("sub", (left, right)), point, digits, real=real):
            return Sameness(False, "value")
    return SAME


def _vanishes(difference: Op, point: dict[str, Fraction], digits: int, *, real: bool) -> bool:
    """A true zero shrinks with the precision; a small number does not."""
    sizes: list[mpmath.mpf] = []
    scale: mpmath.mpf = mpmath.mpf(1)
    for precision in (digits, 2 * digits):
        with mpmath.workdps(precision):
            try:
                here = Evaluator(_high(point), real=real, precise=True)
                first, second = here(difference.args[0]), here(difference.args[1])
            except UndefinedError as error:
                raise UndecidedError("no_value") from error
            sizes.append(abs(first - second))
            scale = max(mpmath.mpf(1), abs(first), abs(second))
    with mpmath.workdps(digits):
        if sizes[0] > scale * mpmath.mpf(10) ** -(digits - 15):
            return False
        if sizes[0] != 0 and sizes[1] > sizes[0] * mpmath.mpf(10) ** -(digits // 2):
            return False
        return bool(sizes[1] <= scale * mpmath.mpf(10) ** -(2 * digits - 20))
