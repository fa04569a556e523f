"""Numbers, chances and times in words people read; no jargon, the same words in every room."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOTHING = "—"


def number_text(value: float | None, digits: int | None = None) -> str:
    """A number with thousands marks and ``digits`` decimals, or as many as it has (at most 2)."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if digits is not None:
        return f"{value:,.{digits}f}"
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent_text(value: float | None, digits: int = 0) -> str:
    """A share from 0 to 1 as a percentage. What is not quite all or none never rounds to 100% or 0%."""
    if value is None or not math.isfinite(value):
        return NOTHING
    shown = round(value * 100, digits)
    step = 10**-digits
    if value > 0 and shown == 0:
        return f"<{step:.{digits}f}%"
    if value < 1 and shown == 100:
        return f">{100 - step:.{digits}f}%"
    return f"{shown:.{digits}f}%"


def interval_text(low: float, high: float, *, percent: bool = False, digits: int | None = None) -> str:
    """``58%–66%`` or ``3.2–4.1``: a range with an en dash."""
    if percent:
        return f"{percent_text(low, digits or 0)}–{percent_text(high, digits or 0)}"
    return f"{number_text(low, digits)}–{number_text(high, digits)}"


def chance_words(value: float) -> str:
    """How likely, in words, for a probability from 0 to 1."""
    steps = (
        (0.95, _("几乎肯定")),
        (0.8, _("很可能")),
        (0.6, _("较可能")),
        (0.4, _("说不准")),
        (0.2, _("不太可能")),
        (0.05, _("很不可能")),
    )
    return next((words for floor, words in steps if value >= floor), _("几乎不可能"))


def sure_words(confidence: float | None) -> str:
    """How sure the machine is of its mark, for a confidence from 0 to 1."""
    if confidence is None:
        return _("把握未知")
    if confidence >= 0.9:
        return _("有把握")
    return _("较有把握") if confidence >= 0.7 else _("没把握，请看一眼")


def ago_words(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, or how long until; beyond six days, the date."""
    gap = (now or timezone.now()) - moment
    if abs(gap) >= timedelta(days=6):
        return day_text(moment, now)
    seconds = abs(gap).total_seconds()
    if seconds < 45:
        return _("刚刚") if gap >= timedelta(0) else _("马上")
    number, past, future = _span_words(seconds)
    return (past if gap > timedelta(0) else future) % {"n": number}


def _span_words(seconds: float) -> tuple[int, str, str]:
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        n = minutes
        return n, ngettext("%(n)s 分钟前", "%(n)s 分钟前", n), ngettext("%(n)s 分钟后", "%(n)s 分钟后", n)
    hours = round(seconds / 3600)
    if hours < 24:
        n = hours
        return n, ngettext("%(n)s 小时前", "%(n)s 小时前", n), ngettext("%(n)s 小时后", "%(n)s 小时后", n)
    n = max(1, round(seconds / 86400))
    return n, ngettext("%(n)s 天前", "%(n)s 天前", n), ngettext("%(n)s 天后", "%(n)s 天后", n)


def when_text(moment: datetime, now: datetime | None = None) -> str:
    """Date, weekday and time on the school's clock: ``11月21日 周六 07:00``."""
    local = timezone.localtime(moment)
    return f"{day_text(moment, now)} {weekday_word(local.date())} {local:%H:%M}"


def day_text(moment: datetime | date, now: datetime | None = None) -> str:
    """``11月21日``, with the year when it is not this one."""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    this_year = timezone.localtime(now or timezone.now()).year
    # the texts are date formats: English says "21 Nov" and "21 Nov 2025"
    return format_date(day, _("n月j日") if day.year == this_year else _("Y年n月j日"))


def weekday_word(day: date) -> str:
    """``周一`` … ``周日``."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[day.weekday()]
