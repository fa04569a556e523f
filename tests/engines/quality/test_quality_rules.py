"""Each form of rule on cells that hold and cells that break it; the failing rows are those that were broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines import quality as q

TODAY = date(2026, 10, 12)
Make = Callable[..., q.Table]


def table(folder: Path, name: str = "t", /, **columns: Sequence[object]) -> q.Table:
    """Write columns as a table of two parts; row numbers begin at 2, as in a sheet with headings."""
    names = list(columns)
    rows = list(zip(*columns.values(), strict=True))
    kinds = {str: "varchar", int: "bigint", float: "double", date: "date"}
    first = [next((value for value in values if value is not None), "") for values in columns.values()]
    typed = zip(names, first, strict=True)
    made = ", ".join('"' + one.replace('"', '""') + f'" {kinds[type(value)]}' for one, value in typed)
    folder.mkdir(exist_ok=True)
    parts = [folder / f"{name}-0.parquet", folder / f"{name}-1.parquet"]
    with duckdb.connect() as database:
        database.execute(f"create table t (_row bigint, {made})")
        for number, row in enumerate(rows, start=2):
            database.execute(f"insert into t values ({', '.join('?' * (len(row) + 1))})", [number, *row])
        half = 2 + len(rows) // 2
        database.execute(f"copy (from t where _row < {half}) to '{parts[0]}' (format parquet)")
        database.execute(f"copy (from t where _row >= {half}) to '{parts[1]}' (format parquet)")
    return q.Table(tuple(parts))


def broken(folder: Path, rule: q.Rule, of: q.Table, **references: q.Table) -> tuple[q.Outcome, list[int]]:
    """Ask one rule; return what came of it and the failing rows."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    run = q.check(of, [rule], as_of=TODAY, work=work, references=references)
    return run.outcomes[0], q.failing_rows(run.failing, 0)


GOOD_ID, BAD_ID = "11010519491231002X", "110105194912310021"
CASES = [
    (q.Form.FILLED, {"a": ["x", "", None, " 　", "y"]}, {}, 5, [3, 4, 5]),
    (q.Form.UNIQUE, {"a": ["x", "y", "x ", None, None]}, {}, 3, [2, 4]),
    (q.Form.UNIQUE, {"a": [1, 1, 2], "b": ["m", "m", "m"]}, {}, 3, [2, 3]),
    (q.Form.NUMBER, {"a": ["1", "1.5", "一", "nan", ""]}, {}, 4, [4, 5]),
    (q.Form.NUMBER, {"a": ["1", "1.5", "-3"]}, {"whole": 1}, 3, [3]),
    (q.Form.DATE, {"a": ["2026-02-28", "2026-02-29", "昨天", None]}, {}, 3, [3, 4]),
    (q.Form.RANGE, {"a": [0.0, 100.0, 100.5, -1.0, None]}, {"low": 0, "high": 100}, 4, [4, 5]),
    (q.Form.RANGE, {"a": ["5", "x"]}, {"high": 10}, 2, [3]),
    (q.Form.LENGTH, {"a": ["二字", "三个字", "一"]}, {"low": 2, "high": 2}, 3, [3, 4]),
    (q.Form.PATTERN, {"a": ["G123", "g123", "G12"]}, {"pattern": "G[0-9]{3}"}, 3, [3, 4]),
    (q.Form.AMONG, {"a": ["男", "女", "未知", ""]}, {"values": ("男", "女")}, 3, [4]),
    (q.Form.AMONG, {"a": [1.0, 2.0, 9.0]}, {"values": ("1", "2")}, 3, [4]),
    (q.Form.AMONG, {"a": ["it's", "x"]}, {"values": ("it's",)}, 2, [3]),
    (q.Form.FORMAT, {"a": [GOOD_ID, BAD_ID, GOOD_ID.lower(), "1101051949123100"]}, {"format": "citizen_id"}, 4,
     [3, 5]),
    (q.Form.FORMAT, {"a": ["13800138000", "12800138000"]}, {"format": "mobile"}, 2, [3]),
    (q.Form.FORMAT, {"a": ["a@b.cn", "a@b", "a b@c.cn"]}, {"format": "email"}, 3, [3, 4]),
    (q.Form.FORMAT, {"a": ["王小明", "阿依古丽·买买提", "王1明"]}, {"format": "name"}, 3, [4]),
    (q.Form.COMPARE, {"a": ["9", "10"], "b": ["10", "9"]}, {"operator": "<="}, 2, [3]),
    (q.Form.COMPARE, {"a": [date(2026, 9, 1), date(2026, 9, 3)], "b": ["2026-09-02", "2026-09-02"]},
     {"operator": "<"}, 2, [3]),
    (q.Form.TOTAL, {"a": [10.0, 11.0], "b": [4.0, 4.0], "c": [6.0, 6.0]}, {"within": 0.5}, 2, [3]),
    (q.Form.WHEN, {"a": ["寄宿", "走读", "寄宿"], "b": ["3-201", "", ""]}, {"values": ("寄宿",)}, 2, [4]),
    (q.Form.WHEN, {"a": ["7", "7"], "b": ["初中", "小学"]}, {"values": ("7",), "then": ("初中",)}, 2, [3]),
    (q.Form.DETERMINES, {"a": ["01", "01", "01", "02"], "b": ["甲", "甲", "乙", "丙"]}, {}, 4, [4]),
    (q.Form.AGREES, {"a": [GOOD_ID, GOOD_ID], "b": ["1949-12-31", "1949-12-30"]}, {"with": "birth"}, 2, [3]),
    (q.Form.AGREES, {"a": [GOOD_ID, GOOD_ID], "b": ["女", "1"]}, {"with": "sex"}, 2, [3]),
    (q.Form.RECENT, {"a": ["2026-10-12", "2026-10-01", "2026-10-13", "x"]}, {"days": 7}, 4, [3, 4, 5]),
    (q.Form.OUTLIER, {"a": [1.0, 2.0, 3.0, 4.0, 5.0, 100.0]}, {}, 6, [7]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "columns", "params", "tested", "rows"), CASES)
def test_a_rule_finds_just_the_rows_that_break_it(
    tmp_path: Path,
    form: q.Form,
    columns: dict[str, list[object]],
    params: dict[str, object],
    tested: int,
    rows: list[int],
) -> None:
    rule = q.Rule("r", form, tuple(columns), params)  # type: ignore[arg-type]
    outcome, found = broken(tmp_path, rule, table(tmp_path / "in", "t", **columns))
    assert not outcome.problem
    assert (outcome.tested, outcome.failing, found) == (tested, len(rows), rows)
    assert not outcome.holds


def test_values_that_another_table_does_not_know(tmp_path: Path) -> None:
    here = table(tmp_path / "in", a=["1", "2", "9", None])
    there = table(tmp_path / "other", "o", key=["1", "2", "3"])
    rule = q.Rule("r", q.Form.REFERS, ("a",), {"table": "classes", "column": "key"})
    outcome, found = broken(tmp_path, rule, here, classes=there)
    assert (outcome.tested, found) == (3, [4])
    absent, _ = broken(tmp_path, rule, here)
    assert "对照的数据" in absent.problem


@pytest.mark.parametrize(
    ("form", "params", "holds"),
    [
        (q.Form.FRESH, {"days": 3}, True),
        (q.Form.FRESH, {"days": 1}, False),
        (q.Form.SHARE, {"values": ("2026-10-01",), "low": 0.4, "high": 0.6}, True),
        (q.Form.SHARE, {"values": ("2026-10-01",), "high": 0.4}, False),
    ],
)
def test_rules_about_the_whole_column(
    tmp_path: Path, form: q.Form, params: dict[str, object], holds: bool
) -> None:
    days = table(tmp_path / "in", a=["2026-10-01", "2026-10-10"])
    outcome, rows = broken(tmp_path, q.Rule("r", form, ("a",), params), days)  # type: ignore[arg-type]
    assert (outcome.holds, outcome.failing, rows) == (holds, 0, [])
    assert outcome.figures


def test_mean_and_drift_are_measured(tmp_path: Path) -> None:
    still = table(tmp_path / "in", a=[float(one) for one in range(100)])
    mean, _ = broken(tmp_path, q.Rule("r", q.Form.MEAN, ("a",), {"low": 49, "high": 50}), still)
    assert (mean.holds, mean.figures) == (True, {"mean": 49.5})
    bins = {"edges": (25.0, 50.0, 75.0), "shares": (0.25, 0.25, 0.25, 0.25)}
    same, _ = broken(tmp_path, q.Rule("r", q.Form.DRIFT, ("a",), bins), still)
    assert (same.holds, same.figures) == (True, {"psi": 0.0})
    moved = table(tmp_path / "in", "m", a=[float(one + 60) for one in range(100)])
    far, _ = broken(tmp_path, q.Rule("r", q.Form.DRIFT, ("a",), bins), moved)
    assert not far.holds
    assert float(far.figures["psi"]) == pytest.approx(q.psi([0.25] * 4, [0, 0, 0.15, 0.85]), abs=1e-6)


def test_the_index_of_stability_is_the_published_sum() -> None:
    assert q.psi([0.5, 0.5], [0.5, 0.5]) == 0
    assert q.psi([0.5, 0.5], [0.4, 0.6]) == pytest.approx(0.1 * 0.22314355 + 0.1 * 0.18232156, abs=1e-7)


def test_tolerance_lets_a_share_fail(tmp_path: Path) -> None:
    some = table(tmp_path / "in", a=["x", "", "y", "z"])
    for tolerance, holds in ((0.2, False), (0.25, True)):
        outcome, rows = broken(tmp_path, q.Rule("r", q.Form.FILLED, ("a",), tolerance=tolerance), some)
        assert (outcome.holds, outcome.share, rows) == (holds, 0.25, [3])


@pytest.mark.parametrize(
    ("form", "columns", "params", "field"),
    [
        (q.Form.RANGE, ("a",), {}, "low"),
        (q.Form.RANGE, ("a",), {"low": 5, "high": 1}, "high"),
        (q.Form.RANGE, ("a",), {"low": "x"}, "low"),
        (q.Form.AMONG, ("a",), {"values": ()}, "values"),
        (q.Form.AMONG, ("a",), {"values": ("x",) * 501}, "values"),
        (q.Form.COMPARE, ("a", "b"), {"operator": "; drop"}, "operator"),
        (q.Form.COMPARE, ("a",), {"operator": "="}, "columns"),
        (q.Form.UNIQUE, ("a", "a"), {}, "columns"),
        (q.Form.FILLED, ("a",), {"low": 1}, "low"),
        (q.Form.PATTERN, ("a",), {"pattern": "x" * 201}, "pattern"),
        (q.Form.DRIFT, ("a",), {"edges": (1.0,), "shares": (1.0,)}, "shares"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(
    form: q.Form, columns: tuple[str, ...], params: dict[str, object], field: str
) -> None:
    with pytest.raises(q.QualityError) as refused:
        q.check_rule(q.Rule("r", form, columns, params))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_what_cannot_be_asked_says_why_and_the_rest_goes_on(tmp_path: Path) -> None:
    here = table(tmp_path / "in", "t", **{'q"uo`te; --': ["x", None]})
    rules = [
        q.Rule("gone", q.Form.FILLED, ("nowhere",)),
        q.Rule("pattern", q.Form.PATTERN, ('q"uo`te; --',), {"pattern": "("}),
        q.Rule("there", q.Form.FILLED, ('q"uo`te; --',)),
    ]
    work = tmp_path / "work"
    work.mkdir()
    run = q.check(here, rules, as_of=TODAY, work=work)
    assert ["nowhere" in run.outcomes[0].problem, "正则" in run.outcomes[1].problem] == [True, True]
    assert (run.outcomes[2].failing, q.failing_rows(run.failing, 2)) == (1, [3])
    with pytest.raises(q.QualityError):
        q.check(q.Table(()), rules, as_of=TODAY, work=work)


def test_more_rules_than_bits_and_a_page_of_rows(tmp_path: Path) -> None:
    here = table(tmp_path / "in", a=[str(one) for one in range(100)])
    rules = [q.Rule(str(n), q.Form.LENGTH, ("a",), {"low": 2 if n % 2 else 1}) for n in range(70)]
    work = tmp_path / "work"
    work.mkdir()
    seen: list[tuple[int, int]] = []
    run = q.check(
        here, rules, as_of=TODAY, work=work, progress=lambda done, total: seen.append((done, total))
    )
    assert [one.failing for one in run.outcomes] == [0, 10] * 35
    assert q.failing_rows(run.failing, 69, offset=8) == [10, 11]
    assert q.rows_at(here, [10, 11], ["a", "gone"], work=work) == {10: ("8", None), 11: ("9", None)}
    assert seen[-1] == (4, 4)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "b", "c", " a", "b　"]), min_size=1, max_size=30))
def test_repeated_values_are_those_that_python_finds(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("unique")
    outcome, rows = broken(folder, q.Rule("r", q.Form.UNIQUE, ("a",)), table(folder / "in", a=cells))
    plain = [one.strip() for one in cells]
    assert rows == [n for n, one in enumerate(plain, start=2) if one and plain.count(one) > 1]
    assert outcome.tested == sum(map(bool, plain))
