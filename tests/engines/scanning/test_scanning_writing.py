from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from benchmarks.paper_pages import Pixels, _font
from PIL import Image, ImageDraw

from zhiwei.engines.scanning import DrawnRegion, LineReading, PageImage, Reader, page_from_blank, read_page
from zhiwei.engines.scanning.essay import read_grid
from zhiwei.engines.scanning.ocr import RapidRecogniser, decode
from zhiwei.engines.scanning.rules import find_rules
from zhiwei.engines.scanning.strokes import cut_writing, plain_bars, split_power
from zhiwei.engines.scanning.writing import (
    NUMERIC,
    digit_of,
    leaves_ink,
    number_text,
    read_boxes,
    read_short,
    voted,
)
from zhiwei.engines.sheets import Box, Cell, Question, Region, SheetError, SheetSpec, Template, lay_out


@pytest.fixture(scope="session")
def recogniser() -> RapidRecogniser:
    return RapidRecogniser(threads=1)


def strip(parts: Sequence[tuple[str, int, int, int]], width: int = 700, rule: bool = True) -> Pixels:
    """A blank with text at (x, y, size) above a printed rule."""
    image = Image.new("L", (width, 160), 255)
    draw = ImageDraw.Draw(image)
    for text, x, y, size in parts:
        draw.text((x, y), text, fill=20, font=_font(False, size))
    if rule:
        draw.line((20, 128, width - 20, 128), fill=40, width=3)
    return np.array(image)


def test_a_number_on_a_rule(recogniser: RapidRecogniser) -> None:
    values, confidence, remark = read_short(strip([("1.33", 150, 50, 60)]), NUMERIC, recogniser)
    assert values == ("1.33",) and confidence > 0.8 and not remark


def test_a_raised_exponent_is_a_power(recogniser: RapidRecogniser) -> None:
    picture = strip([("3.19×10", 100, 55, 54), ("−11", 315, 35, 34)])
    assert read_short(picture, NUMERIC, recogniser)[0] == ("3.19×10^-11",)


def test_an_empty_blank_is_blank(recogniser: RapidRecogniser) -> None:
    values, confidence, remark = read_short(strip([]), NUMERIC, recogniser)
    assert values == () and remark == "blank" and confidence > 0.8


def test_a_scribble_is_left_out_and_a_person_looks(recogniser: RapidRecogniser) -> None:
    picture = strip([("2.5", 350, 50, 60)])
    picture[62:108, 150:240] = 15
    values, confidence, remark = read_short(picture, NUMERIC, recogniser)
    assert values == ("2.5",) and remark == "crossed_out" and confidence < 0.8


def test_a_slanting_stroke_through_a_number_takes_the_whole_number_out(recogniser: RapidRecogniser) -> None:
    image = Image.fromarray(strip([("2.90", 60, 50, 60), ("1.33", 400, 50, 60)]))
    ImageDraw.Draw(image).line((80, 58, 205, 116), fill=20, width=5)
    values, confidence, remark = read_short(np.array(image), NUMERIC, recogniser)
    assert values == ("1.33",) and remark == "crossed_out" and confidence < 0.8


def test_looks_that_disagree_leave_a_doubt_and_the_strongest_text() -> None:
    assert voted([("1.3", 0.9), ("1.3", 0.7), ("1.3", 0.8)]) == ("1.3", pytest.approx(0.8))
    text, confidence = voted([("1.8", 0.99), ("1.3", 0.7), ("1.3", 0.8)])
    assert text == "1.3" and confidence <= 0.6


def test_a_seven_taken_for_a_one_is_a_doubtful_seven() -> None:
    seven, one = digit_of(LineReading("1", 0.99), "7"), digit_of(LineReading("7", 0.99), "1")
    assert (seven.text, one.text) == ("7", "7") and max(seven.confidence, one.confidence) < 0.8


def test_a_letter_that_a_thinner_pen_makes_another_one_is_doubtful() -> None:
    class Pens:
        def read_lines(self, lines: Sequence[Pixels], alphabet: str) -> list[LineReading]:
            """An A in a thin pen, a B in a broad one."""
            dark = [float((line < 128).mean()) for line in lines]
            return [LineReading("A" if share < 0.05 else "B", 0.99) for share in dark]

    flat = np.full((80, 80), 255, np.uint8)
    flat[20:60, 38:42] = 0
    box = Box(0, 0, 10, 10)
    region = Region("k", "q", "letter", box, (Cell(box),), "ABCD")
    assert read_boxes(flat, region, Pens())[1] < 0.8
    flat[20:60, 30:50] = 0
    assert read_boxes(flat, region, Pens())[:2] == (("B",), 0.99)


def test_a_rule_is_removed_without_the_strokes_that_cross_it() -> None:
    found = cut_writing(strip([("g9", 150, 70, 60)]))
    assert found is not None
    assert found.mask.shape[1] < 120 and found.mask.shape[0] > 45


def test_ink_beyond_the_signs_read_is_noticed() -> None:
    picture = strip([("12345678", 100, 50, 60)], rule=False)
    whole = LineReading("12345678", 0.99, tuple((125 + 34 * i) / 700 for i in range(8)))
    assert not leaves_ink(whole, picture)
    assert leaves_ink(LineReading("1234", 0.99, whole.spans[:4]), picture)
    assert leaves_ink(LineReading("5678", 0.99, whole.spans[4:]), picture)
    assert not leaves_ink(LineReading("", 0.0), picture)


def test_the_bar_of_a_seven_is_no_rule_inside_a_box() -> None:
    seven = np.full((64, 52), 255, np.uint8)
    seven[10:14, 12:40] = 20
    for row in range(14, 56):
        seven[row, 38 - (row - 14) // 3 : 42 - (row - 14) // 3] = 20
    ruled, boxed = cut_writing(seven), cut_writing(seven, ruled=False)
    assert boxed is not None and boxed.mask.shape[1] >= 28
    assert ruled is None or ruled.mask.shape[1] < 28


def test_powers_are_split_only_where_something_is_raised() -> None:
    flat = cut_writing(strip([("12345", 100, 50, 60)]))
    raised = cut_writing(strip([("2×10", 100, 55, 54), ("5", 230, 35, 32)]))
    assert flat is not None and split_power(flat) is None
    assert raised is not None and split_power(raised) is not None


def test_bars_are_counted_and_other_signs_are_not() -> None:
    part = np.full((60, 120), 255, np.uint8)
    part[28:32, 5:35] = 0
    part[5:55, 50:55] = 0
    part[5:55, 80:85] = 0
    assert plain_bars(part) == "-11"
    part[5:20, 50:70] = 0
    assert plain_bars(part) == ""


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("3.2×10-11", "3.2×10^-11"),
        ("3.2×10^-11", "3.2×10^-11"),
        ("1.33.", "1.33"),
        ("1.3.3", None),
        ("×10", None),
    ],
)
def test_the_form_of_a_number_is_checked(read: str, expected: str | None) -> None:
    text, confidence = number_text(LineReading(read, 0.95))
    if expected is None:
        assert confidence < 0.5
    else:
        assert text == expected and confidence == 0.95


def test_decoding_within_an_alphabet_takes_lookalikes_and_keeps_doubt() -> None:
    signs = ["blank", "0", "o", "x", "人"]
    steps = np.array([[0.1, 0.2, 0.6, 0.05, 0.05], [0.9, 0.0, 0.0, 0.0, 0.1]], np.float32)
    assert decode(steps, signs, "", 1.0).text == "o"
    masked = decode(steps, signs, "0", 1.0)
    assert masked.text == "0" and 0.7 < masked.confidence < 0.85
    stranger = decode(np.array([[0.05, 0.1, 0.0, 0.0, 0.85]], np.float32), signs, "0", 1.0)
    assert stranger.confidence < 0.2


def test_letters_in_boxes(recogniser: RapidRecogniser) -> None:
    for letter in "ABCD":
        reading = recogniser.read_lines([strip([(letter, 60, 40, 70)], 180, rule=False)], "ABCD")[0]
        assert reading.text == letter


def test_an_essay_comes_back_square_by_square(recogniser: RapidRecogniser) -> None:
    template = lay_out(SheetSpec("W", "作文", (Question("1", "grid", size=40),), number_digits=0)).template
    page = template.pages[0]
    region = next(r for r in page.regions if r.kind == "grid")
    flat = Image.new("L", (round(page.width_mm * 8), round(page.height_mm * 8)), 255)
    draw = ImageDraw.Draw(flat)
    text = "\u3000\u3000春天来了，小河解冻了。"
    for sign, cell in zip(text, region.cells, strict=False):
        draw.text((cell.box.x * 8 + 9, cell.box.y * 8 + 2), sign, fill=20, font=_font(True, 46))
    rows, confidence, _ = read_grid(np.array(flat), region, recogniser)
    assert rows[0] == text and confidence > 0.8


def test_an_empty_grid_is_blank(recogniser: RapidRecogniser) -> None:
    region = Region("1", "1", "grid", Box(10, 10, 16, 8), (Cell(Box(10, 10, 8, 8)), Cell(Box(18, 10, 8, 8))))
    assert read_grid(np.full((300, 300), 255, np.uint8), region, recogniser)[0] == ()


def own_paper() -> Pixels:
    """Existing paper without marks: a heading, questions and blanks."""
    image = Image.new("L", (1654, 2339), 250)
    draw = ImageDraw.Draw(image)
    draw.text((400, 120), "八年级物理单元测验", fill=10, font=_font(True, 70))
    for i in range(12):
        y = 360 + i * 150
        draw.text(
            (120, y),
            f"{i + 1}. 物体的第{i * 7 % 10}次运动{'快慢冷热高低'[i % 6]}用什么表示",
            fill=20,
            font=_font(False, 44),
        )
        draw.line((1000, y + 60, 1500 - 20 * (i % 5), y + 60), fill=30, width=3)
    return np.array(image)


def test_existing_paper_is_found_by_its_print(recogniser: RapidRecogniser) -> None:
    import cv2

    blank = own_paper()
    drawn = [DrawnRegion("3", "3", "short", Box(1000, 360 + 300 - 40, 440, 120), alphabet=NUMERIC)]
    template = Template("OWN", "自有试卷", (page_from_blank(blank, drawn),))
    answered = Image.fromarray(blank)
    ImageDraw.Draw(answered).text((1080, 655), "4.2", fill=15, font=_font(False, 56))
    matrix = cv2.getRotationMatrix2D((827, 1170), 4.0, 0.93)
    scan = np.asarray(
        cv2.warpAffine(np.array(answered), matrix, (1654, 2339), borderValue=230), dtype=np.uint8
    )
    result = read_page(PageImage("a.jpg", "", 1, scan), Reader(template, b"", recogniser, {}))
    assert result.page == 1 and result.readings[0].values == ("4.2",)
    assert result.doubts == ("unknown_pupil",)


def strip_page(label: str, answer: str = "") -> Pixels:
    """A strip with the number of its question before one blank; strips differ in nothing else."""
    image = Image.new("L", (1400, 160), 250)
    draw = ImageDraw.Draw(image)
    draw.text((40, 70), label, fill=20, font=_font(True, 40))
    draw.line((130, 124, 900, 124), fill=30, width=3)
    draw.text((300, 58), answer, fill=15, font=_font(False, 52))
    return np.array(image)


def strips() -> Template:
    box = Box(120, 20, 800, 96)
    pages = [
        page_from_blank(strip_page(label), [DrawnRegion(label, label, "free", box)], number=number)
        for number, label in enumerate(("7.", "18.", "24."), start=1)
    ]
    return Template("OWN", "答题条", tuple(pages))


@pytest.mark.parametrize(("label", "number"), [("7.", 1), ("18.", 2), ("24.", 3)])
def test_strips_that_look_alike_are_told_apart_by_their_print(label: str, number: int) -> None:
    scan = strip_page(label, "1.33")
    result = read_page(PageImage("a.png", "", 1, scan), Reader(strips(), b"", None, {}))
    assert result.page == number and result.doubts == ("unknown_pupil",)


def test_a_strip_without_its_number_is_in_doubt() -> None:
    scan = strip_page("", "1.33")
    result = read_page(PageImage("a.png", "", 1, scan), Reader(strips(), b"", None, {}))
    assert "unknown_page" in result.doubts or "not_registered" in result.doubts


def test_other_paper_is_not_taken_for_it() -> None:
    template = Template("OWN", "自有试卷", (page_from_blank(own_paper(), []),))
    other = Image.new("L", (1654, 2339), 250)
    ImageDraw.Draw(other).text((300, 900), "完全不同的一页纸 English words", fill=10, font=_font(True, 60))
    result = read_page(PageImage("a.jpg", "", 1, np.array(other)), Reader(template, b"", None, {}))
    assert result.doubts == ("not_registered",)


def test_a_blank_without_print_or_a_region_outside_is_refused() -> None:
    with pytest.raises(SheetError, match="nothing is printed"):
        page_from_blank(np.full((300, 300), 255, np.uint8), [])
    with pytest.raises(SheetError, match="outside"):
        page_from_blank(own_paper(), [DrawnRegion("1", "1", "free", Box(1600, 0, 100, 10))])


def test_rules_are_found_whole_where_writing_crosses_them() -> None:
    rules = find_rules(strip([("9g", 200, 70, 60)]))
    assert len(rules) == 1 and rules[0].x0 < 30 and rules[0].x1 > 670
