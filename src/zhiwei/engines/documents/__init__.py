"""Documents in, blocks with page and heading out: PDF, Word, PowerPoint, Markdown, web pages, scans."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from zhiwei.engines.documents.advice import advice, all_codes
from zhiwei.engines.documents.markup import read_markdown
from zhiwei.engines.documents.picturing import picture_page
from zhiwei.engines.documents.reading import read_document
from zhiwei.engines.documents.values import Block, Limits, PagePicture, ReadDocument, RefusedError

__all__ = [
    "Block",
    "Limits",
    "PagePicture",
    "ReadDocument",
    "RefusedError",
    "advice",
    "all_codes",
    "picture_page",
    "read_document",
    "read_markdown",
    "read_scans",
]


def read_scans(path: Path, wanted: Collection[int], limits: Limits) -> Iterator[tuple[int, list[Block]]]:
    """Read pages without text by the recogniser of print, loaded only here: reading text must start quickly.

    Args:
        path: The PDF or picture; it is decoded in a killable process of its own.
        wanted: Numbers of the pages without text.

    Raises:
        RefusedError: More pages than ``limits.scanned_pages``.
    """
    from zhiwei.engines.documents import recognising

    return recognising.read_scans(path, wanted, limits)
