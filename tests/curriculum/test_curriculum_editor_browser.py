"""In a real Chromium: write a question, see it, try an answer, save it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.cast import found_cast

from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: requests are not what is tested."""


@pytest.fixture
def site(transactional_db: None) -> Iterator[tuple[str, str]]:
    """A server on the test database, and the session key of a signed-in teacher."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    from zhiwei.kernel.models import Account

    try:
        assets.install_assets(dev=True)
    except assets.AssetsError as error:
        pytest.skip(str(error))
    account = Account.objects.get(pk=found_cast().accounts["teacher"])
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", str(session.session_key)
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site: tuple[str, str]) -> Iterator[Any]:
    """A page of a signed-in teacher that may report no script error."""
    own = Path("/usr/bin/chromium")
    with playwright.sync_playwright() as play:
        try:
            browser = play.chromium.launch(
                executable_path=own if own.exists() else None, args=["--no-sandbox", "--disable-gpu"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium here: {error}")
        context = browser.new_context(base_url=site[0], locale="zh-CN")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": site[1], "url": site[0]}])
        opened = context.new_page()
        told: list[str] = []
        opened.on("pageerror", lambda error: told.append(str(error)))
        yield opened
        browser.close()
        assert told == []


def test_the_test_box_shows_how_an_answer_would_be_marked(page: Any) -> None:
    page.goto("/curriculum/items/new/")
    page.select_option("[name=type]", "numeric")
    page.fill("[name=stem]", "自由落体的加速度 $g$ 约为多少？")
    page.fill('[name=answer][data-for="numeric"]', "9.8 m/s^2")
    page.wait_for_selector("[data-preview-box] .katex")
    assert page.is_hidden('[data-group="options"]')
    page.fill("[data-answer]", "9.8 m/s²")
    page.click("[data-try-button]")
    page.wait_for_selector('[data-trial][data-score="3.0"]')
    page.fill("[data-answer]", "98 m/s^2")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector('[data-trial][data-score="0.0"]')
    assert page.locator("[data-trial] p").count() >= 1
    page.keyboard.press("Control+s")
    page.wait_for_selector("[data-open]:not([hidden])")
    page.click("[data-open]")
    page.wait_for_selector(".question-stem .katex")
    assert "9.8 m/s^2" in page.inner_text("main")


def test_a_choice_is_written_with_the_keyboard(page: Any) -> None:
    page.goto("/curriculum/items/new/")
    page.fill("[name=stem]", "1+1=?")
    options = page.locator('[data-rows="options"] [data-field="text"]')
    for number, text in enumerate(("1", "2", "3")):
        options.nth(number).fill(text)
    page.locator('[data-rows="options"] [data-field="right"]').nth(1).check()
    page.locator('[data-rows="options"] [data-field="right"]').nth(0).check()
    assert not page.locator('[data-rows="options"] [data-field="right"]').nth(1).is_checked()
    page.locator('[data-rows="options"] [data-field="right"]').nth(1).check()
    page.keyboard.press("Alt+o")
    assert options.count() == 5
    page.fill("[data-answer]", "B")
    page.click("[data-try-button]")
    page.wait_for_selector('[data-trial][data-score="3.0"]')
