"""A pupil on the bus, in a real Chromium: answers, loses the network, closes the page, goes on elsewhere, hands in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from tests.cast import Cast

from zhiwei.assessment.models import Response, Sitting, Work
from zhiwei.assessment.services import setting
from zhiwei.kernel import scope
from zhiwei.kernel.models import Account
from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": "A", "text": "1"}, {"id": "B", "text": "$2$"}],
    "reference_answers": ["B"],
}
NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
}
SHORT: dict[str, Any] = {
    "type": "short_answer",
    "max_score": 4,
    "stem": "为什么？",
    "reference_answers": ["因为"],
}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def everybody(transactional_db: None, cast: Cast) -> Cast:
    del transactional_db
    return cast


@pytest.fixture
def work(everybody: Cast) -> Work:
    now, teacher = timezone.now(), everybody.actor("teacher", timezone.localdate())
    with scope.entered(teacher.tenants):
        made = setting.create_work(
            actor=teacher, now=now, title="周三作业", subject="math", due_at=now + timedelta(days=1)
        )
        for content in (CHOICE, NUMBER, SHORT):
            setting.add_typed_item(actor=teacher, now=now, work=made, content=content)
        setting.set_targets(actor=teacher, now=now, work=made, class_ids=[everybody.class_one])
        setting.open_work(actor=teacher, now=now, work=made)
        return made


@pytest.fixture
def session(everybody: Cast) -> str:
    client = Client()
    client.force_login(Account.objects.get(pk=everybody.accounts["pupil"]))
    return client.cookies["sessionid"].value


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    try:
        assets.install_assets()
    except assets.AssetsError as error:
        pytest.skip(str(error))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    own = Path("/usr/bin/chromium")
    with playwright.sync_playwright() as play:
        try:
            opened = play.chromium.launch(
                executable_path=own if own.exists() else None, args=["--no-sandbox", "--disable-gpu"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium here: {error}")
        yield opened
        opened.close()


def device(browser: Any, live_server: LiveServer, session: str, **kind: Any) -> Any:
    """Open a device on which the pupil is signed in."""
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", **kind)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context


def sheet(context: Any, address: str) -> Any:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-ready]")
    return page


def saved(page: Any) -> None:
    page.wait_for_selector("#save-state[data-state=saved]", timeout=20_000)


def answers() -> list[Any]:
    with scope.everywhere("test"):
        rows = Response.objects.order_by("item__position")
        return [row.value for row in rows]


def test_a_pupil_on_the_bus(browser: Any, live_server: LiveServer, session: str, work: Work) -> None:
    phone = device(browser, live_server, session, **PHONE)
    page = phone.new_page()
    page.goto("/assessment/today/")
    page.get_by_role("link", name="周三作业").click()
    page.get_by_role("button", name="开始作答").click()
    page.wait_for_selector("[data-ready]")
    address = page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".choice", has_text="B").click()
    saved(page)
    page.wait_for_function("() => caches.match(location.href).then((kept) => Boolean(kept))")
    phone.set_offline(True)
    page.locator("[data-type=numeric] input").fill("300 cm")
    page.locator("[data-type=short_answer] textarea").fill("因为离线")
    page.wait_for_selector("#save-state[data-state=waiting]", timeout=20_000)
    assert "已存在本机" in page.inner_text("#save-state")
    page.close()
    assert answers() == [{"value": "B"}]
    page = sheet(phone, address)
    assert page.input_value("[data-type=short_answer] textarea") == "因为离线", "opened without network"
    assert page.locator(".choice input:checked").input_value() == "B", (
        "what the server had taken is there too"
    )
    page.close()

    phone.set_offline(False)
    page = sheet(phone, address)
    assert page.input_value("[data-type=numeric] input") == "300 cm"
    saved(page)
    page.close()

    laptop = device(browser, live_server, session, viewport={"width": 1280, "height": 900})
    page = sheet(laptop, address)
    assert page.input_value("[data-type=short_answer] textarea") == "因为离线"
    assert page.locator("[data-jump][data-answered]").count() == 3
    page.locator("[data-type=short_answer] textarea").fill("因为在家")
    page.get_by_role("button", name="交卷").first.click()
    page.wait_for_selector("#confirm[open]")
    page.locator("#confirm-yes").click()
    page.wait_for_selector(".receipt")
    assert answers() == [{"value": "B"}, {"text": "300 cm"}, {"text": "因为在家"}]
    with scope.everywhere("test"):
        assert Sitting.objects.get().handed_in_at is not None
    # The receipt's own script forgets the sheets once it is loaded; nothing of them may stay.
    page.wait_for_function(
        "caches.open('zhiwei-sheets').then((one) => one.keys()).then((all) => all.length === 0)",
        timeout=10_000,
    )
    phone.close()
    laptop.close()


def test_two_devices_that_differ_ask_the_pupil(
    browser: Any, live_server: LiveServer, session: str, work: Work
) -> None:
    phone = device(browser, live_server, session, **PHONE)
    page = phone.new_page()
    page.goto(f"/assessment/answer/{work.uuid}/")
    page.get_by_role("button", name="开始作答").click()
    page.wait_for_selector("[data-ready]")
    phone.set_offline(True)
    page.locator("[data-type=short_answer] textarea").fill("手机写的")
    laptop = device(browser, live_server, session)
    other = sheet(laptop, page.url)
    other.locator("[data-type=short_answer] textarea").fill("电脑写的")
    saved(other)
    phone.set_offline(False)
    page.wait_for_selector("[data-conflict]", timeout=20_000)
    shown = page.inner_text("[data-conflict]")
    assert "手机写的" in shown and "电脑写的" in shown
    assert answers() == [{"text": "电脑写的"}], "nothing is overwritten unasked"
    page.get_by_role("button", name="用这台设备的").click()
    saved(page)
    assert answers() == [{"text": "手机写的"}]
    phone.close()
    laptop.close()
