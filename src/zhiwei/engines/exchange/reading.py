"""Reading a file of questions, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from zhiwei.engines.exchange import plain, qti, sheets, word
from zhiwei.engines.exchange.archive import open_package
from zhiwei.engines.exchange.markup import parse_xml, tag
from zhiwei.engines.exchange.moodle import read_moodle
from zhiwei.engines.exchange.pictures import Allowance
from zhiwei.engines.exchange.values import MAX_BYTES, MAX_ITEMS, ExchangeError, Imported, Refused, Taken
from zhiwei.engines.judging import ItemError, item_from_json
from zhiwei.engines.variants import VariantError, has_parameters, variant

FORMATS: Mapping[str, str] = {
    "qti": "QTI 2.1/2.2/3.0", "moodle": "Moodle XML", "gift": "GIFT", "aiken": "Aiken",
    "excel": "Excel", "word": "Word",
}  # fmt: skip
TRIED = 12
"""Draws of a question with parameters that must be questions that can be judged."""
Piece = Taken | Refused


def read_questions(name: str, data: bytes) -> Imported:
    """Read a file; its format is found by content, the name only helps with plain text.

    Args:
        name: File name, for messages.
        data: At most 30 MB.

    Returns:
        Items that can be judged, in file order, and what could not be taken with the reason.

    Raises:
        ExchangeError: The file as a whole cannot be used.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"{name}: larger than {MAX_BYTES // 1024 // 1024} MB")
    if not data.strip():
        raise ExchangeError(f"{name}: empty")
    form, pieces = _read(name, data)
    taken: list[Taken] = []
    refused: list[Refused] = []
    for piece in pieces:
        checked = _checked(piece)
        if isinstance(checked, Refused):
            refused.append(checked)
        elif len(taken) < MAX_ITEMS:
            taken.append(checked)
        else:
            refused.append(Refused(checked.place, f"more than {MAX_ITEMS} questions in one file"))
    if not taken and not refused:
        raise ExchangeError(f"{name}: no question was found in it")
    return Imported(form, tuple(taken), tuple(refused))


def _read(name: str, data: bytes) -> tuple[str, Iterable[Piece]]:
    if data[:4] == b"PK\x03\x04":
        return _package(name, data)
    if data.lstrip()[:1] == b"<" or data[:5] in {b"\xef\xbb\xbf<?", b"\xff\xfe<\x00?"}:
        return _xml(name, data)
    text = _decoded(name, data)
    if plain.looks_like_aiken(text):
        return "aiken", plain.read_aiken(text)
    if "{" in text:
        return "gift", plain.read_gift(text)
    raise ExchangeError(f"{name}: neither XML, a package, GIFT nor Aiken")


def _package(name: str, data: bytes) -> tuple[str, Iterable[Piece]]:
    package, allowance = open_package(data), Allowance()
    members = package.documents
    office: Mapping[str, Callable[[bytes], Iterable[Piece]]] = {
        "xl/workbook.xml": sheets.read_workbook, "word/document.xml": word.read_document,
    }  # fmt: skip
    for member, read in office.items():
        if member in members:
            return ("excel" if member.startswith("xl") else "word"), read(data)
    pieces = [
        piece
        for member, content in members.items()
        for piece in _member(member, content, package.finder(member), allowance)
    ]
    if not pieces:
        raise ExchangeError(f"{name}: the package holds no QTI item")
    return "qti", pieces


def _member(
    member: str, content: bytes, find: Callable[[str], bytes | None], allowance: Allowance
) -> list[Piece]:
    try:
        root = parse_xml(content, member)
    except ExchangeError as error:
        return [Refused(member, str(error))]
    return [qti.read_item(root, member, find, allowance)] if tag(root) == "assessmentitem" else []


def _xml(name: str, data: bytes) -> tuple[str, Iterable[Piece]]:
    root = parse_xml(data, name)
    if tag(root) in {"quiz", "question"}:
        return "moodle", read_moodle(root)
    if tag(root) == "assessmentitem":
        return "qti", [qti.read_item(root, name, allowance=Allowance())]
    if tag(root) == "questestinterop":
        raise ExchangeError(f"{name}: QTI 1.2, which is another format; 2.1, 2.2 and 3.0 are read")
    raise ExchangeError(f"{name}: XML of the kind '{tag(root)[:40]}', which holds no questions we read")


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ExchangeError(f"{name}: neither UTF-8 nor GB 18030 text")


def _checked(piece: Piece) -> Piece:
    """Let through only what can be judged."""
    if isinstance(piece, Refused):
        return piece
    try:
        for seed in range(1, TRIED if has_parameters(piece.content) else 2):
            item_from_json(variant(piece.content, seed))
    except (ItemError, VariantError) as error:
        return Refused(piece.place, str(error), piece.kinds)
    return piece
