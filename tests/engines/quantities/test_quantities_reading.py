"""Numbers and units as pupils write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.quantities import Outcome, Quantity, Rules, Unread, chinese_number, compare, read_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百二十一", 321),
        ("三百二", 320),
        ("十", 10),
        ("一百零五", 105),
        ("三万五", 35000),
        ("一亿二千万", 1.2e8),
        ("十二万三千四百五十六", 123456),
        ("两千零二", 2002),
        ("三点一四", 3.14),
        ("四分之三", 0.75),
        ("二又三分之一", 7 / 3),
        ("百分之十二点五", 0.125),
        ("负五", -5),
        ("半", 0.5),
        ("廿三", 23),
        ("叁佰", 300),
        ("千", None),
        ("一百千", None),
        ("", None),
        ("好", None),
        ("一" * 100, None),
    ],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("9.8m/s²", 9.8),
        ("9.8米每秒", 9.8),
        ("$9.8\\,\\mathrm{m/s^2}$", 9.8),
        ("三千克", 3),
        ("五千米", 5000),
        ("3小时20分", 12000),
        ("3.5万", 35000),
        ("1.2×10⁵ Pa", 120000),
        ("1.2x10^5", 120000),
        ("v=2×3=6 m", 6),
        ("-3/4", -0.75),
        ("２５％", 0.25),
        ("百分之二十五", 0.25),
        ("2√3", 2 * math.sqrt(3)),
        ("π/3", math.pi / 3),
        ("\\frac{1}{2}", 0.5),
        ("3 1/2", 3.5),
        ("答：速度是9.8米每秒。", 9.8),
        ("25℃", 298.15),
        ("5元3角", 5.3),
        ("4.2×10³ J/(kg·℃)", 4200),
        ("20平方厘米", 0.002),
        ("20 cm2", 0.002),
        ("¥5", 5),
        ("1,200", 1200),
        ("一百千帕", 100_000),
        ("3:4", 0.75),
        ("1.6×10^(-19)C", 1.6e-19),
        ("0.5mol/L", 500),
        ("− 5", -5),
    ],
)
def test_quantities_are_read(text, base):
    found = read_quantity(text)
    assert isinstance(found, Quantity)
    assert found.base_value == pytest.approx(base)


@pytest.mark.parametrize(
    ("text", "why"), [("", "nothing"), ("不知道", "nothing"), ("9.8或10", "several"), ("9" * 500, "too_long")]
)
def test_what_is_not_one_quantity_is_not_guessed(text, why):
    assert read_quantity(text) == Unread(why)


@pytest.mark.parametrize(
    ("answer", "reference", "outcome"),
    [
        ("980cm/s2", "9.8m/s^2", Outcome.RIGHT),
        ("72km/h", "20m/s", Outcome.RIGHT),
        ("298.15K", "25℃", Outcome.RIGHT),
        ("9.8", "9.8m/s^2", Outcome.UNIT_MISSING),
        ("9.8 N", "9.8m/s^2", Outcome.UNIT_WRONG),
        ("5km", "5m", Outcome.UNIT_WRONG),
        ("98m/s2", "9.8m/s^2", Outcome.POWER_OF_TEN),
        ("500g", "5kg", Outcome.POWER_OF_TEN),
        ("25", "25%", Outcome.PERCENT_MISSING),
        ("0.25", "25%", Outcome.RIGHT),
        ("-5", "5", Outcome.SIGN),
        ("5个", "5人", Outcome.RIGHT),
        ("5苹", "5个", Outcome.UNIT_UNKNOWN),
        ("0.33", "1/3", Outcome.NEAR),
        ("7", "5", Outcome.WRONG),
    ],
)
def test_mistakes_are_told_apart(answer, reference, outcome):
    first, second = read_quantity(answer), read_quantity(reference)
    assert isinstance(first, Quantity)
    assert isinstance(second, Quantity)
    assert compare(first, second).outcome is outcome


def _read(text: str) -> Quantity:
    found = read_quantity(text)
    assert isinstance(found, Quantity)
    return found


def test_tolerance_and_figures():
    assert compare(_read("9.9"), _read("9.8"), Rules(absolute=0.1)).outcome is Outcome.RIGHT
    assert compare(_read("9.91"), _read("9.8"), Rules(absolute=0.1)).outcome is Outcome.NEAR
    assert compare(_read("10.1m"), _read("10m"), Rules(relative=0.01)).outcome is Outcome.RIGHT
    assert compare(_read("1010cm"), _read("10m"), Rules(absolute=0.1)).outcome is Outcome.RIGHT
    assert compare(_read("3.14"), _read("3.14159"), Rules(figures=3)).outcome is Outcome.RIGHT
    assert compare(_read("3.1416"), _read("3.14159"), Rules(figures=3)).outcome is Outcome.FIGURES
    assert compare(_read("1200"), _read("1204"), Rules(figures=2)).outcome is Outcome.RIGHT


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text):
    assert isinstance(read_quantity(text), Quantity | Unread)


@given(st.floats(1e-6, 1e9), st.sampled_from([("m", "米"), ("kg", "千克"), ("m/s", "米每秒"), ("J", "焦耳")]))
@settings(max_examples=60, deadline=None)
def test_chinese_and_symbol_units_are_the_same(value, names):
    first, second = _read(f"{value:.4f}{names[0]}"), _read(f"{value:.4f} {names[1]}")
    assert compare(first, second).outcome is Outcome.RIGHT
    assert compare(second, first).outcome is Outcome.RIGHT


@given(st.integers(1, 10**8))
@settings(max_examples=80, deadline=None)
def test_equality_is_symmetric_and_ten_times_is_named(value):
    assert compare(_read(str(value * 10)), _read(str(value))).outcome is Outcome.POWER_OF_TEN
    assert compare(_read(f"{value:,}"), _read(str(value))).outcome is Outcome.RIGHT
