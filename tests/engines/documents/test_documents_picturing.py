"""A page as it looks: drawn in its own process, the words cited marked where they stand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.engines.documents.document_files import portable

from zhiwei.engines.documents import Limits, PagePicture, RefusedError, picture_page
from zhiwei.engines.documents.page_worker import runs_of

SOURCE = """#set page(width: 300pt, height: 200pt, margin: 20pt)
#set text(font: "Noto Sans CJK SC", size: 12pt)
浮力的大小等于它排开的液体所受的重力。

#v(60pt)
物体的密度决定它是浮还是沉，和形状没有关系。
#pagebreak()
第二页说轮船。
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictured")
    made = folder / "book.pdf"
    made.write_bytes(portable(SOURCE, folder))
    return made


def yellow_rows(picture: PagePicture) -> list[int]:
    """Rows of the picture that hold the marker's colour."""
    image = Image.open(BytesIO(picture.jpeg)).convert("RGB")
    assert image.size == (picture.width, picture.height)
    small = image.resize((60, picture.height), Image.Resampling.BOX)
    rows = []
    for y in range(small.height):
        colours = [small.getpixel((x, y)) for x in range(small.width)]
        if any(isinstance(one, tuple) and one[0] > 200 and one[2] < 150 for one in colours):
            rows.append(y)
    return rows


def test_the_words_cited_are_marked_where_they_stand(path: Path) -> None:
    upper = picture_page(path, 1, "它排开的液体\n所受的重力")
    lower = picture_page(path, 1, "和形状没有关系")
    assert upper.marked >= 1 and lower.marked >= 1
    first, second = yellow_rows(upper), yellow_rows(lower)
    assert first and second and max(first) < min(second)


def test_without_words_or_on_another_page_nothing_is_marked(path: Path) -> None:
    assert picture_page(path, 1).marked == 0
    other = picture_page(path, 2, "它排开的液体所受的重力")
    assert other.marked == 0 and not yellow_rows(other)


def test_a_missing_page_and_a_damaged_file_are_refused(path: Path, tmp_path: Path) -> None:
    for number in (0, 3):
        with pytest.raises(RefusedError, match="no_page"):
            picture_page(path, number)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    with pytest.raises(RefusedError, match="broken"):
        picture_page(broken, 1)


def test_a_drawing_that_takes_too_long_is_ended(path: Path) -> None:
    with pytest.raises(RefusedError, match="took_too_long"):
        picture_page(path, 1, "", Limits(seconds=0))


@pytest.mark.parametrize(
    ("plain", "wanted", "runs"),
    [
        ("甲乙丙丁", "乙丙", [(1, 3)]),
        ("前面一二三四五六七八后面", "一二三四五六七八", [(2, 10)]),
        ("这一行的前半句子12页码这一行的后半句子", "这一行的前半句子这一行的后半句子", [(0, 8), (12, 20)]),
        ("完全无关的内容", "别的文字", []),
    ],
)
def test_words_are_found_whole_or_in_the_pieces_that_a_page_number_cut(
    plain: str, wanted: str, runs: list[tuple[int, int]]
) -> None:
    assert runs_of(plain, wanted) == runs
