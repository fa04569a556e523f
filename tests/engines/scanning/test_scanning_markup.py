from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from zhiwei.engines.scanning import Mark, mark_up, marked_pdf, marked_png
from zhiwei.engines.sheets import Box

PAGE = np.full((1188, 840), 255, np.uint8)
KINDS = ["score", "tick", "half", "cross", "comment", "outline"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_leaves_vermilion_where_it_belongs_and_the_page_untouched(kind: str) -> None:
    image = np.array(mark_up(PAGE, [Mark(kind, Box(50, 60, 30, 8), "8分 好")], 210.0)).astype(int)
    red = (image[..., 0] - image[..., 2]) > 100
    rows, columns = np.nonzero(red)
    assert red.any() and PAGE.min() == 255
    assert columns.min() >= 190 and columns.max() <= 500 and rows.min() >= 230 and rows.max() <= 320


def test_a_long_comment_is_wrapped_and_stays_on_its_lines() -> None:
    image = np.array(mark_up(PAGE, [Mark("comment", Box(20, 20, 60, 60), "步骤完整，注意单位。" * 8)], 210.0))
    columns = np.nonzero((image[..., 0].astype(int) - image[..., 2]) > 100)[1]
    assert columns.max() <= (20 + 60 + 3) * 4


def test_pages_become_one_pdf_as_large_as_the_paper() -> None:
    pages = [(PAGE, [Mark("score", Box(150, 20, 30, 12), str(score))], 210.0) for score in (90, 85, 70)]
    document = pypdfium2.PdfDocument(marked_pdf(pages))
    assert len(document) == 3
    assert document[0].get_width() / 72 * 25.4 == pytest.approx(210, abs=1)


def test_png_is_a_picture() -> None:
    assert Image.open(io.BytesIO(marked_png(PAGE, [], 210.0))).size == (840, 1188)


def test_nothing_to_write_or_an_unknown_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="no page"):
        marked_pdf([])
    with pytest.raises(ValueError, match="doodle"):
        Mark("doodle", Box(0, 0, 1, 1))
