"""The marking desk by keyboard alone, in a real Chromium against a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from test_assessment_desk import WORDS
from test_assessment_spine import acting, answer, run_jobs
from tests.cast import NOW, Cast

from zhiwei.assessment.models import Response
from zhiwei.assessment.services import setting
from zhiwei.kernel import clock
from zhiwei.kernel.models import Account
from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver keeps a loop in this thread
    own = Path("/usr/bin/chromium")
    try:
        assets.install_assets()
    except assets.AssetsError as error:
        pytest.skip(str(error))
    with playwright.sync_playwright() as play:
        try:
            browser = play.chromium.launch(
                executable_path=own if own.exists() else None, args=["--no-sandbox", "--disable-gpu"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium here: {error}")
        yield browser.new_page(locale="zh-CN")
        browser.close()


def test_a_teacher_marks_with_the_keyboard_only(
    transactional_db: None, cast: Cast, live_server: Any, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with acting(cast, "teacher") as teacher:
        work = setting.create_work(actor=teacher, now=NOW, title="周三作业", subject="math")
        item = setting.add_typed_item(actor=teacher, now=NOW, work=work, content=WORDS)
        setting.set_targets(actor=teacher, now=NOW, work=work, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=work)
    answer(cast, work, "pupil", "由于惯性继续向前")
    answer(cast, work, "classmate", "人和车一起运动，由于惯性向前")
    run_jobs(cast)
    client = Client()
    client.force_login(Account.objects.get(pk=cast.accounts["teacher"]))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/assessment/desk/{item.uuid}/")
    page.wait_for_selector("[data-paper]:not(:empty)")
    page.keyboard.press("Enter")
    assert page.is_visible("[data-trouble]"), "nothing typed must not become 0"
    page.locator("[data-answer]").focus()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-paper]:has-text('2')")
    page.locator("[data-answer]").focus()
    page.keyboard.press("s")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-save][data-state=saved]")
    page.wait_for_selector("[data-reviewed]:text-is('2')")
    with acting(cast, "teacher"):
        assert sorted(Response.objects.values_list("score", flat=True)) == [0.0, 3.0]
    page.keyboard.press("Escape")
    page.locator("[data-undo]").press("Enter")
    page.wait_for_selector("[data-reviewed]:text-is('1')")
