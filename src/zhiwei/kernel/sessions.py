"""Sessions in the database, read by one plain statement: every request reads one.

A session ends twelve hours after it began, whatever happens in it, and two hours after its last use: a computer that
somebody walked away from is closed in time. The cookie itself is good for the twelve hours; the row decides.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection
from django.utils import timezone

BEGAN = "began"
NOTED_EVERY = timedelta(minutes=5)
"""Use is noted at most so often: a write for each request would cost more than it tells."""
_READ = "select session_data, expire_date from django_session where session_key = %s and expire_date > %s"
_USED = "update django_session set expire_date = %s where session_key = %s"


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with an end for idle ones."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds and note its use; an unknown or ended one is empty and loses its key."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, now])
            row = cursor.fetchone()
            if row is None:
                self._session_key = None
                return {}
            held: dict[str, Any] = self.decode(row[0])
            ends = _end(held, now)
            if ends - row[1] > NOTED_EVERY:
                cursor.execute(_USED, [ends, self.session_key])
        return held

    def get_expiry_date(self, **given: Any) -> datetime:
        """Return when the session ends if it is not used again."""
        del given
        return _end({BEGAN: self[BEGAN]} if BEGAN in self else {}, timezone.now())

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the row to keep; a new session notes when it began."""
        data.setdefault(BEGAN, int(timezone.now().timestamp()))
        return super().create_model_instance(data)


def is_to_be_noted(ends: datetime, now: datetime) -> bool:
    """Tell whether use of a session that would end then may have to be noted (the twelve hours still hold)."""
    return now + timedelta(seconds=settings.SESSION_IDLE_SECONDS) - ends > NOTED_EVERY


def _end(held: dict[str, Any], now: datetime) -> datetime:
    began = datetime.fromtimestamp(held.get(BEGAN, now.timestamp()), UTC)
    last = began + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(now + timedelta(seconds=settings.SESSION_IDLE_SECONDS), last)
