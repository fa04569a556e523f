"""A model server that does nothing, for measuring what stands before it: one process, no threads.

    python -m benchmarks.gateway_upstream PORT

It answers ``/v1/chat/completions`` at once with a fixed text and usage, streamed in ten pieces when asked, and tells
at ``/count`` how many requests it has answered whole.
"""

from __future__ import annotations

import asyncio
import json
import sys

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
_answered: list[int] = [0]


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = (
                int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) if b"ontent-" in head else 0
            )
            body = await reader.readexactly(length)
            if head.startswith(b"GET /count"):
                _answer(writer, str(_answered[0]).encode(), b"text/plain")
                await writer.drain()
                continue
            if b'"up-slow"' in body:
                await asyncio.sleep(SLOW_SECONDS)
            if b'"stream": true' in body or b'"stream":true' in body:
                _answer(writer, _STREAM, b"text/event-stream")
            else:
                _answer(writer, _WHOLE, b"application/json")
            _answered[0] += 1
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _answer(writer: asyncio.StreamWriter, body: bytes, kind: bytes) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body
    )


async def _run(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
