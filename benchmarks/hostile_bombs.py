"""Bombs made on the spot for ``bench hostile``: small files that ask for much more than they should get."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

MILLION = 1_000_000
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield ``(name, content)``; each is below 4 MB."""
    yield "zeros.zip", _zipped({"a.csv": bytes(300 * MILLION)})
    yield "nested.zip", _zipped({f"{n}.zip": _zipped({"x.csv": bytes(20 * MILLION)}) for n in range(20)})
    yield "slip.zip", _zipped({"../../etc/passwd": b"x", "/abs.csv": b"y", "..\\..\\z.csv": b"z"})
    yield "many.zip", _zipped({f"{n}.csv": b"" for n in range(30_000)})
    yield "lying.zip", _lying()
    yield "laughs.xml", _laughs()
    yield (
        "entity.xml",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>',
    )
    yield "deep.xml", b"<a>" * 200_000 + b"</a>" * 200_000
    yield "deep.json", b"[" * 500_000
    yield "huge_number.json", b'{"score": 1e' + b"9" * 4000 + b"}"
    yield "wide.csv", b"," * 2 * MILLION
    yield "long_cell.csv", "学号,姓名\n1,".encode() + b"x" * 3 * MILLION
    yield "surrogate.csv", b"\xed\xa0\x80,\x00\x00\n" * 1000
    yield "columns.xlsx", _xlsx('<row r="1">' + '<c r="XFD1"><v>1</v></c>' * 20_000 + "</row>")
    yield "far_row.xlsx", _xlsx('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    yield "laughs.xlsx", _zipped({"xl/workbook.xml": _laughs(), "[Content_Types].xml": b"<Types/>"})
    yield "huge.png", _png(60_000, 60_000)
    yield (
        "chunks.png",
        _png(10, 10)[:-12] + _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(100 * MILLION))) * 3,
    )
    yield "braces.gift", b"::" + b"{" * 300_000 + b"}" * 300_000
    yield "answers.gift", "题{".encode() + b"~%50%x =y " * 100_000 + b"}"
    yield "latex.gift", ("题{=" + "\\frac{" * 50_000 + "}").encode()
    yield (
        "options.txt",
        b"Q\n" + b"".join(b"%c. x\n" % (65 + n % 26) for n in range(100_000)) + b"ANSWER: A\n",
    )
    yield "loop.pdf", _looping_pdf()
    yield "nothing.pdf", b"%PDF-1.7\n"
    yield (
        "jpeg.jpg",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
    )


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _lying() -> bytes:
    """Return an archive whose directory declares 100 bytes for 50 MB."""
    raw = bytearray(_zipped({"a.csv": bytes(50 * MILLION)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(mark)
        raw[at + place : at + place + 4] = struct.pack("<I", 100)
    return bytes(raw)


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY l0 "lol">{entities}]><quiz>&l9;</quiz>'.encode()


def _xlsx(rows: str) -> bytes:
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    )
    return _zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": link.encode(),
            "xl/worksheets/sheet1.xml": SHEET.format(rows).encode(),
        }
    )


def _png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _looping_pdf() -> bytes:
    """Return a PDF whose page tree contains itself."""
    pages = b"2 0 obj <</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>> endobj\n"
    return (
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        + pages
        + b"trailer <</Root 1 0 R>>\n%%EOF"
    )
