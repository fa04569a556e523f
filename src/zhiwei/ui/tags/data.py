"""Figures: stat cards and charts, each with its words and its table."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from zhiwei.ui.charts import ChartSpec
from zhiwei.ui.values import Stat
from zhiwei.ui.wording import number_text

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT = 120.0, 32.0


@register.inclusion_tag("ui/parts/stat.html")
def stat(figure: Stat) -> dict[str, object]:
    """A card that speaks: sentence, figure, trend, comparison, uncertainty; opens its evidence."""
    look = "" if figure.good is None else ("better" if figure.good else "worse")
    arrow = {"up": "trending-up", "down": "trending-down"}.get(figure.direction, "minus")
    return {"stat": figure, "look": look, "arrow": arrow, "line": spark_path(figure.points)}


def spark_path(points: Sequence[float]) -> str:
    """SVG path of a small line in a 120 × 32 box; empty below two points."""
    if len(points) < 2:
        return ""
    low, high = min(points), max(points)
    span = (high - low) or 1.0
    step = SPARK_WIDTH / (len(points) - 1)
    places = [
        (round(n * step, 1), round(SPARK_HEIGHT - (value - low) / span * SPARK_HEIGHT, 1))
        for n, value in enumerate(points)
    ]
    return "M" + " L".join(f"{x} {y}" for x, y in places)


@register.inclusion_tag("ui/parts/chart.html")
def chart(spec: ChartSpec, name: str, size: str = "") -> dict[str, object]:
    """A chart with its sentence, its table, PNG and CSV.

    Args:
        spec: From ``zhiwei.ui.charts``.
        name: Unique on the page; also the file name of exports.
        size: ``short``, ``tall`` or empty.
    """
    data = {"option": spec.option, "columns": spec.columns, "rows": spec.rows}
    shown = [[cell if isinstance(cell, str) else number_text(cell) for cell in row] for row in spec.rows]
    return {"spec": spec, "name": name, "size": size, "data": data, "data_id": f"{name}-data", "rows": shown}
