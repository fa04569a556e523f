from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from benchmarks.paper_pages import CONDITIONS, SCALE, Pixels, _font
from PIL import Image, ImageDraw
from tests.engines.scanning.conftest import Scanned

from zhiwei.engines.scanning import DrawnRegion, PageImage, PageResult, Reader, page_from_blank, read_page
from zhiwei.engines.sheets import Box, PageTemplate, Template


def codes(result: PageResult) -> set[str]:
    return {found.code for found in result.findings}


def right(result: PageResult, truth: dict[str, tuple[str, ...]]) -> bool:
    read = {r.region: r.values for r in result.readings if r.kind in {"bubbles", "number"}}
    return all(read[key] == truth[key] for key in read)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
def test_bubbles_number_and_owner_survive_bad_scanning(scanned: Scanned, condition: str) -> None:
    picture = CONDITIONS[condition](scanned.filled.pixels, np.random.default_rng(11))
    result = scanned.read(picture)
    assert (result.work, result.pupil, result.page, result.how) == ("W1", "P1", 1, "code")
    assert right(result, scanned.filled.truth)
    assert not result.doubts


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_any_way_up(scanned: Scanned, turns: int) -> None:
    result = scanned.read(np.ascontiguousarray(np.rot90(scanned.filled.pixels, turns)))
    assert result.pupil == "P1" and right(result, scanned.filled.truth)


def hide(pixels: Pixels, x: float, y: float, w: float, h: float) -> Pixels:
    spoiled = pixels.copy()
    spoiled[round(y * SCALE) : round((y + h) * SCALE), round(x * SCALE) : round((x + w) * SCALE)] = 255
    return spoiled


def without_code(scanned: Scanned, pixels: Pixels) -> Pixels:
    box = scanned.template.pages[0].qr
    assert box is not None
    return hide(pixels, box.x, box.y, box.w, box.h)


def test_a_lost_code_falls_back_on_the_number_and_says_so(scanned: Scanned) -> None:
    result = scanned.read(without_code(scanned, scanned.filled.pixels))
    assert (result.pupil, result.page, result.how) == ("P1", 1, "number")
    assert "no_code" in codes(result) and not result.doubts


def test_a_lost_code_and_a_number_nobody_has_is_unknown(scanned: Scanned) -> None:
    result = scanned.read(without_code(scanned, scanned.filled.pixels), roster={"20269999": "P9"})
    assert result.pupil == "" and "unknown_pupil" in result.doubts


def test_code_and_number_that_disagree_are_a_doubt(scanned: Scanned) -> None:
    result = scanned.read(scanned.filled.pixels, roster={"20260001": "P2"})
    assert "number_disagrees" in result.doubts


def test_a_code_under_another_key_assigns_nothing(scanned: Scanned) -> None:
    result = scanned.read(scanned.filled.pixels, key=b"the key of another school")
    assert result.pupil == "" and "bad_signature" in result.doubts


def test_a_page_of_another_work_is_said_to_be_so(scanned: Scanned) -> None:
    other = replace(scanned, template=replace(scanned.template, work="W2"))
    assert other.read(scanned.filled.pixels).doubts == ("other_work",)


def test_an_untouched_page_is_blank_but_known(scanned: Scanned) -> None:
    result = scanned.read(scanned.pages[0])
    assert "blank" in codes(result) and result.pupil == "P1" and not result.doubts


def test_a_sheet_without_a_name_is_known_by_its_serial_until_the_number_is_filled(scanned: Scanned) -> None:
    result = scanned.read(scanned.pages[-len(scanned.template.pages)])
    assert result.sheet.startswith("BLANK-") and result.pupil == "" and result.doubts == ("unknown_pupil",)


def test_white_paper_and_something_else_are_not_registered(scanned: Scanned) -> None:
    assert "not_registered" in scanned.read(np.full((1200, 900), 250, np.uint8)).doubts
    noise = np.random.default_rng(0).integers(0, 255, (1200, 900)).astype(np.uint8)
    assert scanned.read(noise).doubts == ("not_registered",)


def test_two_sheets_in_one_picture_are_not_assigned(scanned: Scanned) -> None:
    both = np.hstack([scanned.filled.pixels, scanned.pages[len(scanned.template.pages)]])
    assert "two_pages" in scanned.read(both).doubts


def test_bad_pictures_say_what_to_do(scanned: Scanned) -> None:
    page = scanned.filled.pixels
    assert "dark" in codes(scanned.read((page * 0.3).astype(np.uint8)))
    for width in (3.0, 5.0):
        soft = np.asarray(cv2.GaussianBlur(page, (0, 0), width), dtype=np.uint8)
        assert "blurred" in codes(scanned.read(soft))
    assert "cut_off" in codes(scanned.read(np.ascontiguousarray(page[:, : round(page.shape[1] * 0.9)])))
    for found in scanned.read((page * 0.3).astype(np.uint8)).findings:
        assert found.zh and found.en


def test_glare_is_noticed(scanned: Scanned) -> None:
    photo = (scanned.filled.pixels * 0.8).astype(np.float32)
    ys, xs = np.mgrid[: photo.shape[0], : photo.shape[1]]
    spot = np.exp(-(((xs - 1300) / 260.0) ** 2 + ((ys - 560) / 200.0) ** 2)) * 900
    assert "glare" in codes(scanned.read(np.clip(photo + spot, 0, 255).astype(np.uint8)))


def test_every_field_keeps_its_picture(scanned: Scanned) -> None:
    result = scanned.read(scanned.filled.pixels)
    assert {r.region for r in result.readings} == {r.key for r in scanned.template.pages[0].regions}
    for reading in result.readings:
        picture = cv2.imdecode(np.frombuffer(reading.crop_png, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None and picture.size > 0
    free = next(reading for reading in result.readings if reading.kind == "free")
    assert free.unsure and free.values == ()


def test_mild_curl_is_taken_out(scanned: Scanned) -> None:
    page = scanned.filled.pixels
    height, width = page.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(
        page,
        xs,
        (ys + 14 * np.square(xs / width * 2 - 1)).astype(np.float32),
        cv2.INTER_LINEAR,
        borderValue=255,
    )
    result = scanned.read(np.asarray(bent, dtype=np.uint8))
    assert result.error_mm > 0.3 and right(result, scanned.filled.truth)


def _printed_page(number: int, word: str, size: tuple[int, int] = (900, 300)) -> PageTemplate:
    return page_from_blank(
        _strip(word, size), [DrawnRegion("q", "q", "short", Box(300, 100, 400, 120))], number=number
    )


def _strip(word: str, size: tuple[int, int] = (900, 300)) -> Pixels:
    """Two rules and a word before them, as on a strip cut out of a page."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    draw.text((60, size[1] - 150), word, fill=10, font=_font(False, 70))
    for left in (300, 620):
        draw.line((left, size[1] - 60, left + 220, size[1] - 60), fill=20, width=4)
    return np.array(image)


def test_pages_with_the_same_rules_are_told_apart_by_their_print() -> None:
    template = Template("W", "", (_printed_page(1, "甲1"), _printed_page(2, "乙2")))
    result = read_page(PageImage("", "", 1, _strip("乙2")), Reader(template, b"", None, {}))
    assert result.page == 2 and "unknown_page" not in result.doubts


def test_a_strange_picture_with_a_pages_rules_is_never_named_silently() -> None:
    template = Template("W", "", (_printed_page(1, "甲1"), _printed_page(2, "乙2")))
    for pages in (template.pages, template.pages[:1]):
        reader = Reader(Template("W", "", pages), b"", None, {})
        assert "unknown_page" in read_page(PageImage("", "", 1, _strip("丙3丁")), reader).doubts
