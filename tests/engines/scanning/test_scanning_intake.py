from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from zhiwei.engines.scanning import FileProblem, Limits, PageImage, read_pages

LIMITS = Limits(page_seconds=20.0)


def take(path: Path, limits: Limits = LIMITS) -> list[PageImage | FileProblem]:
    return list(read_pages(path, limits))


def why(path: Path, limits: Limits = LIMITS) -> list[str]:
    return [item.why.code for item in take(path, limits) if isinstance(item, FileProblem)]


def saved(tmp_path: Path, image: Image.Image, name: str, **more: object) -> Path:
    path = tmp_path / name
    image.save(path, **more)  # type: ignore[arg-type]
    return path


def only(path: Path) -> PageImage:
    (item,) = take(path)
    assert isinstance(item, PageImage)
    return item


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("1", "a.png"),
        ("L", "a.tif"),
        ("P", "a.png"),
        ("RGBA", "a.webp"),
        ("CMYK", "a.jpg"),
        ("I;16", "a.png"),
    ],
)
def test_every_kind_of_pixel_is_taken(tmp_path: Path, mode: str, name: str) -> None:
    base = Image.fromarray((np.arange(60 * 40, dtype=np.uint16).reshape(40, 60) * 20).astype(np.uint16))
    image = base if mode == "I;16" else Image.new("RGB", (60, 40), "white").convert(mode)
    page = only(saved(tmp_path, image, name))
    assert page.pixels.shape[:2] == (40, 60) and page.pixels.dtype == np.uint8
    if mode != "I;16":
        assert page.pixels.min() > 240


def test_transparency_is_white_paper_and_exif_rotation_is_applied(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (20, 30), (0, 0, 0, 0))
    assert only(saved(tmp_path, clear, "clear.png")).pixels.min() == 255
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = saved(tmp_path, Image.new("L", (30, 20)), "turned.jpg", exif=exif)
    assert only(turned).pixels.shape[:2] == (30, 20)


def test_tiff_pages_come_in_order_and_animations_are_flagged(tmp_path: Path) -> None:
    frames = [Image.new("L", (10, 10), shade) for shade in (10, 90, 200)]
    path = saved(tmp_path, frames[0], "a.tif", save_all=True, append_images=frames[1:])
    pages = [item for item in take(path) if isinstance(item, PageImage)]
    assert [(page.number, int(page.pixels[0, 0])) for page in pages] == [(1, 10), (2, 90), (3, 200)]
    moving = saved(tmp_path, frames[0], "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert [note.code for note in only(moving).notes] == ["animated"]


def test_an_archive_gives_its_pages_and_one_report_for_each_bad_member(tmp_path: Path) -> None:
    inner = io.BytesIO()
    Image.new("L", (10, 10)).save(inner, "PNG")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/ok.png", inner.getvalue())
        archive.writestr("a.txt", "hello")
        archive.writestr("bad.png", inner.getvalue()[:40])
        archive.writestr("../../x.svg", "<svg/>")
        archive.writestr("__MACOSX/ok.png", b"litter")
    items = take(path)
    assert [i.member for i in items if isinstance(i, PageImage)] == ["b/ok.png"]
    problems = {i.member: i.why.code for i in items if isinstance(i, FileProblem)}
    assert problems == {"a.txt": "unsupported", "bad.png": "broken", "../../x.svg": "unsupported"}


def test_bombs_are_refused_without_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.png", bytes(5_000_000))
    assert why(path, replace(LIMITS, member_bytes=1_000_000)) == ["archive_too_large"]
    assert why(path, replace(LIMITS, archive_bytes=1_000_000)) == ["archive_too_large"]


def test_a_huge_picture_is_refused_by_its_header(tmp_path: Path) -> None:
    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 0, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    assert why(path) == ["too_large"]


def test_bad_files_have_one_clear_answer_each(tmp_path: Path) -> None:
    cases = {
        "empty.pdf": b"",
        "words.pdf": b"hello",
        "cut.pdf": b"%PDF-1.7\n%%EOF",
        "cut.jpg": b"\xff\xd8\xff\xe0",
    }
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
    assert why(tmp_path / "empty.pdf") == ["empty"]
    assert why(tmp_path / "words.pdf") == ["unsupported"]
    assert why(tmp_path / "cut.pdf") == ["broken"]
    assert why(tmp_path / "cut.jpg") == ["broken"]
    assert why(tmp_path / "absent.pdf") == ["missing_file"]


def test_too_many_pages_and_too_many_bytes_are_refused(tmp_path: Path) -> None:
    sheet = Image.new("L", (10, 10))
    path = saved(tmp_path, sheet, "a.pdf", save_all=True, append_images=[sheet] * 4)
    assert why(path, replace(LIMITS, pages=3)) == ["too_many_pages"]
    assert why(path, replace(LIMITS, file_bytes=10)) == ["file_too_large"]
    assert len(take(path)) == 5


def test_a_decoder_out_of_memory_or_time_is_stopped(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (6000, 6000)), "large.png")
    assert why(path, replace(LIMITS, memory_bytes=200 << 20))[0] in {
        "needs_too_much_memory",
        "crashed",
        "broken",
    }
    assert why(path, replace(LIMITS, page_seconds=0.001)) == ["took_too_long"]


def test_stopping_early_leaves_no_process(tmp_path: Path) -> None:
    sheet = Image.new("L", (800, 800))
    path = saved(tmp_path, sheet, "a.pdf", save_all=True, append_images=[sheet] * 10)
    before = set(psutil.Process().children())
    stream = read_pages(path, LIMITS)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert set(psutil.Process().children()) <= before
