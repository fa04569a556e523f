"""A kept connection that speaks just enough HTTP, and processor time as /proc tells it: to measure a server."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from pathlib import Path


class Line:
    """One kept connection that speaks just enough HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, cookie: str, body: bytes = b"", more: str = ""
    ) -> tuple[int, bytes]:
        """Send one request and read its answer; a broken connection is opened anew by the next one."""
        try:
            async with asyncio.timeout(20):
                if self.ends is None:
                    self.ends = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.ends
                head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}"
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = (
                    int(top.split("content-length:")[1].split("\r\n")[0]) if "content-length:" in top else 0
                )
                return int(top.split(" ", 2)[1]), await reader.readexactly(length)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self.ends is not None:
            self.ends[1].close()
            self.ends = None


def wait_for(port: int) -> None:
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the web server did not start within 30 seconds")


def processor_seconds(roots: list[int]) -> float:
    """Processor seconds of these processes and all below them, as /proc counts them."""
    facts: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        facts[int(path.parent.name)] = (int(parts[1]), sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK"))
    family = set(roots)
    while grown := {pid for pid, (parent, _cpu) in facts.items() if parent in family} - family:
        family |= grown
    return sum(facts[pid][1] for pid in family if pid in facts)
