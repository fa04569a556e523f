"""What is really run: per group and person first, then per group; the figures of a group carry who stands behind them.

Every figure is a sum over people of what each contributes. Beside sums a group carries how many people contribute, the
largest contribution, and a sketch: contributions (which rows, how much) are hashed, and XORed into a bucket by person.
Two figures whose sketches differ in fewer than k buckets differ in what fewer than k people contribute.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiwei.engines.disclosure.query import PERSON, Query

ROW = "__row"
"""Column of a row's own random number; queries cannot name it."""
BUCKETS = 1024
MOST_CELLS = 500
_BOUND = 1e12


@dataclass(frozen=True)
class Plan:
    """Statements to run in order: the first makes the table ``inner_rows``, ``cells`` and ``sketches`` read it.

    ``cells`` gives for each group its values, people, and for each figure rows, sum, sum of squares, largest share of
    one person, contributing people; ``sketches[f]`` gives ``(cell, bucket, xor of 16 bits)``.
    """

    inner: str
    cells: str
    sketches: tuple[str, ...]
    groups: int
    figures: int


def plan_query(query: Query) -> Plan:
    """Return the statements that answer a query.

    Groups are numbered in the order of their values, so that the same data always give the same numbers.
    """
    groups = [f"TRY_CAST({sql} AS VARCHAR) AS g{place}" for place, sql in enumerate(query.groups)]
    figures = [f"{_bounded(sql)} AS f{place}" for place, sql in enumerate(query.figures)]
    where = f" WHERE {query.where}" if query.where else ""
    keys = [f"g{place}" for place in range(len(query.groups))]
    rows = (
        f'SELECT {", ".join([*groups, *figures])}, "{PERSON}" AS p, "{ROW}" AS r FROM "{query.table}"{where}'  # noqa: S608 - written here
    )
    places = range(len(query.figures))
    parts = ", ".join(map(_contributed, places))
    order = ", ".join(keys) or "1"
    numbered = f"dense_rank() OVER (ORDER BY {order}) - 1 AS cell" if keys else "0 AS cell"
    listed = "".join(f"{key}, " for key in keys)
    inner = (
        f"CREATE TABLE inner_rows AS SELECT {numbered}, {listed}p, * EXCLUDE ({listed}p) FROM "  # noqa: S608
        f"(SELECT {listed}p, {parts} FROM ({rows}) GROUP BY {listed}p) WHERE p IS NOT NULL"
    )
    cells = (
        f"SELECT cell, {''.join(f'any_value({key}), ' for key in keys)}count(*), {', '.join(map(_summed, places))} "  # noqa: S608
        f"FROM inner_rows GROUP BY cell ORDER BY cell LIMIT {MOST_CELLS + 1}"
    )
    return Plan(inner, cells, tuple(map(_sketch, places)), len(keys), len(query.figures))


def _contributed(place: int) -> str:
    f = f"f{place}"
    which = f"bit_xor(CASE WHEN {f} IS NOT NULL THEN r END)"
    return f"count({f}) AS n{place}, sum({f}) AS s{place}, sum({f} * {f}) AS q{place}, {which} AS r{place}"


def _bounded(sql: str) -> str:
    """A value too large to be a figure counts as none, so that no row can spoil a sum."""
    return f"CASE WHEN {sql} BETWEEN -{_BOUND} AND {_BOUND} THEN {sql} END"


def _summed(place: int) -> str:
    n, s, q = f"n{place}", f"s{place}", f"q{place}"
    told = (
        f"sum({n})",
        f"sum({s})",
        f"sum({q})",
        f"max({n})",
        f"max(abs({s}))",
        f"sum(abs({s}))",
        f"max({q})",
    )
    amounts = ", ".join(f"coalesce({one}, 0)" for one in told)
    return f"{amounts}, count(*) FILTER (WHERE {n} > 0 AND {s} <> 0), count(*) FILTER (WHERE {n} > 0)"


def _sketch(place: int) -> str:
    told = f"concat(p, ':', r{place}, ':', n{place}, ':', round(coalesce(s{place}, 0), 6))"
    return (
        f"SELECT cell, (p % {BUCKETS})::INTEGER AS bucket, "  # noqa: S608
        f"bit_xor((md5_number({told}) % 65536)::INTEGER)::INTEGER "
        f"FROM inner_rows WHERE n{place} > 0 GROUP BY cell, bucket"
    )
