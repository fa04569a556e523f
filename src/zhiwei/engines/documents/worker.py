"""Reads one untrusted document in a process of its own that limits itself first; run by path, never imported.

It writes one line of JSON for every block and one at the end; nothing here runs scripts, follows links or writes.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from zhiwei.engines.documents import markup, office, portable
from zhiwei.engines.documents.values import Block, Limits, RefusedError

_WORDS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".mht": "mhtml"}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main(argv: list[str]) -> int:
    """Read ``argv[1]`` (once called ``argv[2]``) under the limits given as JSON in ``argv[3]``."""
    limits = Limits(**json.loads(argv[3]))
    _limit_self(limits)
    content = Path(argv[1]).read_bytes()
    try:
        kind = kind_of(content, argv[2])
        blocks, pages, pictures = _read(kind, content, limits)
        _tell(blocks, limits)
        _line({"end": True, "kind": kind, "pages": pages, "pictures": pictures})
    except RefusedError as refusal:
        _line({"refused": refusal.code})
    except MemoryError:
        _line({"refused": "archive_too_large"})
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - whatever a parser of hostile bytes raises means the same to the owner
        _line({"refused": "broken"})
    return 0


def _limit_self(limits: Limits) -> None:
    wanted = ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CPU, limits.seconds))
    for kind, most in (*wanted, (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def kind_of(content: bytes, name: str) -> str:
    """Return the kind of a document by its content; the name only chooses among kinds of text."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_OLD_OFFICE):
        raise RefusedError("legacy_office")
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP":
        return "image"
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    ending = Path(name).suffix.lower()
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("unsupported")
    head = content[:4096].lower()
    if ending in {".mhtml", ".mht"} or (b"mime-version:" in head and b"multipart/related" in head):
        return "mhtml"
    if ending in _WORDS:
        return _WORDS[ending]
    return "html" if b"<html" in head or b"<!doctype html" in head else "text"


def _zipped(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except zipfile.BadZipFile as error:
        raise RefusedError("broken") from error
    if "word/document.xml" in names:
        return "docx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    raise RefusedError("unsupported")


def _read(kind: str, content: bytes, limits: Limits) -> tuple[list[Block], int, list[int]]:
    if kind == "image":
        return [], 1, [1]
    if kind == "pdf":
        return portable.read_pdf(io.BytesIO(content), limits)
    if kind in {"docx", "pptx"}:
        read = office.read_word if kind == "docx" else office.read_slides
        blocks, pages = read(io.BytesIO(content), limits)
        return blocks, pages, []
    if kind == "html":
        return markup.read_html(content), 0, []
    if kind == "mhtml":
        return markup.read_web_archive(content), 0, []
    text = markup.decode_text(content)
    return (markup.read_markdown(text) if kind == "markdown" else markup.read_plain(text)), 0, []


def _tell(blocks: list[Block], limits: Limits) -> None:
    if sum(len(block.text) for block in blocks) > limits.characters:
        raise RefusedError("too_long")
    for block in blocks:
        _line({"text": block.text, "page": block.page, "level": block.level})


def _line(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv))
