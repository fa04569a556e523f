"""The tray in a real Chromium: a page is dragged to its pupil, taken back, and given by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from tests.assessment.paper_sheets import Sheets, as_pdf, paper_work, scan_in, without_code
from tests.cast import NOW, Cast

from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tray(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of a tray with one page that has lost its code (made before the browser's event loop runs)."""
    from zhiwei.kernel import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    work = paper_work(cast)
    printed = Sheets(cast, work)
    torn = without_code(printed.filled(cast.people["pupil"], {1: "B"}), printed)
    scan_in(cast, work, ("a.pdf", as_pdf(torn)))
    return f"/assessment/paper/{work.uuid}/tray/"


@pytest.fixture
def page(live_server: LiveServer, sign_in: dict[str, Client]) -> Iterator[playwright.Page]:
    """A browser signed in as the teacher, in which any error of a script fails the test."""
    try:
        assets.install_assets()
    except assets.AssetsError as error:
        pytest.skip(str(error))
    own = Path("/usr/bin/chromium")
    told: list[str] = []
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=own if own.exists() else None, args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url, locale="zh-CN")
        cookie = sign_in["teacher"].cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: told.append(str(error)))
        yield opened
        browser.close()
    assert told == []


def test_a_page_finds_its_pupil_by_hand(cast: Cast, tray: str, page: playwright.Page) -> None:
    page.goto(tray)
    slot = page.locator(f"[data-slot][data-person='{cast.people['pupil']}']")
    page.locator("[data-card]").drag_to(slot)
    playwright.expect(slot).to_have_class(re.compile("full"))
    page.locator("[data-undo]").click()
    playwright.expect(page.locator("[data-card]")).to_have_count(1)
    page.locator("[data-card]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("人pupil pupil")
    page.keyboard.press("Enter")
    playwright.expect(slot).to_have_class(re.compile("full"))
    playwright.expect(page.get_by_text("已收", exact=True)).to_have_count(1)
