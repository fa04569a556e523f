"""Which questions are let through: groups and figures of one table, and nothing that tells of one row."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import duckdb
import pytest

from zhiwei.engines import disclosure
from zhiwei.engines.disclosure import ColumnShape, Kind, RefusedQueryError

TABLES = {
    "answers": [ColumnShape("person"), ColumnShape("grade"), ColumnShape("item"), ColumnShape("score", True)]
}

REFUSED = {
    "select * from answers": "star",
    "select count(*), * from answers": "star",
    "select columns('g.*') from answers": "star",
    "select min(score) from answers": "aggregate",
    "select max(score) from answers": "aggregate",
    "select median(score) from answers": "aggregate",
    "select list(score) from answers": "aggregate",
    "select first(score) from answers": "aggregate",
    "select arg_max(score, grade) from answers": "aggregate",
    "select string_agg(grade) from answers": "aggregate",
    "select sum(distinct score) from answers": "aggregate",
    "select count(distinct grade) from answers": "aggregate",
    "select sum(score) over () from answers": "window",
    "select count(*), row_number() over (order by score) from answers": "window",
    "select lag(score) over (order by score) from answers": "window",
    "select grade, count(*) from answers group by grade qualify row_number() over () = 1": "qualify",
    "select 1; select 2": "one_statement",
    "select count(*) from answers; drop table answers": "not_select",
    "with a as (select 1) select count(*) from a": "cte",
    "with recursive r as (select 1 union all select * from r) select count(*) from r": "cte",
    "select count(*) from answers a, answers b": "join",
    "select count(*) from answers a cross join answers b": "join",
    "select count(*) from answers a join answers b on a.person = b.person": "join",
    "select count(*) from (select * from answers)": "subquery",
    "select sum((select max(score) from answers)) from answers": "subquery",
    "select count(*) from answers where exists (select 1)": "subquery",
    "select count(*) from answers union all select 1": "set_operation",
    "select count(*) from read_csv('/etc/passwd')": "table_function",
    "select count(*) from read_parquet('https://example.org/x')": "table_function",
    "select count(*) from range(1000000000000)": "table_function",
    "select count(*) from '/etc/passwd'": "table",
    "select count(*) from information_schema.tables": "table",
    "select count(*) from duckdb_settings": "table",
    "select count(*) from other.main.answers": "table",
    "attach '/tmp/x.db'": "not_select",
    "copy answers to '/tmp/x'": "not_select",
    "pragma version": "not_select",
    "set enable_external_access = true": "not_select",
    "install httpfs": "not_select",
    "load httpfs": "not_select",
    "create table x as select 1": "not_select",
    "call pragma_version()": "not_select",
    "select count(*) from answers where person = 'p'": "person",
    "select person, count(*) from answers group by 1": "person",
    "select count(*) from answers group by hash(person)": "person",
    "select sum(case when person < 5 then 1 end) from answers": "person",
    "select count(distinct person) filter (where score > 5) from answers": "aggregate",
    "select count(*) from answers having count(*) = 1": "having",
    "select score from answers": "not_grouped",
    "select grade, score, count(*) from answers group by grade": "not_grouped",
    "select grade from answers group by grade": "no_figure",
    "select distinct grade, count(*) from answers group by grade": "modifier",
    "select count(*) from answers limit 5 offset 3": "modifier",
    "select count(*) from answers using sample 1": "sample",
    "select avg(score) from answers group by all": "expression",
    "select count(*) from answers group by rollup (grade)": "grouping_sets",
    "select avg(__row) from answers": "column",
    "select avg(secret) from answers": "column",
    "select sum(random()) from answers": "function",
    "select sum(getvariable('x')) from answers": "function",
    "select count(*) from answers where regexp_matches(grade, '(a*)*b')": "function",
    "select sum(length(repeat('x', 1000000000))) from answers": "function",
    "select avg(sqrt(score)) from answers": "function",
    "select count(*) from answers where error('x')": "function",
    "select count(*) from answers where grade > 5": "types",
    "select avg(grade) from answers": "types",
    "select count(*) from answers where case when score > 5 then grade > 5 else true end": "types",
    "select count(*) from answers where score = ?": "one_statement",
    "select count(*) from answers where grade = cast('x' as blob)": "type",
    "select avg(list_sum([x for x in [score]])) from answers": "function",
    "selec": "syntax",
    "": "one_statement",
}  # fmt: skip


@lru_cache(maxsize=1)
def parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def tree(sql: str) -> Any:
    row = (
        parser()
        .execute("select json_serialize_sql(?, skip_null := true, skip_empty := true)", [sql])
        .fetchone()
    )
    assert row is not None
    return json.loads(row[0])


@pytest.mark.parametrize("sql", REFUSED)
def test_what_could_tell_of_one_row_is_refused(sql: str) -> None:
    with pytest.raises(RefusedQueryError) as caught:
        disclosure.read_query(tree(sql), TABLES)
    assert caught.value.code == REFUSED[sql]


def test_groups_and_figures_are_read() -> None:
    query = disclosure.read_query(
        tree(
            "select left(grade, 1) g, count(*), count(distinct person) as n, avg(score), "
            "sum(score) filter (where item = 'a') from answers where score between 1 and 9 or item like '%x' "
            "group by g order by n desc, 1 limit 7"
        ),
        TABLES,
    )
    assert [one.kind for one in query.outputs] == [Kind.GROUP, Kind.COUNT, Kind.PERSONS, Kind.AVG, Kind.SUM]
    assert query.order == ((2, True), (0, False))
    assert query.limit == 7
    assert len(query.figures) == 3


def test_text_of_the_question_never_becomes_sql() -> None:
    query = disclosure.read_query(
        tree("""select count(*) as "x"" from secret" from answers where grade = 'a'' or 1=1 --'"""), TABLES
    )
    assert query.where == "(\"grade\" = 'a'' or 1=1 --')"
    plan = disclosure.plan_query(query)
    assert "secret" not in plan.inner + plan.cells


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from answers where " + "not " * 60 + "true",
        "select " + " + ".join(["sum(score)"] * 3) + " from answers",
        "select " + ", ".join(f"sum(score + {n})" for n in range(20)) + " from answers",
        "select avg(" + " + ".join(["score"] * 100) + ") from answers",
    ],
)
def test_large_questions_are_refused(sql: str) -> None:
    with pytest.raises(RefusedQueryError):
        disclosure.read_query(tree(sql), TABLES)
