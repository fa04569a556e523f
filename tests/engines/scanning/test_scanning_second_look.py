from __future__ import annotations

import numpy as np
import pytest
from benchmarks.paper_pages import Pixels, _font
from PIL import Image, ImageDraw

from zhiwei.engines.scanning import UNSURE_BELOW, LineReading
from zhiwei.engines.scanning.second_look import DIGITS, digits_by_shape, hand_written, shape_of, weighed
from zhiwei.engines.scanning.writing import read_boxes
from zhiwei.engines.sheets import Box, Cell, Region

BOX = Box(2, 2, 8, 10)
REGION = Region("1", "1", "digits", BOX, (Cell(BOX),), DIGITS)


class Told:
    """A recogniser that always answers the same sign, surely."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read_lines(self, lines: list[Pixels], alphabet: str) -> list[LineReading]:
        return [LineReading(self.text, 0.99) for _line in lines]


def page_with(sign: str, size: int = 54) -> Pixels:
    image = Image.new("L", (100, 110), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((16, 16, 79, 95), outline=60, width=2)
    draw.text((34, 12), sign, fill=20, font=_font(False, size))
    return np.array(image)


def test_printed_digits_are_known_by_shape() -> None:
    assert digits_by_shape([page_with(sign)[22:90, 22:74] for sign in DIGITS]) == list(DIGITS)
    assert digits_by_shape([]) == []


def test_real_hands_are_known_by_shape_when_they_were_not_learnt_from() -> None:
    unseen = range(120)
    signs = list(hand_written())[: len(unseen)]
    shapes = digits_by_shape([picture for picture, _ in signs], unseen=unseen)
    assert sum(shape == label for shape, (_, label) in zip(shapes, signs, strict=True)) >= 114


def test_the_shape_of_nothing_is_nothing_and_size_does_not_matter() -> None:
    assert not shape_of(np.full((40, 40), 255, np.uint8)).any()
    small, large = shape_of(page_with("5", 30)[22:90, 22:74]), shape_of(page_with("5", 54)[22:90, 22:74])
    assert float(small @ large) > 0.95


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.99])
def test_disagreement_is_never_sure_and_agreement_is_surer(confidence: float) -> None:
    assert weighed("3", confidence, "8") < UNSURE_BELOW
    assert confidence <= weighed("3", confidence, "3") <= 1.0


def test_a_sure_recogniser_alone_is_not_believed() -> None:
    values, confidence, _ = read_boxes(page_with("7"), REGION, Told("4"))
    assert values == ("4",) and confidence < UNSURE_BELOW
    assert read_boxes(page_with("7"), REGION, Told("1"))[1] < UNSURE_BELOW
    assert read_boxes(page_with("7"), REGION, Told("7"))[1] > UNSURE_BELOW


def test_dust_in_a_box_is_no_sign() -> None:
    page = page_with("")
    page[50:55, 40:46] = 20
    assert read_boxes(page, REGION, Told("1")) == ((), 0.97, "blank")
    dotted = Region("1", "1", "digits", BOX, (Cell(BOX),), DIGITS + ".")
    assert read_boxes(page, dotted, Told("."))[0] == (".",)
