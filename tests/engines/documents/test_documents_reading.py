"""Documents: text, headings and pages come out; hostile and damaged files are refused with a sentence."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from document_files import entity_bomb, portable, slides, word, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from zhiwei.engines.documents import (
    Limits,
    ReadDocument,
    RefusedError,
    advice,
    all_codes,
    read_document,
    read_markdown,
    read_scans,
)
from zhiwei.engines.documents.markup import decode_text, read_html

PAGE = """
#set page(height: 240pt, footer: context align(center, counter(page).display()))
#set text(font: ("Noto Sans SC", "Noto Serif SC", "Source Han Sans SC"), size: 10pt)
#text(size: 16pt)[浮力]

浸在液体中的物体受到向上的浮力，大小等于它排开的液体所受的重力。

#pagebreak()
轮船从江里开到海里，浮力不变。
"""


def read(tmp_path: Path, content: bytes, name: str, **limits: int) -> ReadDocument:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return read_document(path, name, Limits(**limits))


def test_a_word_file_keeps_headings_pages_and_tables(tmp_path: Path) -> None:
    made = word([("光合作用", 1), ("叶绿体利用光能。", 0), ("第二页的话。", -1)])
    found = read(tmp_path, made, "笔记.docx")
    assert [(b.text, b.page, b.level) for b in found.blocks] == [
        ("光合作用", 1, 1),
        ("叶绿体利用光能。", 1, 0),
        ("第二页的话。", 2, 0),
        ("水的密度  1.0", 2, 0),
    ]
    assert (found.kind, found.title) == ("docx", "光合作用")


def test_slides_come_in_the_order_of_the_show(tmp_path: Path) -> None:
    found = read(tmp_path, slides([("密度", "质量与体积之比"), ("压强", "压力除以面积")]), "x.pptx")
    assert [(b.text, b.page, b.level) for b in found.blocks] == [
        ("密度", 1, 1),
        ("质量与体积之比", 1, 0),
        ("压强", 2, 1),
        ("压力除以面积", 2, 0),
    ]


def test_a_pdf_gives_pages_and_headings_and_no_page_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, portable(PAGE, tmp_path), "x.pdf")
    assert found.pages == 2
    assert found.blocks[0].text == "浮力"
    assert found.blocks[0].level
    assert "排开的液体所受的重力。" in found.blocks[1].text
    assert [b.text for b in found.blocks if b.page == 2] == ["轮船从江里开到海里，浮力不变。"]


def test_a_page_without_text_is_read_by_the_recogniser(tmp_path: Path) -> None:
    import pylopdf_fonts_zh_cn

    font = next(Path(pylopdf_fonts_zh_cn.__file__).parent.rglob("*.[ot]tf"))
    picture = Image.new("L", (900, 200), 255)
    ImageDraw.Draw(picture).text(
        (40, 60), "图书馆早上八点开门", fill=0, font=ImageFont.truetype(str(font), 56)
    )
    path = tmp_path / "scan.png"
    picture.save(path)
    found = read_document(path, "scan.png")
    assert (found.kind, found.blocks, found.pictures) == ("image", (), (1,))
    ((number, blocks),) = read_scans(path, found.pictures, Limits())
    assert number == 1
    assert "图书馆早上八点开门" in "".join(block.text for block in blocks)
    with pytest.raises(RefusedError, match="too_many_scans"):
        list(read_scans(path, range(3), Limits(scanned_pages=2)))


def test_web_pages_lose_scripts_and_menus() -> None:
    page = "<head><title>x</title></head><nav>菜单</nav><h2>标题&amp;</h2><p>第一<b>段</b></p><script>bad()</script>"
    assert [(b.text, b.level) for b in read_html(page.encode())] == [("标题&", 2), ("第一段", 0)]


def test_a_web_archive_gives_its_page(tmp_path: Path) -> None:
    archive = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<p>=E6=B5=AE=E5=8A=9B</p>\r\n--B--\r\n"
    )
    assert [b.text for b in read(tmp_path, archive, "saved.mht").blocks] == ["浮力"]


def test_markdown_has_headings_lists_and_tables() -> None:
    blocks = read_markdown("# 一\n\n文\n\n- 甲\n- 乙\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert [(b.text, b.level) for b in blocks] == [
        ("一", 1),
        ("文", 0),
        ("甲", 0),
        ("乙", 0),
        ("a  b", 0),
        ("1  2", 0),
    ]


def test_old_chinese_text_is_decoded() -> None:
    assert decode_text("食堂菜单".encode("gb18030")) == "食堂菜单"
    assert decode_text("食堂".encode("utf-16")) == "食堂"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"%PDF-1.7 nothing more", "a.pdf", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "legacy_office"),
        (b"\x00\x01\x02binary", "a.bin", "unsupported"),
        (entity_bomb(), "a.docx", "hostile"),
        (zipped({"x.txt": "hello"}), "a.zip", "unsupported"),
        (zipped({"word/document.xml": "<broken"}), "a.docx", "broken"),
        (zipped({"word/document.xml": "a" * 5_000_000}), "a.docx", "archive_too_large"),
        (b"PK\x03\x04 cut", "a.docx", "broken"),
        (b"   \n  ", "a.txt", "no_text"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(tmp_path, content, name)
    assert refused.value.code == code
    assert advice(code) != advice("crashed")
    assert advice(code, english=True).isascii()


def test_limits_are_kept(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="file_too_large"):
        read(tmp_path, b"x" * 100, "a.txt", file_bytes=10)
    with pytest.raises(RefusedError, match="too_long"):
        read(tmp_path, b"x" * 100, "a.txt", characters=10)
    with pytest.raises(RefusedError, match="too_many_pages"):
        read(tmp_path, slides([("a", "b"), ("c", "d")]), "x.pptx", pages=1)


def test_every_code_speaks_two_languages() -> None:
    for code in all_codes():
        assert advice(code) and advice(code, english=True)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_decode_to_text_and_any_page_to_blocks(content: bytes) -> None:
    assert isinstance(decode_text(content), str)
    assert all(block.text.strip() for block in read_html(content + zlib.compress(content)))
