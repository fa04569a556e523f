"""A model server that does nothing, for measuring what stands before it: one process, no threads.

    python -m benchmarks.gateway_upstream PORT [GATE]

It answers ``/v1/chat/completions`` at once with a fixed text and usage, streamed in ten pieces when asked. Calls of
its slow model wait until GATE of them wait at once, then all are answered; later ones take a moment. ``/most`` tells
how many of them waited at once at most.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import partial

PIECES = 10
SLOW_SECONDS = 0.15
TOKENS = (20, 10)
_WHOLE = json.dumps(
    {
        "id": "null-1", "object": "chat.completion", "created": 0, "model": "null-1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "好" * PIECES},
                     "finish_reason": "stop"}],
        "usage": {"prompt_tokens": TOKENS[0], "completion_tokens": TOKENS[1], "total_tokens": sum(TOKENS)},
    }
).encode()  # fmt: skip
_PIECE = (
    b"data: "
    + json.dumps({"model": "null-1", "choices": [{"index": 0, "delta": {"content": "好"}}]}).encode()
)
_END = (
    b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    b'data: {"choices": [], "usage": {"prompt_tokens": %d, "completion_tokens": %d}}\n\ndata: [DONE]\n\n'
    % TOKENS
)
_STREAM = (_PIECE + b"\n\n") * PIECES + _END


class Gate:
    """Where calls of the slow model wait for one another."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.waiting = self.most = 0
        self.open = asyncio.Event()

    async def passed(self) -> None:
        """Wait until enough wait."""
        if self.open.is_set():
            await asyncio.sleep(SLOW_SECONDS)
            return
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        if self.waiting >= self.wanted:
            self.open.set()
        await self.open.wait()


async def _serve(gate: Gate, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = (
                int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) if b"ontent-" in head else 0
            )
            body = await reader.readexactly(length)
            if b'"up-slow"' in body:
                await gate.passed()
            if head.startswith(b"GET /most"):
                _answer(writer, str(gate.most).encode(), b"text/plain")
            elif b'"stream": true' in body or b'"stream":true' in body:
                _answer(writer, _STREAM, b"text/event-stream")
            else:
                _answer(writer, _WHOLE, b"application/json")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _answer(writer: asyncio.StreamWriter, body: bytes, kind: bytes) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body
    )


async def _run(port: int, wanted: int) -> None:
    server = await asyncio.start_server(partial(_serve, Gate(wanted)), "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
