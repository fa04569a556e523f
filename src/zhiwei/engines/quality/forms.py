"""Which columns and params each form wants; a rule that does not fit is refused before anything runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from zhiwei.engines.quality.errors import QualityError
from zhiwei.engines.quality.values import Dimension, Form, Rule

MOST_VALUES = 500
MOST_TEXT = 200
FORMATS = ("citizen_id", "mobile", "email", "name")
OPERATORS = ("<", "<=", "=", "<>", ">=", ">")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a form is made of: its side of quality, how many columns, params that must and may be there."""

    dimension: Dimension
    fewest: int = 1
    most: int = 1
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    rows: bool = True
    """Whether single rows fail; otherwise the column as a whole."""


def _shape(
    dimension: Dimension,
    columns: tuple[int, int] = (1, 1),
    must: str = "",
    may: str = "",
    *,
    rows: bool = True,
) -> Shape:
    return Shape(dimension, *columns, frozenset(must.split()), frozenset(may.split()), rows)


SHAPES: Mapping[Form, Shape] = {
    Form.FILLED: _shape(Dimension.COMPLETE),
    Form.UNIQUE: _shape(Dimension.UNIQUE, (1, 6)),
    Form.NUMBER: _shape(Dimension.VALID, may="whole"),
    Form.DATE: _shape(Dimension.VALID),
    Form.RANGE: _shape(Dimension.VALID, may="low high"),
    Form.LENGTH: _shape(Dimension.VALID, may="low high"),
    Form.PATTERN: _shape(Dimension.VALID, must="pattern"),
    Form.AMONG: _shape(Dimension.VALID, must="values"),
    Form.FORMAT: _shape(Dimension.VALID, must="format"),
    Form.COMPARE: _shape(Dimension.CONSISTENT, (2, 2), must="operator"),
    Form.TOTAL: _shape(Dimension.CONSISTENT, (2, 30), may="within"),
    Form.WHEN: _shape(Dimension.CONSISTENT, (2, 2), must="values", may="then"),
    Form.DETERMINES: _shape(Dimension.CONSISTENT, (2, 2)),
    Form.AGREES: _shape(Dimension.CONSISTENT, (2, 2), must="with"),
    Form.RECENT: _shape(Dimension.TIMELY, must="days", may="ahead"),
    Form.FRESH: _shape(Dimension.TIMELY, must="days", rows=False),
    Form.REFERS: _shape(Dimension.REFERENTIAL, must="table column"),
    Form.OUTLIER: _shape(Dimension.DISTRIBUTION, may="fences"),
    Form.MEAN: _shape(Dimension.DISTRIBUTION, may="low high", rows=False),
    Form.SHARE: _shape(Dimension.DISTRIBUTION, must="values", may="low high", rows=False),
    Form.DRIFT: _shape(Dimension.DISTRIBUTION, must="edges shares", may="most", rows=False),
}
_NUMBERS = frozenset({"low", "high", "days", "ahead", "within", "fences", "most"})
_LISTS = frozenset({"values", "then", "edges", "shares"})
_CHOICES = {"format": FORMATS, "operator": OPERATORS, "with": ("birth", "sex")}


def check_rule(rule: Rule) -> None:
    """Refuse a rule whose columns or params do not fit its form.

    Raises:
        QualityError: Names the field.
    """
    shape = SHAPES[rule.form]
    if not shape.fewest <= len(rule.columns) <= shape.most:
        wanted = f"{shape.fewest}" if shape.fewest == shape.most else f"{shape.fewest}–{shape.most}"
        raise QualityError(f"这种规则要选 {wanted} 列。", field="columns")
    if len(set(rule.columns)) != len(rule.columns):
        raise QualityError("同一列选了两次。", field="columns")
    given = {name for name, value in rule.params.items() if value not in ("", ())}
    for name in sorted(shape.must - given):
        raise QualityError("必填。", field=name)
    for name in sorted(given - shape.must - shape.may):
        raise QualityError("这种规则没有这一项。", field=name)
    if not 0 <= rule.tolerance <= 1:
        raise QualityError("容许的比例应在 0 与 1 之间。", field="tolerance")
    for name in sorted(given):
        _check_param(name, rule.params[name])
    _check_bounds(rule)


def _check_param(name: str, value: object) -> None:
    if name in _NUMBERS and not (_is_number(value) and abs(float(str(value))) < 1e15):
        raise QualityError("应是数字。", field=name)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise QualityError("请选择表中的一项。", field=name)
    if isinstance(value, str) and len(value) > MOST_TEXT:
        raise QualityError(f"最多 {MOST_TEXT} 字。", field=name)
    if name in _LISTS:
        _check_list(name, value)


def _check_list(name: str, value: object) -> None:
    if isinstance(value, str) or not isinstance(value, (list, tuple)) or not 0 < len(value) <= MOST_VALUES:
        raise QualityError(f"应是 1 至 {MOST_VALUES} 个值。", field=name)
    if name in {"edges", "shares"} and not all(_is_number(one) for one in value):
        raise QualityError("应是数字。", field=name)
    if any(isinstance(one, str) and len(one) > MOST_TEXT for one in value):
        raise QualityError(f"每个值最多 {MOST_TEXT} 字。", field=name)


def _check_bounds(rule: Rule) -> None:
    low, high = rule.params.get("low", ""), rule.params.get("high", "")
    bounded = {"low", "high"} <= SHAPES[rule.form].may
    if bounded and low == "" and high == "":
        raise QualityError("下限和上限至少填一个。", field="low")
    if bounded and "" not in (low, high) and float(str(low)) > float(str(high)):
        raise QualityError("上限小于下限。", field="high")
    edges, shares = rule.params.get("edges"), rule.params.get("shares")
    if (
        isinstance(edges, (list, tuple))
        and isinstance(shares, (list, tuple))
        and len(shares) != len(edges) + 1
    ):
        raise QualityError("份额应比分界多一个。", field="shares")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
