"""Rules that need other rows: repeated values, contradicting ones, values no other table knows, values far off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhiwei.engines.quality.sql import Column, files, name, source
from zhiwei.engines.quality.values import Form, Rule, Table

FENCES = 3.0
"""Times the distance of the quartiles beyond them: Tukey's "far out"."""


def failing(rule: Rule, table: Table, columns: Sequence[Column], references: Mapping[str, Table]) -> str:
    """Return the query of the failing rows' numbers (one column ``row``)."""
    return _MAKERS[rule.form](rule, table, columns, references)


def is_grouped(form: Form) -> bool:
    """Whether rows break rules of this form only beside others."""
    return form in _MAKERS


def _from(table: Table, columns: Sequence[Column]) -> str:
    here = " and ".join(one.filled for one in columns)
    return f"from {source(table, columns)} where {here}"


def _unique(rule: Rule, table: Table, columns: Sequence[Column], references: Mapping[str, Table]) -> str:
    """Hashes first: only rows whose hash comes twice are compared as they are, so that memory stays small."""
    del rule, references
    values = ", ".join(one.text for one in columns)
    named = ", ".join(f"{one.text} as v{place}" for place, one in enumerate(columns))
    keys = ", ".join(f"v{place}" for place in range(len(columns)))
    rows = _from(table, columns)
    return (
        f"with twice as (select hash({values}) as h {rows} group by h having count(*) > 1), "
        f"near as (select {name(table.row)} as row, {named} {rows} and hash({values}) in (select h from twice)), "
        f"same as (select {keys} from near group by {keys} having count(*) > 1) "
        f"select row from near join same using ({keys})"
    )


def _determines(rule: Rule, table: Table, columns: Sequence[Column], references: Mapping[str, Table]) -> str:
    """Where one value of the first column comes with several of the second: the rows of all but the commonest."""
    del rule, references
    rows = _from(table, columns)
    left, right = (one.text for one in columns)
    return (
        f"with pairs as (select {left} as a, {right} as b, count(*) as n {rows} group by a, b), "
        "torn as (select a from pairs group by a having count(*) > 1), "
        "usual as (select a, arg_max(b, (n, b)) as b from pairs where a in (select a from torn) group by a) "
        f"select row from (select {name(table.row)} as row, {left} as a, {right} as b {rows}) as every "
        "join usual using (a) where every.b <> usual.b"
    )


def _refers(rule: Rule, table: Table, columns: Sequence[Column], references: Mapping[str, Table]) -> str:
    other = references[str(rule.params["table"])]
    known = Column(str(rule.params["column"]), "VARCHAR")
    return (
        f"select {name(table.row)} as row {_from(table, columns)} and {columns[0].text} not in "
        f"(select distinct trim({known.plain}::varchar) from {files(other.parts)} where {known.plain} is not null)"
    )


def _outlier(rule: Rule, table: Table, columns: Sequence[Column], references: Mapping[str, Table]) -> str:
    del references
    (one,) = columns
    low, high = _fences(rule)
    rows = _from(table, columns)
    quarters = f"select quantile_cont({one.number}, [0.25, 0.75]) as q {rows}"
    return (
        f"select {name(table.row)} as row from {source(table, columns)}, ({quarters}) as of_all "
        f"where {one.filled} and ({one.number} < {low} or {one.number} > {high})"
    )


def _fences(rule: Rule) -> tuple[str, str]:
    """Return the expressions of the least and greatest usual value over quartiles named ``q``."""
    times = float(str(rule.params.get("fences", FENCES) or FENCES))
    return f"(q[1] - {times!r} * (q[2] - q[1]))", f"(q[2] + {times!r} * (q[2] - q[1]))"


_MAKERS: Mapping[Form, Callable[[Rule, Table, Sequence[Column], Mapping[str, Table]], str]] = {
    Form.UNIQUE: _unique,
    Form.DETERMINES: _determines,
    Form.REFERS: _refers,
    Form.OUTLIER: _outlier,
}
