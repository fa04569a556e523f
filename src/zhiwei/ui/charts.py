"""Chart specs: plain data for ECharts, coloured by token names (``@ink``), with the same numbers as a table.

Bars start at zero, intervals are drawn, labels stand at the marks instead of in a legend where there is room.
A spec is JSON: no functions. ``static/ui/js/chart.js`` resolves tokens and draws ``interval`` series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]
Cell = str | int | float | None
# the order in which unnamed series take colours: no meaning-bearing colour first
NEUTRALS = ("@ink", "@muted", "@line-strong")


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What the ``chart`` tag draws.

    Attributes:
        sentence: What the picture says, in words; its heading and its text for those who cannot see it.
        option: ECharts option without functions; strings ``@token`` are colours.
        columns: Heads of the table beside.
        rows: The same numbers.
    """

    sentence: str
    option: dict[str, Json]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values with a name; ``low``/``high`` draw its uncertainty; ``colour`` is a token name."""

    name: str
    values: tuple[float | None, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    colour: str = ""


def bars(
    sentence: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    sideways: bool = False,
    top: float | None = None,
) -> ChartSpec:
    """Bars from zero, one group a label; ``sideways`` for long labels; ``top`` fixes the end of the scale."""
    names: dict[str, Json] = {"type": "category", "data": list(labels), "axisTick": {"show": False}}
    scale: dict[str, Json] = {"type": "value", "min": 0, "axisLabel": {"formatter": "{value}" + unit}}
    if top is not None:
        scale["max"] = top
    if sideways:
        names["inverse"] = True
    drawn = [_bar(one, n, unit, sideways, single=len(series) == 1) for n, one in enumerate(series)]
    spread = [_interval(one, n, sideways) for n, one in enumerate(series) if one.low]
    option: dict[str, Json] = {
        "xAxis": scale if sideways else names,
        "yAxis": names if sideways else scale,
        "series": [*drawn, *spread],
        "legend": {"show": len(series) > 1},
    }
    return ChartSpec(sentence, option, *_table(labels, series))


def lines(
    sentence: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    bottom: float | None = None,
) -> ChartSpec:
    """Lines over an ordered axis, each named at its end, with a band where ``low``/``high`` are given."""
    scale: dict[str, Json] = {
        "type": "value",
        "axisLabel": {"formatter": "{value}" + unit},
        "scale": bottom is None,
    }
    if bottom is not None:
        scale["min"] = bottom
    drawn: list[Json] = []
    for n, one in enumerate(series):
        drawn += [*_band(one, n), _line(one, n)]
    option: dict[str, Json] = {
        "xAxis": {"type": "category", "data": list(labels), "boundaryGap": False},
        "yAxis": scale,
        "series": drawn,
        "grid": {"right": 88},
    }
    return ChartSpec(sentence, option, *_table(labels, series))


def heat(
    sentence: str, across: Sequence[str], down: Sequence[str], values: Sequence[Sequence[float | None]]
) -> ChartSpec:
    """Shares from 0 to 1 as a grid, ``values[row][column]``, light to ink, each cell with its figure."""
    cells: list[Json] = [
        [x, y, round(value, 4)]
        for y, row in enumerate(values)
        for x, value in enumerate(row)
        if value is not None
    ]
    option: dict[str, Json] = {
        "xAxis": {"type": "category", "data": list(across), "position": "top", "axisTick": {"show": False}},
        "yAxis": {"type": "category", "data": list(down), "inverse": True, "axisTick": {"show": False}},
        "visualMap": {
            "show": False,
            "min": 0,
            "max": 1,
            "inRange": {"color": ["@amber-mid", "@surface", "@green-mid"]},
        },
        "series": [
            {"type": "heatmap", "data": cells, "label": {"show": True, "color": "@ink", "percent": True}}
        ],
    }
    rows = tuple((name, *row) for name, row in zip(down, values, strict=True))
    return ChartSpec(sentence, option, ("", *across), rows)


def scatter(sentence: str, points: Sequence[tuple[float, float, str]], *, across: str, up: str) -> ChartSpec:
    """Points ``(x, y, name)`` with named axes."""
    option: dict[str, Json] = {
        "xAxis": {"type": "value", "name": across, "scale": True},
        "yAxis": {"type": "value", "name": up, "scale": True},
        "series": [
            {
                "type": "scatter",
                "symbolSize": 8,
                "itemStyle": {"color": "@ink-soft", "opacity": 0.7},
                "data": [{"value": [x, y], "name": name} for x, y, name in points],
            }
        ],
    }
    return ChartSpec(sentence, option, ("", across, up), tuple((name, x, y) for x, y, name in points))


def _colour(one: Series, n: int) -> str:
    return f"@{one.colour}" if one.colour else NEUTRALS[n % len(NEUTRALS)]


def _bar(one: Series, n: int, unit: str, sideways: bool, *, single: bool) -> Json:
    place = "right" if sideways else "top"
    return {
        "type": "bar",
        "name": one.name,
        "data": list(one.values),
        "barMaxWidth": 28,
        "itemStyle": {"color": _colour(one, n), "borderRadius": [0, 3, 3, 0] if sideways else [3, 3, 0, 0]},
        "label": {
            "show": single and not one.low,
            "position": place,
            "formatter": "{c}" + unit,
            "color": "@ink-soft",
        },
    }


def _interval(one: Series, n: int, sideways: bool) -> Json:
    data: list[Json] = [[k, low, high] for k, (low, high) in enumerate(zip(one.low, one.high, strict=True))]
    return {"type": "interval", "name": one.name, "data": data, "sideways": sideways, "group": n}


def _line(one: Series, n: int) -> Json:
    return {
        "type": "line",
        "name": one.name,
        "data": list(one.values),
        "symbolSize": 6,
        "lineStyle": {"width": 2, "color": _colour(one, n)},
        "itemStyle": {"color": _colour(one, n)},
        "endLabel": {"show": True, "formatter": "{a}", "color": _colour(one, n)},
    }


def _band(one: Series, n: int) -> list[Json]:
    if not one.low:
        return []
    width: list[Json] = [high - low for low, high in zip(one.low, one.high, strict=True)]
    plain: dict[str, Json] = {
        "type": "line",
        "stack": f"band{n}",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
    }
    area: dict[str, Json] = {"color": _colour(one, n), "opacity": 0.12}
    return [{**plain, "data": list(one.low)}, {**plain, "data": width, "areaStyle": area}]


def _table(
    labels: Sequence[str], series: Sequence[Series]
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    heads: list[str] = [""]
    for one in series:
        heads += [one.name, f"{one.name} ↓", f"{one.name} ↑"] if one.low else [one.name]
    rows = tuple(
        (label, *(cell for one in series for cell in _cells(one, k))) for k, label in enumerate(labels)
    )
    return tuple(heads), rows


def _cells(one: Series, k: int) -> tuple[Cell, ...]:
    return (one.values[k], one.low[k], one.high[k]) if one.low else (one.values[k],)
