"""How much one file may ask for before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds for decoding one file in its own process.

    Attributes:
        file_bytes: largest file.
        pages: most pages, frames or archive members.
        pixels: largest image before decoding; A3 at 600 dpi has 70 million.
        long_side_px: pages are scaled down to this.
        dots_per_inch: resolution at which PDF pages are drawn.
        page_seconds: longest wait for one page before the process is killed.
        cpu_seconds: processor time for the whole file.
        memory_bytes: address space of the process (kept where the system knows ``RLIMIT_AS``).
        member_bytes: largest unpacked archive member.
        archive_bytes: most unpacked bytes in one archive.
    """

    file_bytes: int = 1 << 30
    pages: int = 2000
    pixels: int = 120_000_000
    long_side_px: int = 3600
    dots_per_inch: int = 200
    page_seconds: float = 30.0
    cpu_seconds: int = 1200
    memory_bytes: int = 2 << 30
    member_bytes: int = 200 << 20
    archive_bytes: int = 2 << 30
