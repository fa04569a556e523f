"""Files in, pages out: each file is decoded by a process that can be killed, one page at a time."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.advice import Advice, advice
from zhiwei.engines.scanning.limits import Limits

Pixels = NDArray[np.uint8]
_WORKER = Path(__file__).with_name("worker.py")
_LONGEST_LINE = 1 << 16


@dataclass(frozen=True)
class PageImage:
    """One decoded page.

    Attributes:
        file: path it came from.
        member: name inside an archive; empty otherwise.
        number: page in the file, from 1.
        pixels: ``(height, width)`` grey or ``(height, width, 3)`` RGB.
        notes: findings about the decoding.
    """

    file: str
    member: str
    number: int
    pixels: Pixels
    notes: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class FileProblem:
    """Why a file, an archive member or one page (``number`` above 0) gave no image."""

    file: str
    member: str
    number: int
    why: Advice


def read_pages(path: Path, limits: Limits) -> Iterator[PageImage | FileProblem]:
    """Decode a file page by page in a limited process; memory does not grow with the number of pages.

    Args:
        path: the file.
        limits: bounds; a file beyond them is answered by one problem.

    Yields:
        Pages in order, and a problem for whatever could not be read. A file that yields no page yields
        at least one problem: nothing is dropped in silence.
    """
    refusal = _refusal(path, limits)
    if refusal:
        yield FileProblem(str(path), "", 0, advice(refusal))
        return
    command = [sys.executable, "-I", str(_WORKER), str(path), json.dumps(asdict(limits))]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and program; the path is data
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as process:
        try:
            yield from _receive(process, str(path), limits)
        finally:
            process.kill()


def _refusal(path: Path, limits: Limits) -> str:
    if not path.is_file():
        return "missing_file"
    size = path.stat().st_size
    if size == 0:
        return "empty"
    return "file_too_large" if size > limits.file_bytes else ""


def _receive(
    process: subprocess.Popen[bytes], file: str, limits: Limits
) -> Iterator[PageImage | FileProblem]:
    assert process.stdout is not None
    pipe = _Pipe(process.stdout.fileno(), limits.page_seconds)
    any_result = False
    while True:
        try:
            head = pipe.line()
            if "end" in head:
                break
            result = _result(head, pipe, file, limits)
        except TimeoutError:
            yield FileProblem(file, "", 0, advice("took_too_long"))
            return
        except (EOFError, ValueError, KeyError):
            yield FileProblem(file, "", 0, advice(_cause_of_death(process)))
            return
        any_result = True
        yield result
    if not any_result:
        yield FileProblem(file, "", 0, advice("no_pages"))


def _cause_of_death(process: subprocess.Popen[bytes]) -> str:
    try:
        status = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "crashed"
    return "took_too_long" if status in {-9, -24} else "crashed"


def _result(head: dict[str, object], pipe: _Pipe, file: str, limits: Limits) -> PageImage | FileProblem:
    member, number = str(head["member"])[:300], int(cast(int, head["page"]))
    if "problem" in head:
        return FileProblem(file, member, number, advice(str(head["problem"])))
    width, height, channels = (int(cast(int, head[key])) for key in ("width", "height", "channels"))
    if not (0 < width <= limits.long_side_px and 0 < height <= limits.long_side_px and channels in {1, 3}):
        raise ValueError("page size out of bounds")
    raw = np.frombuffer(pipe.exactly(width * height * channels), dtype=np.uint8)
    pixels = raw.reshape((height, width) if channels == 1 else (height, width, 3))
    notes = tuple(advice(str(code)) for code in cast(list[object], head["notes"]))
    return PageImage(file, member, number, pixels, notes)


class _Pipe:
    """Reads from the worker with a clock on every page; waiting for our own caller does not count."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self.descriptor = descriptor
        self.seconds = seconds
        self.buffer = bytearray()

    def line(self) -> dict[str, object]:
        deadline = time.monotonic() + self.seconds
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > _LONGEST_LINE:
                raise ValueError("line too long")
            self._more(deadline)
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return cast(dict[str, object], json.loads(line))

    def exactly(self, count: int) -> bytes:
        deadline = time.monotonic() + self.seconds
        while len(self.buffer) < count:
            self._more(deadline)
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def _more(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
            raise TimeoutError
        chunk = os.read(self.descriptor, 1 << 20)
        if not chunk:
            raise EOFError
        self.buffer += chunk
