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


@pytest.mark.parametrize("size", [(1903, 2523), (997, 3001)])
def test_a_pdf_page_larger_than_any_paper_is_drawn_smaller_not_lost(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    page = only(saved(tmp_path, Image.new("L", size, 255), "large.pdf"))
    assert LIMITS.long_side_px - 2 <= max(page.pixels.shape[:2]) <= LIMITS.long_side_px


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


def _bytes(image: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def _pdf(pages: int, *, locked: bool = False) -> bytes:
    """A PDF of empty pages; a locked one asks for a password nobody knows."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    bodies += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages
    lock = ""
    if locked:
        bodies.append(f"<</Filter/Standard/V 1/R 2/P -4/O<{'ab' * 32}>/U<{'cd' * 32}>>>")
        lock = f"/Encrypt {len(bodies)} 0 R/ID[<00><00>]"
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(text))
        text += f"{number} 0 obj{body}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"trailer<</Size {len(bodies) + 1}/Root 1 0 R{lock}>>\nstartxref\n{len(text)}\n%%EOF"
    return f"{text}xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}{tail}".encode()


def _zip(*, locked: bool = False, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    raw = out.getvalue()
    marks = (b"PK\x03\x04", 6), (b"PK\x01\x02", 8)
    for mark, ahead in marks if locked else ():
        at = raw.index(mark) + ahead
        raw = raw[:at] + b"\x01" + raw[at + 1 :]
    return raw


def _huge_jpeg() -> bytes:
    raw = _bytes(Image.new("L", (8, 8)), "JPEG")
    at = raw.index(b"\xff\xc0") + 5
    return raw[:at] + struct.pack(">HH", 30000, 30000) + raw[at + 4 :]


PAPER = Image.new("RGB", (40, 60), "white")
EXIF = Image.Exif()
EXIF[0x0112] = 8
FRAMES: dict[str, object] = {"save_all": True, "append_images": [Image.new("RGB", (40, 60), "black")]}
TAKEN: dict[str, tuple[bytes, list[tuple[int, int]], list[str]]] = {
    "cmyk.jpg": (_bytes(PAPER.convert("CMYK"), "JPEG"), [(60, 40)], []),
    "one-bit.tif": (_bytes(PAPER.convert("1"), "TIFF", compression="group4"), [(60, 40)], []),
    "fax of two.tif": (_bytes(PAPER, "TIFF", **FRAMES), [(60, 40)] * 2, []),
    "turned.jpg": (_bytes(PAPER, "JPEG", exif=EXIF), [(40, 60)], []),
    "turned.webp": (_bytes(PAPER, "WEBP", exif=EXIF), [(40, 60)], []),
    "moving.png": (_bytes(PAPER, "PNG", **FRAMES), [(60, 40)], ["animated"]),
    "moving.webp": (_bytes(PAPER, "WEBP", **FRAMES), [(60, 40)], ["animated"]),
    "mixed.zip": (
        _zip(a=_pdf(1), b=_bytes(PAPER, "WEBP"), c=_bytes(PAPER, "TIFF")),
        [(25, 25), (60, 40), (60, 40)],
        [],
    ),
}
REFUSED: dict[str, tuple[bytes, str]] = {
    "10,000 pages.pdf": (_pdf(10_000), "too_many_pages"),
    "password.pdf": (_pdf(1, locked=True), "encrypted"),
    "password.zip": (_zip(locked=True, a=_bytes(PAPER, "PNG")), "encrypted"),
    "zip in zip.zip": (_zip(a=_zip(b=_bytes(PAPER, "PNG"))), "archive_in_archive"),
    "30,000 px.jpg": (_huge_jpeg(), "too_large"),
    "moving.gif": (_bytes(PAPER, "GIF", **FRAMES), "unsupported"),
    "nothing.zip": (_zip(), "no_pages"),
    "cut.tif": (_bytes(PAPER, "TIFF")[:90], "broken"),
    "cut.webp": (_bytes(PAPER, "WEBP")[:30], "broken"),
    "phone.heic": (b"\x00\x00\x00\x18ftypheic" + bytes(40), "unsupported"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_scanners_and_phones_make_is_taken(tmp_path: Path, name: str) -> None:
    content, sizes, notes = TAKEN[name]
    (tmp_path / name).write_bytes(content)
    pages = [item for item in take(tmp_path / name) if isinstance(item, PageImage)]
    assert [page.pixels.shape[:2] for page in pages] == sizes and why(tmp_path / name) == []
    assert [note.code for page in pages for note in page.notes] == notes


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_sentence_a_file(tmp_path: Path, name: str) -> None:
    content, code = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    (item,) = take(tmp_path / name)
    assert isinstance(item, FileProblem) and item.why.code == code
    assert item.why.zh.endswith("。") and item.why.en.endswith(".")


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
