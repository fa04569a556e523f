"""Journeys 2 to 6 as one walk in a real Chromium: set, answer on a phone, judge, mark, release, learn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from tests.cast import Cast

from zhiwei.assessment.models import Response, Sitting
from zhiwei.kernel import jobs, outbox, scope
from zhiwei.kernel.models import Account, Delivery, Job
from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1366, "height": 900}}


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


class Stage:
    """The people of the journey, each with a device of their own."""

    def __init__(self, cast: Cast, browser: Any, address: str) -> None:
        self.cast, self.browser, self.address = cast, browser, address
        self.faults: list[str] = []

    def device(self, nickname: str, kind: dict[str, Any]) -> Any:
        """Open a device on which somebody is signed in; whatever a page complains of is kept."""
        client = Client()
        client.force_login(Account.objects.get(pk=self.cast.accounts[nickname]))
        name = settings.SESSION_COOKIE_NAME
        context = self.browser.new_context(base_url=self.address, locale="zh-CN", **kind)
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        context.on(
            "weberror", lambda error: self.faults.append(f"{nickname} {error.page.url}: {error.error.stack}")
        )
        return context


def work_on() -> None:
    """Run what waits and deliver the news, as the worker would, until nothing is left."""
    for _round in range(5):
        with scope.everywhere("test"):
            waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
            news = list(
                Delivery.objects.filter(delivered_at__isnull=True).values_list(
                    "tenant_id", "consumer", "subject_key"
                )
            )
        if not waiting and not news:
            return
        for job_id, tenant_id in waiting:
            jobs.run(job_id, tenant_id)
        for one in set(news):
            outbox.deliver(*one)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def type_item(page: Any, kind: str, **fields: str) -> None:
    """Type a question into the work and add it."""
    box = page.locator("details.adder", has=page.locator("[name=stem]"))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.locator("[name=type]").select_option(kind)
    for name, text in fields.items():
        box.locator(f"[name={name}]").fill(text)
    press(page, "加入这一题")


def test_homework_from_setting_to_the_next_step(
    transactional_db: None, cast: Cast, browser: Any, live_server: LiveServer
) -> None:
    stage = Stage(cast, browser, live_server.url)
    desk = stage.device("teacher", DESKTOP)
    work = set_work(desk.new_page(), cast)
    pupil = stage.device("pupil", PHONE)
    answer_on_the_bus(pupil)
    answer_all(stage, "classmate", ["A", "3", "人受到惯性的作用"])
    work_on()
    page = desk.new_page()
    mark_the_doubtful(page, work)
    release(page, work)
    work_on()
    read_feedback(pupil, stage)
    learn(page, work)
    for context in (desk, pupil):
        context.close()
    assert stage.faults == []


def set_work(page: Any, cast: Cast) -> str:
    """Set a work of three typed questions for class one; returns its address."""
    page.goto("/assessment/works/")
    page.get_by_role("link", name="布置作业").first.click()
    page.locator("[name=title]").fill("惯性与换算")
    page.locator(f"[name=classes][value='{cast.class_one}']").check()
    press(page, "下一步：选题")
    page.wait_for_url("**/edit/")
    type_item(page, "single_choice", stem="1+1=?", options="1\n2\n3", key="B", max_score="2")
    type_item(page, "numeric", stem="3 m 合多少厘米？", key="300 cm", max_score="3")
    type_item(
        page, "short_answer", stem="刹车时人为什么向前倾？", key="由于惯性，人继续向前运动",
        rubric="2 分｜指出惯性｜惯性\n2 分｜说明继续向前运动｜继续向前/保持原来的运动", max_score="4",
    )  # fmt: skip
    assert page.locator(".item-line").count() == 3
    press(page, "布置给学生")
    page.wait_for_url(re.compile(r"/works/[0-9a-f-]{36}/$"))
    return str(page.url)


def answer_on_the_bus(phone: Any) -> None:
    """Answer on a phone; the network goes, the browser is closed, all is there afterwards; hand in."""
    page = phone.new_page()
    page.goto("/assessment/today/")
    page.get_by_role("link", name="惯性与换算").click()
    press(page, "开始作答")
    page.wait_for_selector("[data-ready]")
    address = page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".choice", has_text="2").click()
    page.wait_for_selector("#save-state[data-state=saved]")
    phone.set_offline(True)
    page.locator("[data-type=numeric] input").fill("300")
    page.locator("[data-type=short_answer] textarea").fill("由于惯性，人保持原来的运动状态，继续向前")
    page.wait_for_selector("#save-state[data-state=waiting]")
    page.close()
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(address)
    page.wait_for_selector("[data-ready]")
    assert page.input_value("[data-type=numeric] input") == "300"
    page.wait_for_selector("#save-state[data-state=saved]")
    press(page, "交卷")
    page.locator("#confirm-yes").click()
    page.wait_for_selector(".receipt")
    assert "共 3 题，作答 3 题" in page.inner_text(".receipt")
    page.close()


def answer_all(stage: Stage, nickname: str, values: list[str]) -> None:
    """Let somebody else answer through the same pages' services."""
    from zhiwei.assessment.models import Work
    from zhiwei.assessment.services import answering

    actor, now = stage.cast.actor(nickname, timezone.localdate()), timezone.now()
    with scope.entered(actor.tenants):
        sitting = answering.begin_sitting(actor=actor, now=now, work_uuid=Work.objects.get().uuid)
        for item, value in zip(sitting.work.items.order_by("position"), values, strict=True):
            answering.save_response(
                now=now, sitting=sitting, item_uuid=item.uuid, value={"text": value}, sequence=1
            )
        answering.hand_in(actor=actor, now=now, sitting=sitting)


def mark_the_doubtful(page: Any, work: str) -> None:
    """Open the essay-like question on the desk and mark both answers by keyboard."""
    page.goto(work)
    page.locator("tbody tr", has_text="刹车").get_by_role("link", name="批改").click()
    page.wait_for_selector("[data-paper]:not(:empty)")
    for number in (1, 2):
        page.wait_for_selector(f"[data-paper]:has-text('{number}')")
        full = "由于惯性" in page.inner_text("[data-answer]")
        page.locator("[data-answer]").focus()
        page.keyboard.press("s")
        page.keyboard.type("4" if full else "1.5")
        page.keyboard.press("Enter")
    page.wait_for_selector("[data-reviewed]:text-is('2')")
    page.wait_for_selector("[data-save][data-state=saved]")


def release(page: Any, work: str) -> None:
    """Release to everybody, doubtful answers of the other questions included."""
    page.goto(f"{work}release/")
    for box in page.locator("[name=allow_doubtful]").all()[:-1]:
        box.check()
    press(page, "发布全部班级")
    page.wait_for_selector("text=已发布 2 份")
    with scope.everywhere("test"):
        assert set(Sitting.objects.values_list("state", flat=True)) == {"released"}


def read_feedback(phone: Any, stage: Stage) -> None:
    """The pupil reads what is missing, asks again, finds it in the book; the guardian sees the same; others nothing."""
    page = phone.new_page()
    page.goto("/assessment/today/")
    page.get_by_role("link", name="惯性与换算").click()
    assert "单位" in page.locator(".feedback-item", has_text="厘米").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    address = page.url
    page.goto("/assessment/wrong/")
    assert "惯性与换算" in page.inner_text("#wrong") and page.locator(".wrong-card").count() == 1
    guardian = stage.device("guardian", PHONE)
    shown = guardian.new_page()
    shown.goto(address)
    assert "300" in shown.inner_text(".feedback-item >> nth=1")
    assert shown.get_by_role("link", name="再练一题").count() == 0
    stranger = stage.device("classmate", PHONE)
    assert stranger.new_page().goto(address).status == 404
    for context in (guardian, stranger):
        context.close()


def learn(page: Any, work: str) -> None:
    """The class picture says what to teach first; its figures open the answers behind them."""
    page.goto(f"{work}picture/")
    assert "先讲第" in page.inner_text(".picture-headline")
    page.locator("#q2").get_by_role("link", name="2 份作答").click()
    with scope.everywhere("test"):
        texts = [row.value["text"] for row in Response.objects.filter(item__position=2)]
    rows = page.inner_text("tbody")
    assert all(text in rows for text in texts)
