"""The tray in a real Chromium: a page is dragged to its pupil, taken back, and given by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
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
def camera(tmp_path: Path) -> Path:
    """What the phone's camera sees: white paper with print on a dark desk."""
    frame = np.full((960, 720), 60, np.uint8)
    frame[120:840, 100:620] = 235
    frame[200:800:24, 160:560] = 20
    path = tmp_path / "camera.y4m"
    grey = bytes([128]) * (frame.size // 2)
    path.write_bytes(
        b"YUV4MPEG2 W720 H960 F5:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + frame.tobytes() + grey) * 2
    )
    return path


@pytest.fixture
def page(live_server: LiveServer, sign_in: dict[str, Client], camera: Path) -> Iterator[playwright.Page]:
    """A browser signed in as the teacher, in which any error of a script fails the test."""
    try:
        assets.install_assets()
    except assets.AssetsError as error:
        pytest.skip(str(error))
    own = Path("/usr/bin/chromium")
    told: list[str] = []
    arguments = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=own if own.exists() else None, args=arguments)
        context = browser.new_context(
            base_url=live_server.url, locale="zh-CN", permissions=["camera"], has_touch=True
        )
        cookie = sign_in["teacher"].cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: told.append(str(error)))
        yield opened
        browser.close()
    assert told == []


@pytest.fixture
def blank(cast: Cast, tmp_path: Path) -> tuple[str, Path]:
    """Address of a work's paper, and the scan of a blank of the school's own."""
    drawn = np.full((900, 640), 255, np.uint8)
    drawn[120:130, 80:560] = drawn[400:404, 200:500] = 0
    path = tmp_path / "blank.png"
    Image.fromarray(drawn).save(path)
    return f"/assessment/paper/{paper_work(cast).uuid}/", path


def test_regions_are_drawn_on_a_blank_and_saved(blank: tuple[str, Path], page: playwright.Page) -> None:
    address, picture = blank
    page.goto(address)
    page.locator("summary", has_text="空白卷").click()
    page.locator("input[name=blank]").set_input_files(picture)
    page.locator("form[action$='/template/'] button").click()
    board = page.locator(".draw-page")
    frame = board.bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 120, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 220, frame["y"] + 100, steps=3)
    playwright.expect(page.locator(".draw-region.growing")).to_be_visible()
    page.mouse.up()
    playwright.expect(page.locator(".draw-region")).to_have_count(1)
    page.locator("select[name=kind]").select_option("letter")
    page.locator("#draw-save").click()
    playwright.expect(page.locator("#draw-note")).to_have_text("模板已保存")
    page.reload()
    playwright.expect(page.locator(".draw-region")).to_have_count(1)
    playwright.expect(page.locator("#draw-list")).to_contain_text("一个字母")


def test_the_camera_outlines_the_paper_and_sends_the_page(
    blank: tuple[str, Path], page: playwright.Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{blank[0]}phone/")
    playwright.expect(page.locator("#phone-outline polygon")).to_have_class("good")
    shoot = page.locator("#phone-shoot")
    playwright.expect(shoot).to_be_in_viewport()
    with page.expect_response("**/scans/") as answered:
        shoot.click()
    assert answered.value.status == 201
    told = answered.value.json()
    files = page.request.get(told["url"], headers={"Accept": "application/json"}).json()["files"]
    assert [one["name"].startswith("phone-") for one in files] == [True]
    playwright.expect(page.locator("#phone-list")).to_contain_text("第 1 张")


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
