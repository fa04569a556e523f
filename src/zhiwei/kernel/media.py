"""Types of files, told by their content and never by their name alone."""

from __future__ import annotations

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"GIF8", "image/gif"),
    (0, b"PAR1", "application/vnd.apache.parquet"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\x1f\x8b", "application/gzip"),
)
_ZIPPED = {
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BY_ENDING = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".xml": "application/xml",
    ".md": "text/markdown",
}
XLSX = _ZIPPED[b"xl/"]
DOCX = _ZIPPED[b"word/"]
PARQUET, SQLITE = "application/vnd.apache.parquet", "application/vnd.sqlite3"


def detect(head: bytes, name: str = "") -> str:
    """Return the media type of content that begins with ``head``; unknown is ``application/octet-stream``.

    The name only chooses among kinds of text.
    """
    for offset, signature, media_type in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    if head[:4] == b"PK\x03\x04":
        return next((kind for mark, kind in _ZIPPED.items() if mark in head), "application/zip")
    if b"\x00" in head[:4096] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "application/octet-stream"
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _BY_ENDING.get(ending, "text/plain")
