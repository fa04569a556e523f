"""Read the text out of a file: encodings told apart, office files and PDFs by their text layer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_PAGES = 2_000
TEXT_KINDS = frozenset({".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", ".html", ".xml", ".log", ""})
IMAGE_KINDS = frozenset({".png", ".jpg", ".jpeg"})


class UnreadableFileError(ValueError):
    """A file that cannot be read; the message is one sentence for the person who gave it."""


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        UnreadableFileError: absent, too large, damaged, or of a kind not known.
    """
    content = read_bytes(path)
    kind = path.suffix.lower()
    if kind in TEXT_KINDS:
        return decode(content, path.name)
    readers = {".xlsx": _read_sheet, ".docx": _read_document, ".pdf": _read_pdf}
    if kind not in readers:
        known = ", ".join(sorted(TEXT_KINDS - {""} | IMAGE_KINDS | set(readers)))
        raise UnreadableFileError(f"{path.name}: '{kind}' files are not read; known are {known}")
    try:
        if kind != ".pdf":
            _refuse_bomb(content, path.name)
        return readers[kind](content)
    except UnreadableFileError:
        raise
    except Exception as error:
        raise UnreadableFileError(f"{path.name}: damaged or protected ({type(error).__name__})") from error


def read_bytes(path: Path) -> bytes:
    """The content of a file of bounded size."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFileError(f"{path.name}: larger than {MOST_BYTES // 2**20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path.name}: {error.strerror or 'cannot be read'}") from error


def decode(content: bytes, name: str) -> str:
    """Bytes to text by byte order mark, then UTF-8, UTF-16 without a mark, GB18030.

    Raises:
        UnreadableFileError: none of them fits.
    """
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((codec for mark, codec in marks.items() if content.startswith(mark)), None)
    for codec in [marked] if marked else [*_utf16_guess(content), "utf-8", "gb18030"]:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(f"{name}: not UTF-8, UTF-16 or GB18030 text")


def _utf16_guess(content: bytes) -> list[str]:
    head = content[:4096]
    if len(content) % 2 or len(head) < 4 or b"\0" not in head:
        return []
    return ["utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"]


def _refuse_bomb(content: bytes, name: str) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except BadZipFile as error:
        raise UnreadableFileError(f"{name}: damaged, not an office file") from error
    if unpacked > MOST_UNPACKED:
        raise UnreadableFileError(f"{name}: unpacks to more than {MOST_UNPACKED // 2**20} MiB")


def _read_sheet(content: bytes) -> str:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return "\n".join(
        "\n".join("\t".join(_cell_text(cell) for cell in row) for row in rows) for rows in sheets
    )


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split()) if isinstance(cell, str) else str(cell)


def _read_document(content: bytes) -> str:
    import docx

    document = docx.Document(BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += ["\t".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join(lines)


def _read_pdf(content: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if len(document) > MOST_PAGES:
        raise UnreadableFileError(f"the PDF has {len(document)} pages; at most {MOST_PAGES} are read")
    return "\n".join(str(page.get_textpage().get_text_bounded()) for page in document)
