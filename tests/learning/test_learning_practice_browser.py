"""A practice on a phone, in a real Chromium: from the first tab to the verdict and the next question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from learning_stage import add_graph, add_items, hear, released
from tests.cast import Cast, found_cast

from zhiwei.kernel.models import Account

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHARES = [("math.8.a", 1.0), ("math.8.a", 0.75), ("math.8.b", 0.25)]


@pytest.fixture
def phone(live_server: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[playwright.Page]:
    """A phone signed in as the pupil."""
    from zhiwei.ui import assets

    try:
        assets.install_assets()
    except assets.AssetsError as error:
        pytest.skip(str(error))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    cast = found_cast()
    _set_stage(cast)
    own = Path("/usr/bin/chromium")
    with playwright.sync_playwright() as play:
        try:
            browser = play.chromium.launch(
                executable_path=own if own.exists() else None, args=["--no-sandbox", "--disable-gpu"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium here: {error}")
        context = browser.new_context(
            base_url=str(live_server.url),  # type: ignore[attr-defined]
            viewport={"width": 390, "height": 844},
            has_touch=True,
            locale="zh-CN",
        )
        context.set_default_timeout(60_000)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": _session(cast), "url": live_server.url}]
        )  # type: ignore[attr-defined]
        page = context.new_page()
        yield page
        browser.close()


def _set_stage(cast: Cast) -> None:
    add_graph()
    add_items(cast)
    hear(cast, released(cast, "pupil", SHARES, at=timezone.now() - timedelta(days=9)))


def _session(cast: Cast) -> str:
    account = Account.objects.get(pk=cast.accounts["pupil"])
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def test_practising_on_a_phone(phone: playwright.Page) -> None:
    faults: list[str] = []
    phone.on("pageerror", lambda error: faults.append(str(error)))
    phone.goto("/learning/")
    phone.get_by_role("button", name="10 分钟").click()
    phone.wait_for_selector("#practising[data-ready]")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="提交").click()
    assert phone.locator("#answer-note").is_visible(), "an empty answer is not sent"
    phone.get_by_role("button", name="给一点提示").click()
    phone.wait_for_selector(".hint")
    phone.wait_for_selector("#practising[data-ready]")
    phone.locator(".choice").nth(1).tap()
    phone.get_by_role("button", name="提交").click()
    assert "做对了" in str(phone.locator(".verdict-card").text_content())
    phone.get_by_role("link", name="下一题").click()
    phone.wait_for_selector("#practising[data-ready]")
    assert phone.locator(".practice-strip a.full").count() == 1
    assert faults == []
