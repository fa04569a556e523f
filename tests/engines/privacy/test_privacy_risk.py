"""Anonymity measures against published examples; noise against its exact distribution."""

from __future__ import annotations

import json
import random
from collections import Counter
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.privacy import (
    distance,
    draw_discrete_laplace,
    find_generalisation,
    measure_risk,
    private_count,
    private_mean,
    suppress_small_cells,
)
from zhiwei.engines.privacy.cli import risk

SALARIES = ["3", "4", "5", "6", "11", "8", "7", "9", "10"]


def test_t_closeness_reference_values() -> None:
    assert distance(["3", "4", "5"], SALARIES) == pytest.approx(0.375)
    assert distance(["6", "8", "11"], SALARIES) == pytest.approx(0.167, abs=0.001)


def test_k_l_and_risks_of_a_small_table() -> None:
    rows = [{"区": "西湖", "年级": "8", "病": d} for d in ("胃", "胃", "肺")] + [
        {"区": "上城", "年级": "8", "病": "肺"}
    ]
    report = measure_risk(rows, ["区", "年级"], ["病"], population={("西湖", "8"): 10, ("上城", "8"): 4})
    assert (report.k, report.classes, report.unique_share) == (1, 2, 0.25)
    assert (report.prosecutor_max, report.prosecutor_mean, report.journalist_max) == (1.0, 0.5, 0.25)
    assert report.l_distinct == {"病": 1}
    assert report.l_entropy["病"] == pytest.approx(1.0)


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        measure_risk([], ["a"])
    with pytest.raises(ValueError, match="no column 'b'"):
        measure_risk([{"a": "1"}], ["b"])
    with pytest.raises(ValueError, match="fewer people"):
        measure_risk([{"a": "1"}], ["a"], population={("1",): 0})


rows_strategy = st.lists(
    st.fixed_dictionaries({"age": st.integers(6, 18).map(str), "sex": st.sampled_from("男女")}),
    min_size=4,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(rows_strategy, st.integers(2, 4))
def test_the_generalisation_found_reaches_k(rows: list[dict[str, str]], k: int) -> None:
    way = find_generalisation(rows, ["age", "sex"], k, most_suppressed=0.0)
    assert way is not None
    assert measure_risk(way.rows, ["age", "sex"]).k >= k
    assert (way.loss == 0) == (measure_risk(rows, ["age", "sex"]).k >= k)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=5))
def test_totals_never_give_a_hidden_cell_back(counts: list[list[int]]) -> None:
    shown = suppress_small_cells(counts, 5)
    for line in [*shown, *map(list, zip(*shown, strict=True))]:
        assert line.count(None) != 1
    assert all(c is None or c == 0 or c >= 5 for row in shown for c in row)


def test_the_noise_follows_its_distribution() -> None:
    source = random.Random(7)
    scale = Fraction(3, 2)
    draws = Counter(draw_discrete_laplace(scale, source.randrange) for _ in range(20_000))
    q = exp(-1 / float(scale))
    for value in (-3, -1, 0, 1, 4):
        expected = (1 - q) / (1 + q) * q ** abs(value)
        assert draws[value] / 20_000 == pytest.approx(expected, abs=0.012)


def test_private_figures_stay_near_and_refuse_nonsense() -> None:
    source = random.Random(3)
    assert abs(private_count(1000, Fraction(1), source.randrange) - 1000) < 20
    mean = private_mean([60, 80, 100] * 400, 0, 100, Fraction(2), source.randrange)
    assert mean.mean == pytest.approx(80, abs=2)
    with pytest.raises(ValueError, match="epsilon"):
        private_count(3, Fraction(0), source.randrange)
    with pytest.raises(ValueError, match="above the highest"):
        private_mean([1], 5, 1, Fraction(1), source.randrange)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "性别,出生,分\n男,2011-03-04,90\n男,2011-03-09,80\n女,2011-03-11,70\n女,2011-03-30,60\n", "utf-8"
    )
    assert risk([str(table), "--quasi", "性别,出生", "--sensitive", "分", "--k", "2", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["k"] == 1
    assert result["generalisation"]["columns"] == {"性别": "as it is", "出生": "month"}
    assert result["generalisation"]["after"]["k"] == 2


def test_a_ragged_table_exits_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1\n", "utf-8")
    assert risk([str(table), "--quasi", "a"]) == 2
    assert "row 2 has 1 cells" in capsys.readouterr().err
