"""When a budget's period began."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from zhiwei.ai.values import Period

PLACE = ZoneInfo("Asia/Shanghai")


def period_begin(period: Period, now: datetime) -> datetime:
    """Return when the period an instant lies in began, by the clock in China; terms begin in February and August."""
    here = now.astimezone(PLACE)
    if period is Period.MINUTE:
        return here.replace(second=0, microsecond=0)
    day = here.replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.DAY:
        return day
    if period is Period.MONTH:
        return day.replace(day=1)
    if day.month >= 8:
        return day.replace(month=8, day=1)
    return day.replace(month=2, day=1) if day.month >= 2 else day.replace(year=day.year - 1, month=8, day=1)


def seconds_left(period: Period, now: datetime) -> int:
    """Return roughly how long until the period ends, for telling a program when to come back."""
    lengths = {Period.MINUTE: 60, Period.DAY: 86_400, Period.MONTH: 30 * 86_400, Period.TERM: 180 * 86_400}
    end = period_begin(period, now) + timedelta(seconds=lengths[period])
    return max(int((end - now).total_seconds()), 1)
