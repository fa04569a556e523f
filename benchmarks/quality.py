"""Quality of a large table: 10⁷ rows × 30 rules in seconds and peak memory, beside two peers in the same run.

``bench quality [--rows 10000000] [--json] [--without-peers]``. The table is a county's marks, made up: numbers, names,
citizen ids, phones, days, scores, codes, with known faults. Peers, both asked for no more than counts:

* the same rules as plain SQL one at a time in the same DuckDB (as dbt-like tools do), which names no failing row;
* pandas with one vectorised line a rule, over a tenth of the rows, because all would not fit beside other work.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 10, 12)
SEXES = ("男", "女")
TEXTS = ("number", "name", "citizen_id", "school", "email")
Figures = dict[str, float]


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when the peers count other failing rows than the engine."""
    parser = argparse.ArgumentParser(prog="zhiwei bench quality", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    if not 1_000 <= given.rows <= 100_000_000:
        print("bench quality: --rows must be between 1,000 and 100,000,000", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="zhiwei-quality-") as folder:
        lines = measure(Path(folder), given.rows, peers=not given.without_peers)
    if given.json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        _print(lines)
    return 0 if lines.get("same counts", 1) else 1


def measure(folder: Path, rows: int, *, peers: bool) -> Figures:
    """Return the figures; each step in a process of its own, so that its peak memory is its own."""
    made = _apart(make_tables, folder, rows)
    engine = _apart(run_engine, folder)
    lines = {
        "rows": rows,
        "rules": float(len(rules())),
        "table MB": made["megabytes"],
        "engine s": engine["seconds"],
        "engine CPU s": engine["cpu"],
        "engine peak MB": engine["peak"],
        "failing rows kept": engine["failing"],
        "page of failing rows ms": engine["page"],
    }
    if peers:
        lines |= _peers(folder, engine)
    return lines


def _peers(folder: Path, engine: Figures) -> Figures:
    plain, frames = _apart(run_plain, folder), _apart(run_pandas, folder)
    return {
        "plain SQL s": plain["seconds"],
        "plain SQL CPU s": plain["cpu"],
        "plain SQL peak MB": plain["peak"],
        "plain SQL ÷ engine (CPU)": round(plain["cpu"] / engine["cpu"], 2),
        "pandas rows": frames["rows"],
        "pandas s": frames["seconds"],
        "pandas peak MB": frames["peak"],
        "same counts": float(plain["failing"] == engine["failing"]),
        "pandas same counts": float(frames["same"]),
    }


def _apart(step: Callable[..., Figures], *given: object) -> Figures:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (step, given))


def _timed(step: Callable[..., Figures], given: tuple[object, ...]) -> Figures:
    began, cpu = time.perf_counter(), time.process_time()
    found = step(*given)
    scale = 1 if sys.platform == "darwin" else 1024
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "peak": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6),
        **found,
    }


def make_tables(folder: Path, rows: int) -> Figures:
    """Write the table in parts of a million rows, as bringing in does, and the schools it refers to."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as database:
        database.execute("set enable_progress_bar = false")
        database.execute(
            f"copy (select lpad(i::varchar, 6, '0') as school from range(2000) t(i)) to '{folder}/schools.parquet'"
            " (format parquet)"
        )
        for first in range(0, rows, 1_000_000):
            last = min(first + 1_000_000, rows)
            database.execute(
                _MADE.format(first=first, last=last, target=folder / f"part-{first:010d}.parquet")
            )
    size = sum(one.stat().st_size for one in folder.glob("part-*.parquet"))
    return {"megabytes": round(size / 1e6)}


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SUM = " + ".join(f"(body // {10 ** (16 - n)} % 10) * {weight}" for n, weight in enumerate(_WEIGHTS))
_MADE = (
    "copy (with base as (select i, hash(i) as h, date '2008-01-01' + (hash(i) % 3650)::int as born, "
    "(hash(i + 1) % 500)::int * 2 + (i % 2)::int as turn from range({first}, {last}) t(i)), "
    "numbered as (select *, 110101 * 100000000000::bigint + strftime(born, '%Y%m%d')::bigint * 1000 + turn as body "
    "from base) select i + 2 as _row, "
    "case when h % 5000 = 1 then 'P' || (i - 1) else 'P' || i end as number, "
    "case when h % 1000 = 2 then '' else chr((19968 + h % 5000)::int) || chr((20000 + h % 700)::int) end as name, "
    "case when h % 2000 = 3 then '不详' when turn % 2 = 1 then '男' else '女' end as sex, "
    "body::varchar || case when h % 1500 = 4 then '*' else substr('10X98765432', (("
    + _SUM
    + ") % 11)::int + 1, 1) "
    "end as citizen_id, case when h % 1200 = 5 then born + 1 else born end as born, "
    "case when h % 800 = 6 then '123' else '138' || lpad((h % 100000000)::varchar, 8, '0') end as phone, "
    "case when h % 100 = 7 then null else 'u' || i || '@school.cn' end as email, "
    "lpad((h % 2001)::varchar, 6, '0') as school, '学校' || (case when h % 3000 = 8 then 0 else h % 2001 end) as "
    "school_name, (h % 12 + 1)::int as grade, case when h % 12 < 6 then '小学' when h % 12 < 9 or h % 4000 = 9 "
    "then '初中' else '高中' end as stage, (h % 101)::double as choice, (h % 51)::double as essay, "
    "(h % 101 + h % 51 + case when h % 900 = 10 then 1 else 0 end)::double as total, "
    "date '2026-09-01' + (h % 40)::int as taken, date '2026-09-01' + (h % 40 + case when h % 700 = 11 then -1 else 2 "
    "end)::int as marked, case when h % 3 = 0 then '寄宿' else '走读' end as lodging, "
    "case when h % 3 = 0 and h % 600 <> 12 then 'D' || (h % 40) end as room, "
    "case when h % 6000 = 13 then 990.0 else 40 + h % 30 end::double as weight from numbered) "
    "to '{target}' (format parquet, compression zstd)"
)


def rules() -> list[object]:
    """Return the thirty rules, of all seven kinds."""
    from zhiwei.engines.quality import Form, Rule

    days: dict[str, object] = {"days": 60, "ahead": 0}
    decile = tuple(0.1 for _ in range(10))
    told: list[tuple[Form, str, dict[str, object]]] = [
        *((Form.FILLED, one, {}) for one in ("number", "name", "citizen_id", "school", "email", "taken")),
        (Form.UNIQUE, "number", {}), (Form.UNIQUE, "number taken", {}),
        (Form.FORMAT, "citizen_id", {"format": "citizen_id"}), (Form.FORMAT, "phone", {"format": "mobile"}),
        (Form.FORMAT, "email", {"format": "email"}), (Form.FORMAT, "name", {"format": "name"}),
        (Form.AMONG, "sex", {"values": SEXES}), (Form.AMONG, "stage", {"values": ("小学", "初中", "高中")}),
        (Form.RANGE, "grade", {"low": 1, "high": 12}), (Form.RANGE, "choice", {"low": 0, "high": 100}),
        (Form.RANGE, "essay", {"low": 0, "high": 50}), (Form.LENGTH, "phone", {"low": 11, "high": 11}),
        (Form.PATTERN, "number", {"pattern": "P[0-9]+"}),
        (Form.TOTAL, "total choice essay", {}), (Form.COMPARE, "taken marked", {"operator": "<="}),
        (Form.WHEN, "lodging room", {"values": ("寄宿",)}), (Form.DETERMINES, "school school_name", {}),
        (Form.AGREES, "citizen_id born", {"with": "birth"}), (Form.AGREES, "citizen_id sex", {"with": "sex"}),
        (Form.RECENT, "taken", days), (Form.FRESH, "marked", {"days": 7}),
        (Form.REFERS, "school", {"table": "schools", "column": "school"}), (Form.OUTLIER, "weight", {}),
        (Form.DRIFT, "choice", {"edges": tuple(float(10 * n) for n in range(1, 10)), "shares": decile}),
    ]  # fmt: skip
    return [
        Rule(f"r{place}", form, tuple(columns.split()), params)  # type: ignore[arg-type]
        for place, (form, columns, params) in enumerate(told)
    ]


def run_engine(folder: Path) -> Figures:
    """Ask all rules at once; find a page of failing rows of each."""
    from zhiwei.engines import quality

    work = folder / "work"
    work.mkdir(exist_ok=True)
    table = quality.Table(tuple(sorted(folder.glob("part-*.parquet"))))
    run = quality.check(
        table,
        rules(),  # type: ignore[arg-type]
        as_of=AS_OF,
        work=work,
        references={"schools": quality.Table((folder / "schools.parquet",))},
    )
    problems = [one for one in run.outcomes if one.problem]
    if problems:
        raise SystemExit(f"bench quality: {problems[0]}")
    began = time.perf_counter()
    busiest = max(range(len(run.outcomes)), key=lambda place: run.outcomes[place].failing)
    quality.failing_rows(run.failing, busiest, offset=run.outcomes[busiest].failing // 2)
    page = round(1000 * (time.perf_counter() - began))
    (folder / "counts.json").write_text(json.dumps([one.failing for one in run.outcomes]))
    return {"failing": float(sum(one.failing for one in run.outcomes)), "page": float(page)}


def run_plain(folder: Path) -> Figures:
    """Count the failing rows by one plain query a rule, in the same DuckDB with the same bounds."""
    import duckdb

    failing = 0
    config: dict[str, Any] = {"memory_limit": "1GB", "threads": 2, "temp_directory": str(folder / "plain")}
    with duckdb.connect(config=config) as database:
        database.execute("set preserve_insertion_order = false")
        database.execute("set enable_progress_bar = false")
        database.execute(f"create view t as from '{folder}/part-*.parquet'")
        database.execute(f"create view schools as from '{folder}/schools.parquet'")
        for query in PLAIN:
            found = database.execute(query).fetchone()
            failing += int(found[0]) if found else 0
    return {"failing": float(failing)}


_DIGITS = " + ".join(
    f"(substr(citizen_id, {n}, 1)::int * {weight})" for n, weight in enumerate(_WEIGHTS, start=1)
)
_BLANK = "trim({0}, ' \t\r\n\u00a0\u3000') = ''"
_CITIZEN = (
    "select count(*) from t where not (regexp_full_match(citizen_id, '[1-9][0-9]{16}[0-9X]') and "
    f"substr('10X98765432', (({_DIGITS}) % 11)::int + 1, 1) = substr(citizen_id, 18, 1))"
)
_TORN = (
    "with pairs as (select school, school_name, count(*) n from t group by all), "
    "usual as (select school, max(n) m, sum(n) s from pairs group by school) select sum(s - m) from usual"
)
_FAR = (
    "with q as (select quantile_cont(weight, [0.25, 0.75]) q from t) select count(*) from t, q "
    "where weight < q[1] - 3 * (q[2] - q[1]) or weight > q[2] + 3 * (q[2] - q[1])"
)
PLAIN = [
    *(f"select count(*) from t where {one} is null or {_BLANK.format(one)}"
      for one in ("number", "name", "citizen_id", "school", "email")),
    "select count(*) from t where taken is null",
    "select coalesce(sum(n), 0) from (select count(*) n from t group by number having n > 1)",
    "select coalesce(sum(n), 0) from (select count(*) n from t group by number, taken having n > 1)",
    _CITIZEN,
    "select count(*) from t where not regexp_full_match(phone, '1[3-9][0-9]{9}')",
    "select count(*) from t where not regexp_full_match(email, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+')",
    "select count(*) from t where name <> '' and not regexp_full_match(name, '\\p{Han}{1,8}(·\\p{Han}{1,12})*')",
    "select count(*) from t where sex not in ('男', '女')",
    "select count(*) from t where stage not in ('小学', '初中', '高中')",
    "select count(*) from t where grade not between 1 and 12",
    "select count(*) from t where choice not between 0 and 100",
    "select count(*) from t where essay not between 0 and 50",
    "select count(*) from t where length(phone) <> 11",
    "select count(*) from t where not regexp_full_match(number, 'P[0-9]+')",
    "select count(*) from t where total <> choice + essay",
    "select count(*) from t where taken > marked",
    "select count(*) from t where lodging = '寄宿' and room is null",
    _TORN,
    "select count(*) from t where strptime(substr(citizen_id, 7, 8), '%Y%m%d')::date <> born",
    "select count(*) from t where sex <> case when substr(citizen_id, 17, 1)::int % 2 = 1 then '男' else '女' end",
    "select count(*) from t where taken < date '2026-10-12' - 60 or taken > date '2026-10-12'",
    "select case when max(marked) < date '2026-10-12' - 7 then 0 else 0 end from t",
    "select count(*) from t anti join schools using (school)",
    _FAR,
    "select 0 from (select count(*) from t group by floor(choice / 10)) limit 1",
]  # fmt: skip


def run_pandas(folder: Path) -> Figures:
    """Count with pandas over the first tenth of the rows, beside the engine's counts of the same rows."""
    import duckdb

    parts = sorted(folder.glob("part-*.parquet"))[: max(1, len(list(folder.glob("part-*.parquet"))) // 10)]
    names = ", ".join(f"'{one}'" for one in parts)
    with duckdb.connect() as database:
        frame = database.execute(f"select * from read_parquet([{names}])").df()
        schools = set(database.execute(f"select school from '{folder}/schools.parquet'").df()["school"])
    began = time.perf_counter()
    counts = _pandas_counts(frame, schools)
    seconds = round(time.perf_counter() - began, 2)
    return {
        "rows": float(len(frame)),
        "seconds": seconds,
        "same": float(counts == _engine_counts(folder, parts)),
    }


def _engine_counts(folder: Path, parts: Sequence[Path]) -> list[int]:
    from zhiwei.engines import quality

    work = folder / "tenth"
    work.mkdir(exist_ok=True)
    run = quality.check(
        quality.Table(tuple(parts)), rules(), as_of=AS_OF, work=work,  # type: ignore[arg-type]
        references={"schools": quality.Table((folder / "schools.parquet",))},
    )  # fmt: skip
    return [one.failing for one in run.outcomes]


def _pandas_counts(t: Any, schools: set[str]) -> list[int]:
    """One vectorised line a rule, in the rules' order."""
    import pandas as pd

    weights, marks = _WEIGHTS, "10X98765432"
    digits = sum(t.citizen_id.str[n].astype(int) * weight for n, weight in enumerate(weights))
    check = digits.mod(11).map(dict(enumerate(marks)))
    pairs = t.groupby(["school", "school_name"]).size().reset_index(name="n")
    usual = pairs.groupby("school").n.agg(["sum", "max"])
    low, high = t.weight.quantile([0.25, 0.75])
    days = (pd.Timestamp(AS_OF) - pd.to_datetime(t.taken)).dt.days
    odd = t.citizen_id.str[16].astype(int).mod(2).eq(1)
    birth = pd.to_datetime(t.citizen_id.str[6:14], format="%Y%m%d")
    blanks = [t[one].isna() | (t[one].str.strip() == "") for one in TEXTS]
    found = [
        *blanks, t.taken.isna(), t.number.duplicated(keep=False), t.duplicated(["number", "taken"], keep=False),
        ~(t.citizen_id.str.fullmatch("[1-9][0-9]{16}[0-9X]") & (check == t.citizen_id.str[17])),
        ~t.phone.str.fullmatch("1[3-9][0-9]{9}"),
        ~t.email.dropna().str.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+"),
        ~t.name[t.name != ""].str.fullmatch("[\u3400-\u9fff]{1,8}"),
        ~t.sex.isin(SEXES), ~t.stage.isin(["小学", "初中", "高中"]), ~t.grade.between(1, 12),
        ~t.choice.between(0, 100), ~t.essay.between(0, 50), t.phone.str.len() != 11,
        ~t.number.str.fullmatch("P[0-9]+"), t.total != t.choice + t.essay, t.taken > t.marked,
        (t.lodging == "寄宿") & t.room.isna(), usual["sum"] - usual["max"], birth != pd.to_datetime(t.born),
        t.sex != odd.map({True: "男", False: "女"}), (days > 60) | (days < 0), pd.Series([0]),
        ~t.school.isin(schools),
        (t.weight < low - 3 * (high - low)) | (t.weight > high + 3 * (high - low)), pd.Series([0]),
    ]  # fmt: skip
    return [int(one.sum()) for one in found]


def _print(lines: Figures) -> None:
    for title, value in lines.items():
        shown = f"{value:,.2f}" if not float(value).is_integer() else f"{int(value):,}"
        print(f"{title:<28}{shown:>16}")
