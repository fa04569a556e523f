"""The clock: the rim reads it once a request or job and passes the instant in."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the instant, with time zone."""
    return timezone.now()


def today(at: datetime) -> date:
    """Return the calendar day of an instant in the school's time zone."""
    return timezone.localtime(at).date()
