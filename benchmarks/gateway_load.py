"""The load on the gateway: clients over kept connections that note what they saw and try again what broke."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.gateway_school import SECRET

MOST_TRIES = 1500
SUBJECTS = ("光合作用", "一元二次方程", "浮力", "the water cycle", "丝绸之路", "修辞手法")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Seen:
    """What a load saw: seconds a request took and to its first piece, calls acknowledged, refused, cut off."""

    whole: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    failed: int = 0
    broken: int = 0
    seconds: float = 0.0

    def note(self, status: int, body: bytes, took: float, first: float) -> None:
        """Take an answer down."""
        if status != 200:
            self.failed += status > 0
            self.broken += status == 0
            return
        self.whole.append(took)
        self.first.append(first)
        if b'"id": "call-' in body:
            self.acknowledged.append(body.split(b'"id": "call-')[1][:36].decode())


async def load(port: int, calls: int, at_once: int, *, model: str, stream: bool) -> Seen:
    """Send calls from so many clients at once; returns what they saw."""
    seen, left = Seen(), iter(range(calls))
    began = time.perf_counter()
    await asyncio.gather(*(client(port, left, seen, model, stream=stream) for _ in range(at_once)))
    seen.seconds = time.perf_counter() - began
    return seen


async def client(
    port: int, left: Iterator[int], seen: Seen, model: str, *, stream: bool, again: bool = False
) -> None:
    """Send one call after the other until none is left.

    Args:
        again: Send what was refused for a fault of the server once more, until it is answered.
    """
    streams: Streams | None = None
    tries, number = 0, next(left, None)
    while number is not None:
        try:
            streams = streams or await asyncio.open_connection("127.0.0.1", port)
            began = time.perf_counter()
            streams[1].write(request(number, model, stream=stream))
            status, body, first = await _answer(streams[0], began)
        except (OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            status, body, first = 0, b"", 0.0
            if streams is not None:
                streams[1].close()
            streams = None
        seen.note(status, body, time.perf_counter() - began, first)
        tries += 1
        if (status == 0 or (again and status >= 500)) and tries < MOST_TRIES:
            await asyncio.sleep(0.2)
            continue
        number, tries = next(left, None), 0
    if streams is not None:
        streams[1].close()


def request(number: int, model: str, *, stream: bool) -> bytes:
    """Return a request as it goes over the wire; each number has another prompt."""
    text = f"请用第 {number} 种说法，向初中生解释{SUBJECTS[number % len(SUBJECTS)]}，并举两个生活中的例子。"
    asked = {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 100}
    body = json.dumps({**asked, "stream": stream}).encode()
    return (
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (SECRET.encode(), len(body))
    ) + body


async def _answer(reader: asyncio.StreamReader, began: float) -> tuple[int, bytes, float]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ")[1])
    if b"content-length:" in head:
        body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return status, body, time.perf_counter() - began
    body, first = b"", 0.0
    while True:
        size = int((await reader.readuntil(b"\r\n")).strip(), 16)
        piece = (await reader.readexactly(size + 2))[:-2]
        if not size:
            return status, body, first
        body += piece
        if '"好"'.encode() in piece or b"\\u597d" in piece:
            first = first or time.perf_counter() - began
