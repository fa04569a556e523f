"""A query as it may be asked: one SELECT of groups and figures over one table; everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhiwei.engines.disclosure.errors import RefusedQueryError
from zhiwei.engines.disclosure.expressions import NUMBER, TEXT, TRUTH, Piece, Tree, Writer

PERSON = "person"
MOST_GROUPS, MOST_FIGURES, MOST_LIMIT = 4, 8, 500
_AGGREGATES = {
    "avg": "avg",
    "mean": "avg",
    "sum": "sum",
    "stddev": "stddev",
    "stddev_samp": "stddev",
    "var_samp": "variance",
    "variance": "variance",
}
_UNSAFE = frozenset(
    {
        "min", "max", "first", "last", "any_value", "arg_min", "arg_max", "min_by", "max_by", "list", "array_agg",
        "string_agg", "group_concat", "listagg", "histogram", "mode", "median", "quantile", "quantile_cont",
        "quantile_disc", "approx_quantile", "bit_xor", "bit_and", "bit_or", "product", "approx_top_k", "entropy",
    }
)  # fmt: skip
_NODE_KEYS = frozenset(
    {
        "type", "modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions", "group_sets",
        "aggregate_handling", "having", "sample", "qualify",
    }
)  # fmt: skip


class Kind(StrEnum):
    """What a column of the answer is."""

    GROUP = "group"
    COUNT = "count"
    PERSONS = "persons"
    SUM = "sum"
    AVG = "avg"
    STDDEV = "stddev"
    VARIANCE = "variance"


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column of a table as queries see it: ``figure`` tells numbers (DOUBLE) from words (VARCHAR)."""

    name: str
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the answer; ``place`` is that of its group or figure."""

    name: str
    kind: Kind
    place: int = 0


@dataclass(frozen=True)
class Query:
    """What is asked.

    Attributes:
        groups: SQL of each group expression.
        figures: SQL of each figure's expression over one row; the first is 1 (rows counted).
        order: Places of outputs to order by, with whether falling.
    """

    table: str
    groups: tuple[str, ...]
    figures: tuple[str, ...]
    outputs: tuple[Output, ...]
    where: str = ""
    order: tuple[tuple[int, bool], ...] = field(default=())
    limit: int = MOST_LIMIT


def read_query(tree: Tree, tables: Mapping[str, Sequence[ColumnShape]]) -> Query:
    """Read a parsed statement.

    Args:
        tree: What DuckDB's ``json_serialize_sql`` gives, with null and empty parts left out.
        tables: The columns of each table that may be asked; ``person`` can only be counted.

    Raises:
        RefusedQueryError: It is no statement, more than one, or asks what is not allowed.
    """
    return _Reader(_select(tree), tables).read()


def _select(tree: Tree) -> Tree:
    if tree.get("error"):
        wrong = "not_select" if tree.get("error_type") == "not implemented" else "syntax"
        raise RefusedQueryError(wrong, str(tree.get("error_message", "")) if wrong == "syntax" else "")
    statements = tree.get("statements") or []
    if len(statements) != 1 or set(statements[0]) - {"node"}:
        raise RefusedQueryError("one_statement")
    node: Tree = statements[0]["node"]
    if node.get("type") != "SELECT_NODE":
        raise RefusedQueryError("set_operation")
    if (node.get("cte_map") or {}).get("map"):
        raise RefusedQueryError("cte")
    for name in ("having", "qualify", "sample"):
        if node.get(name):
            raise RefusedQueryError(name)
    if set(node) - _NODE_KEYS or node.get("aggregate_handling", "STANDARD_HANDLING") != "STANDARD_HANDLING":
        raise RefusedQueryError("expression", "GROUP BY ALL")
    return node


class _Reader:
    def __init__(self, node: Tree, tables: Mapping[str, Sequence[ColumnShape]]) -> None:
        self._node = node
        self._table, self._alias = self._from(node.get("from_table") or {}, tables)
        self._columns = {one.name.casefold(): one for one in tables[self._table]}
        self._writer = Writer(self._named)
        self._figures: list[str] = ["1.0::DOUBLE"]
        self._aliases: dict[str, Tree] = {
            str(one["alias"]).casefold(): one for one in node.get("select_list", []) if one.get("alias")
        }

    def read(self) -> Query:
        groups, trees = self._groups()
        outputs = tuple(
            self._output(one, number, trees) for number, one in enumerate(self._node.get("select_list", []))
        )
        if not any(one.kind is not Kind.GROUP for one in outputs):
            raise RefusedQueryError("no_figure")
        if len(self._figures) > MOST_FIGURES:
            raise RefusedQueryError("too_large")
        where = self._node.get("where_clause")
        order, limit = self._modifiers(outputs)
        return Query(
            self._table,
            tuple(groups),
            tuple(self._figures),
            outputs,
            self._writer.write_as(where, TRUTH) if where else "",
            order,
            limit,
        )

    def _from(self, source: Tree, tables: Mapping[str, Sequence[ColumnShape]]) -> tuple[str, str]:
        kind = source.get("type")
        if kind != "BASE_TABLE":
            told = {"JOIN": "join", "SUBQUERY": "subquery", "TABLE_FUNCTION": "table_function"}
            raise RefusedQueryError(told.get(str(kind), "from"))
        path = (source.get("qualified_name") or {}).get("path") or [source.get("table_name")]
        name = str(source.get("table_name", ""))
        if len(path) != 1 or name not in tables or source.get("sample") or source.get("at_clause"):
            raise RefusedQueryError("table", ".".join(map(str, path)))
        return name, str(source.get("alias") or name).casefold()

    def _named(self, name: str) -> Piece:
        *before, last = name.casefold().split(".")
        if (before and before[0] not in {self._alias, self._table.casefold()}) or last not in self._columns:
            raise RefusedQueryError("column", name)
        if last == PERSON:
            raise RefusedQueryError("person")
        found = self._columns[last]
        return Piece('"' + found.name.replace('"', '""') + '"', NUMBER if found.figure else TEXT)

    def _groups(self) -> tuple[list[str], list[Tree]]:
        given = list(self._node.get("group_expressions", []))
        if len(given) > MOST_GROUPS:
            raise RefusedQueryError("too_many_groups")
        if len(self._node.get("group_sets", [])) > 1:
            raise RefusedQueryError("grouping_sets")
        trees = [self._meant(one) for one in given]
        return [self._writer.write(one).sql for one in trees], trees

    def _meant(self, node: Tree) -> Tree:
        """A group named by its place or by the alias of a column of the answer is that column."""
        listed = self._node.get("select_list", [])
        literal = node.get("literal") or {}
        if node.get("class") == "CONSTANT" and literal.get("kind") == "INTEGER":
            place = int(literal.get("text", 0))
            if not 1 <= place <= len(listed):
                raise RefusedQueryError("column", str(place))
            found: Tree = listed[place - 1]
            return found
        names = node.get("column_names") or []
        alias = str(names[0]).casefold() if len(names) == 1 else ""
        if alias in self._aliases and alias not in self._columns:
            return self._aliases[alias]
        return node

    def _output(self, node: Tree, number: int, groups: Sequence[Tree]) -> Output:
        name = str(node.get("alias") or "")[:60]
        if node.get("class") == "STAR":
            raise RefusedQueryError("star")
        found = self._aggregate(node, name or f"c{number + 1}")
        if found is not None:
            return found
        plain = _plain(node)
        for place, group in enumerate(groups):
            if _plain(group) == plain:
                return Output(name or _spoken(node, number), Kind.GROUP, place)
        self._writer.write(node)
        raise RefusedQueryError("not_grouped", name or _spoken(node, number))

    def _aggregate(self, node: Tree, name: str) -> Output | None:
        if node.get("class") != "FUNCTION" or node.get("is_operator"):
            return None
        function = str(node.get("function_name", "")).lower()
        given = [one["expression"] for one in node.get("arguments", [])]
        if function in _UNSAFE:
            raise RefusedQueryError("aggregate", function)
        if function not in {"count", "count_star", *_AGGREGATES}:
            return None
        if (node.get("order_bys") or {}).get("orders"):
            raise RefusedQueryError("aggregate", function)
        if function in {"count", "count_star"} and (counted := self._counted(node, given, name)) is not None:
            return counted
        if node.get("distinct") or len(given) != 1:
            raise RefusedQueryError("aggregate", f"{function} distinct")
        piece = self._writer.write(given[0])
        if function == "count":
            written = f"CASE WHEN {piece.sql} IS NULL THEN NULL ELSE 1.0 END"
        elif piece.type == TEXT:
            raise RefusedQueryError("types", function)
        else:
            written = piece.sql
        return self._figure(name, Kind(_AGGREGATES.get(function, "sum")), written, node.get("filter"))

    def _counted(self, node: Tree, given: Sequence[Tree], name: str) -> Output | None:
        """Rows, or people; ``None`` when an expression is counted."""
        about = [str(one).casefold() for one in given[0].get("column_names", [])] if given else []
        if about[-1:] == [PERSON] and len(given) == 1:
            if node.get("filter"):
                raise RefusedQueryError("aggregate", "filter")
            return Output(name, Kind.PERSONS if node.get("distinct") else Kind.COUNT, 0)
        if given:
            return None
        if node.get("filter"):
            return self._figure(name, Kind.SUM, "1.0", node["filter"])
        return Output(name, Kind.COUNT, 0)

    def _figure(self, name: str, kind: Kind, written: str, only: Any) -> Output:
        if only:
            written = f"CASE WHEN {self._writer.write_as(only, TRUTH)} THEN {written} END"
        bounded = f"TRY_CAST({written} AS DOUBLE)"
        if bounded not in self._figures:
            self._figures.append(bounded)
        return Output(name, kind, self._figures.index(bounded))

    def _modifiers(self, outputs: Sequence[Output]) -> tuple[tuple[tuple[int, bool], ...], int]:
        order: list[tuple[int, bool]] = []
        limit = MOST_LIMIT
        for one in self._node.get("modifiers", []):
            if one.get("type") == "ORDER_MODIFIER":
                order += [self._ordered(each, outputs) for each in one.get("orders", [])]
            elif one.get("type") == "LIMIT_MODIFIER" and not one.get("offset"):
                limit = min(limit, self._whole(one.get("limit") or {}))
            else:
                raise RefusedQueryError("modifier", str(one.get("type")))
        return tuple(order), limit

    def _ordered(self, node: Tree, outputs: Sequence[Output]) -> tuple[int, bool]:
        falling = node.get("type") == "DESCENDING"
        wanted = node.get("expression") or {}
        plain = _plain(wanted)
        for place, (output, one) in enumerate(zip(outputs, self._node["select_list"], strict=True)):
            names = [str(name).casefold() for name in wanted.get("column_names", [])]
            if names == [output.name.casefold()] or _plain(one) == plain:
                return place, falling
        literal = wanted.get("literal") or {}
        if literal.get("kind") == "INTEGER" and 1 <= int(literal.get("text", 0)) <= len(outputs):
            return int(literal["text"]) - 1, falling
        raise RefusedQueryError("order")

    def _whole(self, node: Tree) -> int:
        literal = node.get("literal") or {}
        if literal.get("kind") != "INTEGER":
            raise RefusedQueryError("modifier", "LIMIT")
        return max(0, int(literal.get("text", 0)))


def _plain(value: Any) -> Any:
    """A tree without where it stood and what it is called, for comparing."""
    if isinstance(value, Mapping):
        left_out = {"alias", "query_location", "query_location_length"}
        return {key: _plain(one) for key, one in value.items() if key not in left_out}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _spoken(node: Tree, number: int) -> str:
    names = node.get("column_names") or []
    return str(names[-1]) if names else f"c{number + 1}"
