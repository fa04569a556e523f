"""Profiles say what is there, and suggest rules that hold now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.engines.quality.test_quality_rules import TODAY, table

from zhiwei.engines import quality as q


def school(folder: Path) -> q.Table:
    """Forty pupils with the usual columns, one phone missing."""
    many = range(40)
    return table(
        folder,
        number=[f"2026{one:04d}" for one in many],
        sex=["男" if one % 2 else "女" for one in many],
        phone=[None, *(f"138{one:08d}" for one in many[1:])],
        born=[date(2013, 1 + one % 12, 3) for one in many],
        score=[float(one * 2.5) for one in many],
        note=[None for _ in many[:-1]] + ["x"],
    )


def test_a_profile_tells_what_columns_hold(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    found = {one.name: one for one in q.profile(school(tmp_path / "in"), work=work)}
    assert (found["number"].distinct, found["number"].shortest, found["number"].longest) == (40, 8, 8)
    assert found["sex"].common == (("女", 20), ("男", 20))
    assert (found["phone"].missing, found["phone"].shapes["mobile"]) == (1, 1.0)
    assert (found["born"].low, found["born"].high) == ("2013-01-03", "2013-12-03")
    assert (found["score"].mean, found["score"].high, len(found["score"].edges)) == (48.75, "97.5", 9)
    assert found["note"].missing == 39


def test_suggested_rules_hold_where_they_come_from(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    here = school(tmp_path / "in")
    rules = q.suggest_rules(q.profile(here, work=work))
    told = {(rule.form, rule.columns[0]) for rule in rules}
    assert {
        (q.Form.FILLED, "number"), (q.Form.UNIQUE, "number"), (q.Form.AMONG, "sex"), (q.Form.FORMAT, "phone"),
        (q.Form.RECENT, "born"), (q.Form.RANGE, "score"), (q.Form.DRIFT, "score"),
    } <= told  # fmt: skip
    assert not {form for form, column in told if column == "note"}
    run = q.check(here, rules, as_of=TODAY, work=work)
    assert [one.key for one in run.outcomes if not one.holds or one.problem] == []


def test_little_is_suggested_of_few_rows(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    few = table(tmp_path / "in", a=["x", "y"])
    assert [one.form for one in q.suggest_rules(q.profile(few, work=work))] == [q.Form.FILLED]
