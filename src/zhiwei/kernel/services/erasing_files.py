"""Files and logs of one person: contents that only their rows named, contents that name them, lines of logs."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from zhiwei.engines.documents import RefusedError, read_document
from zhiwei.kernel import files, store
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Blob
from zhiwei.kernel.rules.blotting import Blotter
from zhiwei.kernel.services.erasing_rows import still_named

PICTURES = "image/"
ARCHIVES = frozenset({"application/zip"})
MOST_BYTES = 64 * 1024 * 1024


def destroy_unnamed(blob_ids: set[int]) -> int:
    """Destroy the contents that no row names any more; returns how many."""
    gone = [one for one in sorted(blob_ids) if not still_named(one)]
    for blob_id in gone:
        files.destroy(blob_id)
    return len(gone)


def destroy_naming(blotter: Blotter) -> int:
    """Destroy the contents (rosters, sheets, exports, documents) in whose text the person is named.

    Pictures have no text to search: those of the person go with the rows that name them.
    """
    gone = [blob.pk for blob in _texts() if _named(blob, blotter)]
    for blob_id in gone:
        files.destroy(blob_id)
    return len(gone)


def naming(blotter: Blotter) -> int:
    """Return how many contents still name the person."""
    return sum(1 for blob in _texts() if _named(blob, blotter))


def blot_logs(blotter: Blotter) -> int:
    """Overwrite the person's terms in log files where they stand, byte for byte; returns how many places."""
    if not blotter.terms:
        return 0
    pattern = _log_pattern(blotter)
    places = 0
    for path in _logs():
        with path.open("r+b") as log:
            text = log.read()
            for found in pattern.finditer(text):
                log.seek(found.start())
                log.write(b"*" * (found.end() - found.start()))
                places += 1
    return places


def in_logs(blotter: Blotter) -> int:
    """Return how many places in log files still name the person."""
    pattern = _log_pattern(blotter)
    return sum(len(pattern.findall(path.read_bytes())) for path in _logs()) if blotter.terms else 0


def _log_pattern(blotter: Blotter) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(term.encode()) for term in blotter.terms))


def _logs() -> list[Path]:
    root = Path(settings.LOGS_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []


def _texts() -> list[Blob]:
    rows = Blob.objects.exclude(media_type=files.DESTROYED).exclude(media_type__startswith=PICTURES)
    return list(rows.filter(size__lte=MOST_BYTES).order_by("pk"))


def _named(blob: Blob, blotter: Blotter) -> bool:
    """Tell whether a content names the person; one that cannot be read is searched as bytes."""
    try:
        content = files.read(blob.pk)
    except NotFoundError:
        return False
    if blob.media_type.startswith("text/") or blob.media_type in {"application/json", "application/xml"}:
        return any(blotter.found(content.decode(code, errors="ignore")) for code in ("utf-8", "gb18030"))
    if content.startswith(b"PK"):
        return blotter.found(_zipped_text(content))
    if blob.media_type == "application/pdf":
        return blotter.found(_document_text(blob, content))
    return any(term.encode() in content for term in blotter.terms)


def _zipped_text(content: bytes) -> str:
    """Return the text inside workbooks, documents and archives, markup included, within bounds."""
    import io
    import zipfile

    texts: list[str] = []
    room = 4 * MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:5000]:
                if room <= 0:
                    break
                with archive.open(member) as source:
                    piece = source.read(room)
                room -= len(piece)
                texts.append(piece.decode("utf-8", errors="ignore"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return content.decode("utf-8", errors="ignore")
    return "\n".join(re.sub(r"<[^>]{0,200}>", "", text) for text in texts)


def _document_text(blob: Blob, content: bytes) -> str:
    path = store.drafts(blob.tenant_id) / f"search-{blob.pk}.pdf"
    try:
        path.write_bytes(content)
        return "\n".join(block.text for block in read_document(path, "search.pdf").blocks)
    except RefusedError:
        return content.decode("utf-8", errors="ignore")
    finally:
        path.unlink(missing_ok=True)
