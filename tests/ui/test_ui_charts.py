"""Chart specs are plain JSON with honest axes, and say the same in their table."""

import json

import pytest

from zhiwei.ui import charts
from zhiwei.ui.charts import Series

SHARE = Series("得分率", (92, 44), low=(86, 35), high=(96, 54))


def test_bars_start_at_zero_and_draw_their_spread() -> None:
    spec = charts.bars("句子", ["1", "2"], [SHARE], unit="%", top=100)
    option = json.loads(json.dumps(spec.option))
    assert option["yAxis"]["min"] == 0
    assert option["yAxis"]["max"] == 100
    assert [one["type"] for one in option["series"]] == ["bar", "interval"]
    assert option["series"][1]["data"] == [[0, 86, 96], [1, 35, 54]]
    assert spec.columns == ("", "得分率", "得分率 ↓", "得分率 ↑")
    assert spec.rows == (("1", 92, 86, 96), ("2", 44, 35, 54))


def test_sideways_bars_change_axes() -> None:
    option = json.loads(json.dumps(charts.bars("句子", ["a"], [Series("x", (1,))], sideways=True).option))
    assert option["xAxis"]["min"] == 0
    assert option["yAxis"]["inverse"] is True


def test_lines_carry_their_names_and_bands() -> None:
    option = json.loads(json.dumps(charts.lines("句子", ["a", "b"], [SHARE, Series("年级", (1, 2))]).option))
    named = [one for one in option["series"] if one.get("endLabel", {}).get("show")]
    assert [one["name"] for one in named] == ["得分率", "年级"]
    bands = [one for one in option["series"] if one.get("stack")]
    assert bands[0]["data"] == [86, 35]
    assert bands[1]["data"] == [10, 19]


def test_heat_leaves_gaps_open() -> None:
    spec = charts.heat("句子", ["a", "b"], ["x"], [[0.5, None]])
    assert json.loads(json.dumps(spec.option))["series"][0]["data"] == [[0, 0, 0.5]]
    assert spec.rows == (("x", 0.5, None),)


def test_heat_with_a_missing_row_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        charts.heat("句子", ["a"], ["x", "y"], [[0.5]])


def test_points_keep_their_names() -> None:
    spec = charts.scatter("句子", [(1.0, 2.0, "甲")], across="难度", up="区分度")
    assert spec.rows == (("甲", 1.0, 2.0),)


def test_every_colour_named_is_a_token() -> None:
    import re
    from pathlib import Path

    import zhiwei.ui

    css = (Path(zhiwei.ui.__file__).parent / "static/ui/css/tokens.css").read_text("utf-8")
    specs = [
        charts.bars("s", ["1", "2"], [SHARE]),
        charts.lines("s", ["1", "2"], [SHARE]),
        charts.heat("s", ["a"], ["x"], [[1]]),
    ]
    named = set(re.findall(r'"@([a-z-]+)"', json.dumps([one.option for one in specs])))
    assert named
    assert all(f"--{name}:" in css for name in named)
