"""What a document is read into, and what reading may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or table row as a parser read it.

    Attributes:
        text: Plain text of the block.
        page: Page or slide, from 1; 0 where the format has no pages.
        level: 1 to 6 for a heading, 0 for running text.
    """

    text: str
    page: int = 0
    level: int = 0


@dataclass(frozen=True)
class Limits:
    """Bounds for reading one file in its own process.

    Attributes:
        file_bytes: Largest file.
        characters: Most characters of text.
        pages: Most pages or slides.
        scanned_pages: Most pages read by the recogniser of print.
        unpacked_bytes: Most unpacked bytes of an office file.
        ratio: How many times its packed size a member above 1 MiB may be.
        seconds: Longest wait before the process is killed.
        memory_bytes: Address space of the process.
    """

    file_bytes: int = 50 << 20
    characters: int = 3_000_000
    pages: int = 1500
    scanned_pages: int = 200
    unpacked_bytes: int = 300 << 20
    ratio: int = 200
    seconds: int = 120
    memory_bytes: int = 2 << 30


@dataclass(frozen=True)
class ReadDocument:
    """What a file holds.

    Attributes:
        kind: ``pdf``, ``docx``, ``pptx``, ``html``, ``mhtml``, ``markdown``, ``text`` or ``image``.
        blocks: Its blocks in order.
        pages: How many pages it has; 0 where the format has none.
        pictures: Pages without text, for the recogniser of print.
        title: What the file calls itself; "" when it does not say.
    """

    kind: str
    blocks: tuple[Block, ...]
    pages: int
    pictures: tuple[int, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class PagePicture:
    """A page drawn.

    Attributes:
        jpeg: The picture's bytes.
        width: In pixels.
        height: In pixels.
        marked: How many stretches of lines are marked on it.
    """

    jpeg: bytes
    width: int
    height: int
    marked: int


class RefusedError(Exception):
    """The file is not taken; ``code`` is one of :mod:`zhiwei.engines.documents.advice`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
