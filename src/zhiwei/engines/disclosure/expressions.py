"""Expressions of one row: a parsed tree becomes SQL again, node by node, and only of kinds that are known here.

Nothing of the user's own text is run: names are checked against the table, constants are written anew. No row can make
a query fail, as a failure would tell that the row exists: numbers are DOUBLE (no overflow, no division by zero), every
cast is a TRY_CAST, and types are checked beforehand, so that the database never casts by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhiwei.engines.disclosure.errors import RefusedQueryError

Tree = Mapping[str, Any]
NUMBER, TEXT, TRUTH, NOTHING = "number", "text", "truth", "nothing"


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression as SQL, with its type."""

    sql: str
    type: str


Named = Callable[[str], Piece]
"""Gives a column's SQL and type for its name, or refuses it."""

MOST_DEPTH = 24
MOST_NODES = 400
_COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}
_CONJUNCTIONS = {"CONJUNCTION_AND": "AND", "CONJUNCTION_OR": "OR"}
_SIGNS = {
    **{sign: (sign, NUMBER, NUMBER) for sign in "+-*/"},
    "||": ("||", TEXT, TEXT),
    "~~": ("LIKE", TEXT, TRUTH),
    "!~~": ("NOT LIKE", TEXT, TRUTH),
}
"""How a sign is written, what it takes, what it gives."""
_FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...], int]] = {
    "abs": (NUMBER, (NUMBER,), 1),
    "floor": (NUMBER, (NUMBER,), 1),
    "ceil": (NUMBER, (NUMBER,), 1),
    "ceiling": (NUMBER, (NUMBER,), 1),
    "round": (NUMBER, (NUMBER, NUMBER), 1),
    "length": (NUMBER, (TEXT,), 1),
    "lower": (TEXT, (TEXT,), 1),
    "upper": (TEXT, (TEXT,), 1),
    "trim": (TEXT, (TEXT,), 1),
    "left": (TEXT, (TEXT, NUMBER), 2),
    "right": (TEXT, (TEXT, NUMBER), 2),
    "substr": (TEXT, (TEXT, NUMBER, NUMBER), 2),
    "substring": (TEXT, (TEXT, NUMBER, NUMBER), 2),
    "starts_with": (TRUTH, (TEXT, TEXT), 2),
    "contains": (TRUTH, (TEXT, TEXT), 2),
}
"""What a function gives, what it takes, and how much of that at least."""
_INTEGERS = {"round": (1,), "left": (1,), "right": (1,), "substr": (1, 2), "substring": (1, 2)}
"""Places of arguments that DuckDB wants whole."""
_TYPES = {
    **dict.fromkeys(("VARCHAR", "TEXT", "STRING"), ("VARCHAR", TEXT)),
    **dict.fromkeys(
        ("DOUBLE", "FLOAT", "REAL", "DECIMAL", "NUMERIC", "INTEGER", "INT", "BIGINT"), ("DOUBLE", NUMBER)
    ),
    **dict.fromkeys(("BOOLEAN", "BOOL"), ("BOOLEAN", TRUTH)),
}
_NAMES = {NUMBER: "DOUBLE", TEXT: "VARCHAR", TRUTH: "BOOLEAN"}
_TOLD = {"WINDOW": "window", "SUBQUERY": "subquery", "PARAMETER": "parameter", "STAR": "star"}


class Writer:
    """Writes one query's expressions; counts nodes so that no tree is too large."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._nodes = 0

    def write(self, node: Tree, depth: int = 0) -> Piece:
        """Return an expression as SQL.

        Raises:
            RefusedQueryError: Something in it is not allowed, or types do not fit.
        """
        self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise RefusedQueryError("too_large")
        kind = str(node.get("class", ""))
        writer = _WRITERS.get(kind)
        if writer is None:
            raise RefusedQueryError(_TOLD.get(kind, "expression"), kind)
        return writer(self, node, depth + 1)

    def write_as(self, node: Tree, type_: str, depth: int = 0) -> str:
        """Return an expression of one type as SQL.

        Raises:
            RefusedQueryError: It is of another type, or not allowed.
        """
        piece = self.write(node, depth)
        _common([piece], type_)
        return piece.sql

    def column(self, node: Tree, _depth: int) -> Piece:
        """A column of the table, with or without the table's name before it."""
        names = [str(one) for one in node.get("column_names", [])]
        if not 1 <= len(names) <= 2:
            raise RefusedQueryError("column", ".".join(names))
        return self._named(".".join(names))

    def constant(self, node: Tree, _depth: int) -> Piece:
        """A number, a text, true, false or nothing."""
        literal = node.get("literal") or {}
        kind, text = str(literal.get("kind", "")), str(literal.get("text", ""))
        if kind in {"INTEGER", "NUMERIC"}:
            return Piece(f"({_number(text)!r}::DOUBLE)", NUMBER)
        if kind == "STRING":
            return Piece(_quoted(text), TEXT)
        if kind == "BOOLEAN" and text in {"true", "false"}:
            return Piece(text.upper(), TRUTH)
        if kind == "NULL_LITERAL":
            return Piece("NULL", NOTHING)
        raise RefusedQueryError("constant", kind or text)

    def comparison(self, node: Tree, depth: int) -> Piece:
        """Two values compared."""
        sign = _COMPARISONS.get(str(node.get("type")))
        if sign is None:
            raise RefusedQueryError("expression", str(node.get("type")))
        left, right = self.write(node["left"], depth), self.write(node["right"], depth)
        _common([left, right])
        return Piece(f"({left.sql} {sign} {right.sql})", TRUTH)

    def conjunction(self, node: Tree, depth: int) -> Piece:
        """All of, or any of."""
        word = _CONJUNCTIONS.get(str(node.get("type")))
        if word is None:
            raise RefusedQueryError("expression", str(node.get("type")))
        parts = [self.write_as(one, TRUTH, depth) for one in node["children"]]
        return Piece("(" + f" {word} ".join(parts) + ")", TRUTH)

    def between(self, node: Tree, depth: int) -> Piece:
        """A value within two others."""
        if node.get("type") != "COMPARE_BETWEEN":
            raise RefusedQueryError("expression", str(node.get("type")))
        parts = [self.write(node[name], depth) for name in ("input", "lower", "upper")]
        _common(parts)
        return Piece(f"({parts[0].sql} BETWEEN {parts[1].sql} AND {parts[2].sql})", TRUTH)

    def operator(self, node: Tree, depth: int) -> Piece:
        """Not, is null, in a list, the first that is something."""
        kind, children = str(node.get("type")), [self.write(one, depth) for one in node.get("children", [])]
        if not children:
            raise RefusedQueryError("expression", kind)
        first, listed = children[0].sql, ", ".join(one.sql for one in children[1:]) or "NULL"
        if kind == "OPERATOR_NOT":
            _common(children, TRUTH)
            return Piece(f"(NOT {first})", TRUTH)
        if kind in {"OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"}:
            return Piece(f"({first} IS {'NOT ' if 'NOT' in kind else ''}NULL)", TRUTH)
        type_ = _common(children)
        if kind in {"COMPARE_IN", "COMPARE_NOT_IN"}:
            return Piece(f"({first} {'NOT ' if 'NOT' in kind else ''}IN ({listed}))", TRUTH)
        if kind == "OPERATOR_COALESCE":
            return Piece(f"coalesce({', '.join(one.sql for one in children)})", type_)
        raise RefusedQueryError("expression", kind)

    def case(self, node: Tree, depth: int) -> Piece:
        """One of several values by conditions."""
        checks = node.get("case_checks", [])
        whens = [self.write_as(one["when_expr"], TRUTH, depth) for one in checks]
        thens = [self.write(one["then_expr"], depth) for one in checks]
        last = self.write(node["else_expr"], depth) if node.get("else_expr") else Piece("NULL", NOTHING)
        type_ = _common([*thens, last])
        told = " ".join(f"WHEN {when} THEN {then.sql}" for when, then in zip(whens, thens, strict=True))
        return Piece(f"(CASE {told} ELSE {last.sql} END)", type_)

    def cast(self, node: Tree, depth: int) -> Piece:
        """Another type, or nothing where it does not fit."""
        wanted = str((node.get("type_expr") or {}).get("type_name", "")).upper()
        if wanted not in _TYPES:
            raise RefusedQueryError("type", wanted)
        name, type_ = _TYPES[wanted]
        return Piece(f"TRY_CAST({self.write(node['child'], depth).sql} AS {name})", type_)

    def function(self, node: Tree, depth: int) -> Piece:
        """A sign of arithmetic, or one of the few functions that fit any row."""
        name = str(node.get("function_name", "")).lower()
        given = [self.write(one["expression"], depth) for one in node.get("arguments", [])]
        if node.get("filter") or node.get("distinct") or (node.get("order_bys") or {}).get("orders"):
            raise RefusedQueryError("function", name)
        if node.get("is_operator"):
            return _signed(name, given)
        result, takes, least = _FUNCTIONS.get(name, ("", (), 1))
        if not least <= len(given) <= len(takes):
            raise RefusedQueryError("function", name)
        for piece, type_ in zip(given, takes, strict=False):
            _common([piece], type_)
        written = [one.sql for one in given]
        for place in _INTEGERS.get(name, ()):
            if place < len(written):
                written[place] = f"TRY_CAST(greatest(-100, least(100, {written[place]})) AS INTEGER)"
        return Piece(f"TRY_CAST({name}({', '.join(written)}) AS {_NAMES[result]})", result)


def _signed(name: str, given: list[Piece]) -> Piece:
    if name not in _SIGNS or not 1 <= len(given) <= 2:
        raise RefusedQueryError("function", name)
    sign, takes, gives = _SIGNS[name]
    for piece in given:
        _common([piece], takes)
    if len(given) == 1:
        return Piece(f"({sign}{given[0].sql})", gives)
    return Piece(f"({given[0].sql} {sign} {given[1].sql})", gives)


def _common(pieces: Iterable[Piece], wanted: str = "") -> str:
    """Return the one type of all pieces; nothing (NULL) fits any."""
    types = {one.type for one in pieces} - {NOTHING} | ({wanted} if wanted else set())
    if len(types) > 1:
        raise RefusedQueryError("types", ", ".join(sorted(types)))
    return next(iter(types), NOTHING)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RefusedQueryError("constant", text) from None
    if not abs(value) < 1e15:
        raise RefusedQueryError("constant", text)
    return value


def _quoted(text: str) -> str:
    if "\x00" in text or len(text) > 400:
        raise RefusedQueryError("constant", text)
    return "'" + text.replace("'", "''") + "'"


_WRITERS: dict[str, Callable[[Writer, Tree, int], Piece]] = {
    "COLUMN_REF": Writer.column,
    "CONSTANT": Writer.constant,
    "COMPARISON": Writer.comparison,
    "CONJUNCTION": Writer.conjunction,
    "BETWEEN": Writer.between,
    "OPERATOR": Writer.operator,
    "CASE": Writer.case,
    "CAST": Writer.cast,
    "FUNCTION": Writer.function,
}
