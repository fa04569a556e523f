"""An OpenAI-compatible server that does what a test tells it, over real HTTP in a thread of this process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[["Talk"], None]


@dataclass
class Talk:
    """One request as an act sees it."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]

    def say(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON (or bytes as they are)."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.handler.send_response(status)
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        self.handler.send_header("Content-Type", "application/json")
        self.handler.send_header("Content-Length", str(len(raw)))
        self.handler.end_headers()
        self.handler.wfile.write(raw)

    def begin_stream(self) -> None:
        """Send the head of a stream that ends with its connection."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()
        self.handler.close_connection = True

    def event(self, data: object) -> None:
        """Send one event."""
        raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
        self.handler.wfile.write(b"data: " + raw + b"\n\n")
        self.handler.wfile.flush()


def answer(text: str, *, tokens: tuple[int, int] = (10, 5)) -> dict[str, Any]:
    """A whole answer with usage."""
    return {
        "id": "up-1",
        "model": "scripted-1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
    }


def says(text: str, *, tokens: tuple[int, int] = (10, 5)) -> Act:
    """Answer with a text; streamed when that was asked for."""

    def act(talk: Talk) -> None:
        if talk.body.get("stream"):
            streams([text[at : at + 3] for at in range(0, len(text), 3)], tokens=tokens)(talk)
        else:
            talk.say(200, answer(text, tokens=tokens))

    return act


def streams(pieces: Sequence[str], *, tokens: tuple[int, int] | None = (10, 5), pause: float = 0.0) -> Act:
    """Answer piece by piece."""

    def act(talk: Talk) -> None:
        talk.begin_stream()
        for piece in pieces:
            talk.event({"model": "scripted-1", "choices": [{"index": 0, "delta": {"content": piece}}]})
            time.sleep(pause)
        talk.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if tokens:
            talk.event({"choices": [], "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}})
        talk.event(b"[DONE]")

    return act


@dataclass
class Scripted:
    """The server: what it was asked, and what it does next (the last act stays)."""

    url: str
    acts: list[Act] = field(default_factory=lambda: [says("好的。")])
    seen: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def then(self, *acts: Act) -> None:
        """Say what to do from now on."""
        self.acts[:] = acts


@contextmanager
def scripted() -> Iterator[Scripted]:
    """Run the server while the block runs."""
    holder: list[Scripted] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(raw)
            holder[0].seen.append(body)
            holder[0].keys.append(self.headers.get("Authorization", ""))
            act = holder[0].acts.pop(0) if len(holder[0].acts) > 1 else holder[0].acts[0]
            try:
                act(Talk(self, body))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    holder.append(Scripted(f"http://127.0.0.1:{server.server_port}/v1"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield holder[0]
    finally:
        server.shutdown()
        server.server_close()
