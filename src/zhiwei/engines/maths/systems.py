"""Systems of equations: linear ones by exact elimination, solved ones letter by letter, others equation
by equation."""

from __future__ import annotations

from fractions import Fraction

from zhiwei.engines.maths.equations import residual, same_equation
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.limits import MAX_POLYNOMIAL_TERMS
from zhiwei.engines.maths.modular import NotRationalError, evaluate, exact
from zhiwei.engines.maths.nodes import Node, Op, Sym, free_symbols, number, substitute
from zhiwei.engines.maths.scalars import same_value
from zhiwei.engines.maths.shapes import solved

Row = list[Fraction]


def parts_of(node: Node) -> tuple[Node, ...]:
    """The statements of a system; one statement is a system of one."""
    return node.args if isinstance(node, Op) and node.head == "and" else (node,)


def same_system(student: Node, reference: Node) -> str:
    """Reason code for two systems of equations."""
    mine, theirs = parts_of(student), parts_of(reference)
    names = sorted(free_symbols(student) | free_symbols(reference))
    if free_symbols(student) != free_symbols(reference):
        return (
            "other_letters" if len(free_symbols(student)) >= len(free_symbols(reference)) else "lost_solution"
        )
    values = _solved(mine), _solved(theirs)
    if values[0] is not None and values[1] is not None:
        return _letterwise(values[0], values[1])
    rows = _linear(mine, names), _linear(theirs, names)
    if rows[0] is not None and rows[1] is not None:
        return "equal" if _reduced(rows[0]) == _reduced(rows[1]) else "different"
    if values[0] is not None or values[1] is not None:
        return "different"
    matched = all(any(_same(a, b) for b in theirs) for a in mine) and all(
        any(_same(a, b) for a in mine) for b in theirs
    )
    return "equal" if matched else "different"


def _same(a: Node, b: Node) -> bool:
    try:
        return same_equation(a, b)
    except UndecidedError:
        return False


def _solved(parts: tuple[Node, ...]) -> dict[str, Node] | None:
    """Letter → value when every equation is solved for a different letter and values hold none of them."""
    found: dict[str, Node] = {}
    for part in parts:
        pair = solved(part)
        if pair is None or pair[0] in found:
            return None
        found[pair[0]] = pair[1]
    letters = set(found)
    return None if any(free_symbols(value) & letters for value in found.values()) else found


def _letterwise(mine: dict[str, Node], theirs: dict[str, Node]) -> str:
    if mine.keys() != theirs.keys():
        return "other_letters"
    wrong = [name for name in mine if not same_value(mine[name], theirs[name]).same]
    if not wrong:
        return "equal"
    exchanged = sorted(map(repr, mine.values())) == sorted(map(repr, theirs.values()))
    return "swapped" if exchanged else "wrong_entry"


def _linear(parts: tuple[Node, ...], names: list[str]) -> list[Row] | None:
    """Coefficient rows (constant last) when every equation is linear with rational coefficients."""
    if len(names) * len(parts) > MAX_POLYNOMIAL_TERMS:
        return None
    rows = []
    for part in parts:
        row = _linear_row(part, names)
        if row is None:
            return None
        rows.append(row)
    return rows


def _linear_row(part: Node, names: list[str]) -> Row | None:
    try:
        rest = residual(part)
        evaluate(rest, dict.fromkeys(names, 3))
    except (NotRationalError, UndecidedError):
        return None
    zero: dict[str, Node] = {name: number(0) for name in names}
    constant = exact(substitute(rest, zero))
    units = [exact(substitute(rest, {**zero, name: number(1)})) for name in names]
    if constant is None or any(unit is None for unit in units):
        return None
    row = [unit - constant for unit in units if unit is not None] + [constant]
    built: Node = number(row[-1])
    for name, value in zip(names, row, strict=False):
        built = Op("add", (built, Op("mul", (number(value), Sym(name)))))
    return row if same_value(built, rest).same else None


def _reduced(rows: list[Row]) -> list[Row]:
    """Reduced row echelon form without zero rows."""
    rows = [list(row) for row in rows]
    done: list[Row] = []
    for column in range(len(rows[0])):
        pivot = next((row for row in rows if row[column] != 0), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [_minus(row, pivot, column) for row in rows]
        done = [*(_minus(row, pivot, column) for row in done), pivot]
    return done


def _minus(row: Row, pivot: Row, column: int) -> Row:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]
