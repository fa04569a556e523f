"""Sessions end: twelve hours after they began whatever happens, two hours after their last use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from zhiwei.kernel import sessions
from zhiwei.kernel.web import tickets

PAGE = "/account/"


def at(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Let it be so many hours later for sessions."""
    then = REAL() + timedelta(hours=hours)
    monkeypatch.setattr(sessions.timezone, "now", lambda: then)


REAL = timezone.now


def test_an_idle_session_ends_after_two_hours(
    cast: Cast, sign_in: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = sign_in["teacher"]
    assert teacher.get(PAGE).status_code == 200
    at(monkeypatch, 1.9)
    assert teacher.get(PAGE).status_code == 200
    at(monkeypatch, 3.8)
    assert teacher.get(PAGE).status_code == 200
    at(monkeypatch, 5.9)
    assert teacher.get(PAGE).status_code == 302


def test_a_session_in_use_ends_after_twelve_hours(
    cast: Cast, sign_in: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = sign_in["pupil"]
    for hour in range(12):
        at(monkeypatch, hour)
        assert pupil.get(PAGE).status_code == 200
    at(monkeypatch, 12.1)
    assert pupil.get(PAGE).status_code == 302


def test_what_is_saved_meanwhile_does_not_prolong_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    store = sessions.SessionStore()
    store["x"] = 1
    store.save()
    for hour in range(1, 12):
        at(monkeypatch, hour)
        store = sessions.SessionStore(store.session_key)
        store["x"] = hour
        store.save()
    assert sessions.SessionStore(store.session_key).load()["x"] == 11
    at(monkeypatch, 12.1)
    assert sessions.SessionStore(store.session_key).load() == {}


def test_redeeming_a_ticket_is_a_use(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    store = sessions.SessionStore()
    store["x"] = 1
    store.save()
    for hour in (1.5, 3.0, 4.5):
        at(monkeypatch, hour)
        assert tickets._alive(str(store.session_key))
    at(monkeypatch, 6.6)
    assert not tickets._alive(str(store.session_key))
