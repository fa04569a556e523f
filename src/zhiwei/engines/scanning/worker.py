"""Decodes one untrusted file in a process of its own that limits itself first; run by path, never imported.

It writes, for every page, one line of JSON and the raw pixels, and one line for every problem. Only
Pillow and PDFium see the file; nothing here runs scripts, opens links or writes to disk.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from PIL import Image, ImageFile, ImageOps

Settings = dict[str, float]
Source = Path | io.BytesIO

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
)


class RefusedError(Exception):
    """The file, or one page of it, is not taken; the argument is the problem's code."""


def main(argv: list[str]) -> int:
    """Decode ``argv[1]`` under the limits given as JSON in ``argv[2]``; pages go to standard output."""
    settings = cast(Settings, json.loads(argv[2]))
    _limit_self(settings)
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    out = Output(sys.stdout.buffer)
    _decode_safely(Path(argv[1]), "", settings, out)
    out.line({"end": True})
    return 0


def _limit_self(settings: Settings) -> None:
    for kind, value in (("RLIMIT_AS", "memory_bytes"), ("RLIMIT_CPU", "cpu_seconds")):
        with contextlib.suppress(ValueError, OSError, AttributeError):
            wanted = int(settings[value])
            limit = cast(int, getattr(resource, kind))
            resource.setrlimit(limit, (wanted, wanted))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


class Output:
    """The pipe to the parent: JSON lines, raw pixels after a page's line."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.pages = 0

    def line(self, value: dict[str, object]) -> None:
        self.stream.write(json.dumps(value).encode() + b"\n")
        self.stream.flush()

    def page(self, image: Image.Image, member: str, number: int, notes: list[str]) -> None:
        self.pages += 1
        self.line(
            {
                "member": member,
                "page": number,
                "width": image.width,
                "height": image.height,
                "channels": 3 if image.mode == "RGB" else 1,
                "notes": notes,
            }
        )
        self.stream.write(image.tobytes())
        self.stream.flush()

    def problem(self, code: str, member: str, number: int = 0) -> None:
        self.line({"member": member, "page": number, "problem": code})


def _decode_safely(source: Source, member: str, settings: Settings, out: Output) -> None:
    try:
        _decode(source, member, settings, out)
    except RefusedError as refusal:
        out.problem(str(refusal), member)
    except MemoryError:
        out.problem("needs_too_much_memory", member)
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - whatever a parser of hostile bytes raises means the same to the owner
        out.problem("broken", member)


def _decode(source: Source, member: str, settings: Settings, out: Output) -> None:
    head = _head(source)
    kind = _kind(head)
    if kind == "PDF":
        _decode_pdf(source, member, settings, out)
    elif kind == "ZIP" and not member:
        _decode_zip(source, settings, out)
    elif kind == "ZIP":
        raise RefusedError("archive_in_archive")
    elif kind:
        _decode_image(source, kind, member, settings, out)
    else:
        raise RefusedError("empty" if not head else "unsupported")


def _head(source: Source) -> bytes:
    if isinstance(source, io.BytesIO):
        return source.getbuffer()[:1024].tobytes()
    with source.open("rb") as file:
        return file.read(1024)


def _kind(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return "PDF" if b"%PDF-" in head else ""


def _decode_image(source: Source, kind: str, member: str, settings: Settings, out: Output) -> None:
    with Image.open(source, formats=[kind]) as image:
        animated = kind != "TIFF" and getattr(image, "n_frames", 1) > 1
        for number, frame in enumerate(_frames(image, kind, int(settings["pages"])), start=1):
            if frame.width * frame.height > settings["pixels"]:
                raise RefusedError("too_large")
            notes = ["animated"] if animated else []
            out.page(_normalised(frame, int(settings["long_side_px"])), member, number, notes)


def _frames(image: Image.Image, kind: str, most: int) -> Iterator[Image.Image]:
    if kind != "TIFF":
        yield image
        return
    for index in range(most + 1):
        try:
            image.seek(index)
        except EOFError:
            return
        if index == most:
            raise RefusedError("too_many_pages")
        yield image


def _normalised(image: Image.Image, long_side: int) -> Image.Image:
    """Upright, 8 bits, grey or RGB, white behind anything transparent, and no larger than asked."""
    if max(image.size) > 2 * long_side and image.format == "JPEG":
        image.draft(None, (long_side, long_side))
    if min(image.size) < 1:
        raise RefusedError("broken")
    upright = ImageOps.exif_transpose(image)
    plain = _eight_bits(upright)
    if max(plain.size) > long_side:
        plain.thumbnail((long_side, long_side), Image.Resampling.BOX)
    return plain


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode in {"1", "L"} and "transparency" not in image.info:
        return image.convert("L")
    if image.mode.startswith("I") or image.mode == "F":
        wide = image.convert("F")
        low, high = cast(tuple[float, float], wide.getextrema())
        return wide.point(lambda v: (v - low) * 255.0 / max(high - low, 1.0)).convert("L")
    if image.mode in {"RGB", "CMYK", "YCbCr", "LAB", "HSV"} and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("RGB")


def _decode_pdf(source: Source, member: str, settings: Settings, out: Output) -> None:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise RefusedError("encrypted" if "assword" in str(error) else "broken") from error
    count = len(document)
    if count == 0:
        raise RefusedError("no_pages")
    if count > settings["pages"]:
        raise RefusedError("too_many_pages")
    for index in range(count):
        try:
            image = _draw_pdf_page(document, index, settings)
        except (pdfium.PdfiumError, RefusedError, ValueError):
            out.problem("broken_page", member, index + 1)
            continue
        out.page(image, member, index + 1, [])


def _draw_pdf_page(document: object, index: int, settings: Settings) -> Image.Image:
    import pypdfium2 as pdfium

    page = cast(pdfium.PdfDocument, document)[index]
    try:
        longest = max(page.get_size())
        if longest <= 0:
            raise RefusedError("broken_page")
        # the renderer rounds sizes up: a pixel is left for it
        scale = min(settings["dots_per_inch"] / 72.0, (settings["long_side_px"] - 1) / longest)
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        image = cast(Image.Image, bitmap.to_pil()).convert("RGB")
        bitmap.close()
        return image
    finally:
        page.close()


def _decode_zip(source: Source, settings: Settings, out: Output) -> None:
    with zipfile.ZipFile(source) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > settings["pages"]:
            raise RefusedError("too_many_pages")
        if sum(info.file_size for info in members) > settings["archive_bytes"]:
            raise RefusedError("archive_too_large")
        for info in sorted(members, key=lambda info: info.filename):
            if not _is_litter(info.filename):
                _decode_member(archive, info, settings, out)


def _is_litter(name: str) -> bool:
    """Files that systems add to archives on their own and no teacher ever sees."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _decode_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, settings: Settings, out: Output) -> None:
    most = int(settings["member_bytes"])
    if info.flag_bits & 1:
        out.problem("encrypted", info.filename)
        return
    try:
        with archive.open(info) as stream:
            content = stream.read(most + 1)
    except Exception:  # noqa: BLE001 - zlib, lzma, bz2 and zipfile each have their own errors for damage
        out.problem("broken", info.filename)
        return
    if len(content) > most:
        out.problem("archive_too_large", info.filename)
        return
    _decode_safely(io.BytesIO(content), info.filename, settings, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
