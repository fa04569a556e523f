"""In a real Chromium: reachable by everyone (axe), alive under a strict content policy, and light."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from ui_test_settings import ALONE

from zhiwei.ui import assets

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

LIGHTEST = 300_000
ISLANDS = ("echarts", "katex", "mathlive", "cytoscape", "openseadragon")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: requests are not what is tested."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    try:
        assets.install_assets(dev=True)
    except assets.AssetsError as error:
        pytest.skip(str(error))
    with override_settings(**ALONE, DEBUG=True):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    own = Path("/usr/bin/chromium")
    with playwright.sync_playwright() as play:
        try:
            opened = play.chromium.launch(
                executable_path=own if own.exists() else None, args=["--no-sandbox"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium here: {error}")
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "playwright.Browser", site: str) -> Iterator["playwright.Page"]:
    context = browser.new_context(base_url=site, locale="zh-CN")
    told: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    yield page
    context.close()
    assert told == []


@pytest.mark.parametrize(
    ("frame", "width", "theme"),
    [("staff", 1440, "light"), ("staff", 390, "dark"), ("pupil", 390, "light"), ("bureau", 1440, "dark")],
)
def test_nothing_serious_stands_in_anyones_way(
    page: "playwright.Page", theme: str, frame: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.goto(f"/ui/components/?frame={frame}")
    page.wait_for_selector("canvas")
    page.evaluate((assets.build_folder() / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]
    serious = [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize(
    ("frame", "width"), [("staff", 390), ("pupil", 360), ("bureau", 390), ("public", 360)]
)
def test_a_phone_never_scrolls_sideways(page: "playwright.Page", frame: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/ui/components/?frame={frame}")
    page.wait_for_selector("canvas")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_light_without_its_islands(page: "playwright.Page") -> None:
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.setdefault(answer.url, len(gzip.compress(answer.body()))))
    page.goto("/gate/", wait_until="networkidle")
    assert not any(name in url for url in weights for name in ISLANDS)
    assert 20_000 < sum(weights.values()) < LIGHTEST


def test_the_theme_is_kept_in_this_browser(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    page.click("details[data-menu] > summary")
    page.click("[data-theme-set=dark]")
    page.goto("/ui/components/?frame=pupil")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"


def test_the_palette_opens_searches_and_goes(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    page.keyboard.press("Control+k")
    page.keyboard.type("2026010")
    page.wait_for_selector("[role=option][aria-selected=true]")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("[role=option][aria-selected=true] span") == "李清源"
    page.keyboard.press("Enter")
    page.wait_for_url("**#20260102")


def test_single_keys_wait_while_one_types(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    page.focus("input[name=title]")
    page.keyboard.type("?")
    assert not page.is_visible("#keys")
    page.click("h1")
    page.keyboard.press("Shift+?")
    assert page.is_visible("#keys")
    page.uncheck("[data-single-keys]")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+?")
    assert not page.is_visible("#keys")


def test_picked_rows_are_counted(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    assert not page.is_visible("[data-bulk]")
    page.check("[data-select-all]")
    assert page.inner_text("[data-bulk-count]") == "已选 5 项"
    page.uncheck("[data-select] >> nth=0")
    assert page.evaluate("document.querySelector('[data-select-all]').indeterminate") is True


def test_tabs_dialogs_and_jobs(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    page.focus("#sample-tab-1")
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#sample-panel-2")
    assert not page.is_visible("#sample-panel-1")
    page.click("[data-dialog-open=sample-dialog]")
    assert page.is_visible("#sample-dialog")
    page.click("#sample-dialog [data-dialog-close] >> nth=0")
    assert not page.is_visible("#sample-dialog")
    page.wait_for_selector(".progress:has-text('导入名单') .badge.earned", timeout=12_000)


def test_formulas_are_drawn(page: "playwright.Page") -> None:
    page.goto("/ui/components/")
    page.wait_for_selector(".prose .katex")
    assert page.locator(".formula:not(:has(.katex))").count() == 0
