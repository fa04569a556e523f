"""Numbers, chances and times read as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from zhiwei.ui import wording

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234.5, None, "1,234.5"), (3.0, None, "3"), (3.14159, 1, "3.1"), (None, None, "—"),
        (float("nan"), None, "—"), (-0.001, None, "0"), (0, None, "0"), (1200000, None, "1,200,000"),
        (100.0, None, "100"),
    ],
)  # fmt: skip
def test_numbers(value: float | None, digits: int | None, shown: str) -> None:
    assert wording.number_text(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.623, 0, "62%"),
        (0.9999, 0, ">99%"),
        (0.0004, 0, "<1%"),
        (1, 0, "100%"),
        (0, 0, "0%"),
        (0.9999, 1, ">99.9%"),
        (None, 0, "—"),
    ],
)
def test_percentages(value: float | None, digits: int, shown: str) -> None:
    assert wording.percent_text(value, digits) == shown


@given(st.floats(0, 1))
def test_only_all_is_100_and_only_none_is_0(value: float) -> None:
    shown = wording.percent_text(value)
    assert (shown == "100%") == (value == 1)
    assert (shown == "0%") == (value == 0)


def test_intervals() -> None:
    assert wording.interval_text(0.58, 0.66, percent=True) == "58%–66%"
    assert wording.interval_text(3.2, 4) == "3.2–4"


@given(st.floats(0, 1), st.floats(0, 1))
def test_chance_words_follow_the_order_of_chances(one: float, other: float) -> None:
    order = ["几乎不可能", "很不可能", "不太可能", "说不准", "较可能", "很可能", "几乎肯定"]
    low, high = sorted((one, other))
    assert order.index(wording.chance_words(low)) <= order.index(wording.chance_words(high))


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (timedelta(seconds=10), "刚刚"), (timedelta(minutes=3), "3 分钟前"), (timedelta(hours=2), "2 小时前"),
        (timedelta(days=2), "2 天前"), (timedelta(days=9), "11月12日"),
        (timedelta(days=400), "2025年10月17日"),
        (timedelta(seconds=-10), "马上"), (timedelta(hours=-9), "9 小时后"),
        (timedelta(minutes=59, seconds=50), "1 小时前"),
    ],
)  # fmt: skip
def test_how_long_ago(gap: timedelta, shown: str) -> None:
    assert wording.ago_words(NOW - gap, NOW) == shown


def test_times_are_on_the_schools_clock() -> None:
    assert wording.when_text(datetime(2026, 11, 20, 23, 5, tzinfo=UTC), NOW) == "11月21日 周六 07:05"
    assert wording.day_text(date(2025, 1, 2), NOW) == "2025年1月2日"


def test_english() -> None:
    with translation.override("en"):
        assert wording.when_text(datetime(2026, 11, 20, 23, 5, tzinfo=UTC), NOW) == "21 Nov Sat 07:05"
        assert wording.ago_words(NOW - timedelta(minutes=1), NOW) == "1 minute ago"
        assert wording.ago_words(NOW - timedelta(minutes=2), NOW) == "2 minutes ago"


def test_filters() -> None:
    source = "{% load zw %}{{ n|number:1 }} {{ p|percent }} {{ p|chance }} "
    source += "{{ none|when }} {{ none|ago }} {{ none|day }} {{ p|sure }}"
    drawn = Template(source).render(Context({"n": 1234.56, "p": 0.86, "none": None}))
    assert drawn == "1,234.6 86% 很可能 — — — 较有把握"
    marked = Template("{% load zw %}{{ at|when }}").render(Context({"at": NOW}))
    assert 'datetime="2026-11-21T12:00:00+08:00"' in marked
