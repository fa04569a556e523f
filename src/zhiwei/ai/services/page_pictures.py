"""A page of a document as it looks, with the cited words marked."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from zhiwei.ai.errors import BusyError
from zhiwei.ai.models import KnowledgeDocument
from zhiwei.engines.documents import PagePicture, RefusedError, picture_page
from zhiwei.kernel import files
from zhiwei.kernel.errors import NotFoundError

AT_ONCE = 2
PATIENCE_SECONDS = 4.0
_PLACES = threading.BoundedSemaphore(AT_ONCE)


def has_pictures(document: KnowledgeDocument) -> bool:
    """Whether the document's pages can be shown as they look."""
    return document.kind == "pdf"


def page_picture(document: KnowledgeDocument, number: int, words: str) -> PagePicture:
    """Draw a page of a document in a killable process, at most two at once in this process.

    Raises:
        BusyError: Others are drawing.
        NotFoundError: There is no such page, or it cannot be drawn.
    """
    if not has_pictures(document) or not 1 <= number <= document.pages:
        raise NotFoundError("没有这一页。")
    if not _PLACES.acquire(timeout=PATIENCE_SECONDS):
        raise BusyError("正在生成其他页面，请稍后再试。", retry_after=2)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "document"
            path.write_bytes(files.read(document.blob_id))
            return picture_page(path, number, words)
    except RefusedError:
        raise NotFoundError("这一页无法显示。") from None
    finally:
        _PLACES.release()
