"""A streamed answer: placeholders turned back, guarded by the sentence for pupils, settled however it ends."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator

from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.rules.placeholders import Unveiling
from zhiwei.ai.rules.pricing import Usage
from zhiwei.ai.services import answers
from zhiwei.ai.services.accounting import Books
from zhiwei.ai.services.guarding import WITHHELD, Guarded, guard_answered
from zhiwei.ai.upstream.breaker import Breaker
from zhiwei.ai.upstream.server import Json
from zhiwei.ai.values import CallState

_SENTENCE_END = re.compile(r"[。！？!?\n]")
Piece = dict[str, object]


class Streamed:
    """Pieces in OpenAI's form. ``close`` may come at any time, also before the first piece."""

    def __init__(
        self, books: Books, pieces: Iterator[Json], breaker: Breaker, *, usage_wanted: bool = False
    ) -> None:
        self.books = books
        self._pieces = pieces
        self._breaker = breaker
        self._usage_wanted = usage_wanted
        self._text = Unveiling(books.ready.veil)
        self._thought = Unveiling(books.ready.veil)
        self._tools: dict[int, Unveiling] = {}
        self._said: list[str] = []
        self._waiting = ""
        self._told: object = None
        self._finish = "stop"
        self._judged = Guarded({})
        self._state = CallState.CANCELLED
        self._error = ""
        self._made = int(time.time())
        self._run = self._running()

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        return next(self._run)

    @property
    def text(self) -> str:
        """What was said so far."""
        return "".join(self._said)

    @property
    def usage(self) -> Usage:
        """What was used so far, as far as known."""
        return answers.usage_of(self._told, self.books.ready, self.text)

    def close(self) -> None:
        """End the call; what was said so far is settled."""
        self._run.close()
        self._settle()

    def _running(self) -> Generator[Piece, None, None]:
        try:
            yield self._piece({"role": "assistant", "content": ""}, aigc=True)
            yield from self._said_pieces()
            if self._state is CallState.CANCELLED:
                self._state = CallState.DONE
        except UpstreamError as error:
            self._state, self._error = CallState.FAILED, error.code
            self._breaker.failed()
            yield {"error": {"message": error.message, "type": "upstream", "code": error.code}}
            return
        finally:
            self._settle()
        self._breaker.succeeded()
        if self._usage_wanted:
            yield self._usage_piece()

    def _said_pieces(self) -> Iterator[Piece]:
        for piece in self._pieces:
            self._read(piece)
            delta = self._delta(piece)
            if delta:
                yield self._piece(delta)
            if self._judged.stopped:
                self._state = CallState.BLOCKED
                yield self._piece({"content": WITHHELD})
                yield self._piece({}, finish="content_filter")
                return
        rest = self._spoken(self._text.rest(), last=True)
        if self._judged.stopped:
            self._state, rest, self._finish = CallState.BLOCKED, WITHHELD, "content_filter"
        if rest:
            yield self._piece({"content": rest})
        yield from self._leftovers()
        yield self._piece({}, finish=self._finish)

    def _leftovers(self) -> Iterator[Piece]:
        thought = self._thought.rest()
        if thought:
            yield self._piece({"reasoning_content": thought})
        for index, unveiling in self._tools.items():
            arguments = unveiling.rest()
            if arguments:
                yield self._piece({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]})

    def _read(self, piece: Json) -> None:
        if isinstance(piece.get("usage"), dict):
            self._told = piece["usage"]
        if not self.books.answered_by and isinstance(piece.get("model"), str):
            self.books.answered_by = str(piece["model"])[:120]

    def _delta(self, piece: Json) -> Piece:
        choices = piece.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(first, dict):
            return {}
        if isinstance(first.get("finish_reason"), str):
            self._finish = str(first["finish_reason"])
        delta = first.get("delta")
        if not isinstance(delta, dict):
            return {}
        out: Piece = {}
        if isinstance(delta.get("content"), str) and delta["content"]:
            self.books.spoke()
            text = self._spoken(self._text.feed(delta["content"]), last=False)
            if text:
                out["content"] = text
        if isinstance(delta.get("reasoning_content"), str):
            out["reasoning_content"] = self._thought.feed(delta["reasoning_content"])
        if isinstance(delta.get("tool_calls"), list):
            out["tool_calls"] = [self._tool(one) for one in delta["tool_calls"]]
        return out

    def _spoken(self, text: str, *, last: bool) -> str:
        """Return what may be shown now; for pupils whole sentences that passed the guard."""
        if not self.books.grant.minor:
            self._said.append(text)
            return text
        self._waiting += text
        cut = len(self._waiting) if last else _last_end(self._waiting)
        ready, self._waiting = self._waiting[:cut], self._waiting[cut:]
        if not ready.strip():
            self._said.append(ready)
            return ready
        judged = guard_answered(ready, minor=True)
        if judged.found:
            self._judged = Guarded({**self._judged.found, **judged.found}, "", judged.stopped)
        self._said.append(ready)
        return "" if judged.stopped else ready

    def _tool(self, one: object) -> object:
        function = one.get("function") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(function, dict):
            return one
        index = one.get("index") if isinstance(one.get("index"), int) else 0
        unveiling = self._tools.setdefault(int(str(index)), Unveiling(self.books.ready.veil))
        arguments = unveiling.feed(str(function.get("arguments") or ""))
        return {**one, "function": {**function, "arguments": arguments}}

    def _settle(self) -> None:
        if self.books.closed:
            return
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()
        text = self.text
        if self._state is CallState.FAILED and not text:
            self.books.give_back(UpstreamError("", code=self._error))
            return
        if not self.books.grant.minor and text:
            self._judged = guard_answered(text, minor=False)
        self.books.settle(self.usage, text, self._state, answered=self._judged, error=self._error)

    def _piece(self, delta: Piece, *, finish: str | None = None, aigc: bool = False) -> Piece:
        piece: Piece = {
            "id": f"call-{self.books.call}",
            "object": "chat.completion.chunk",
            "created": self._made,
            "model": self.books.ready.offered.name,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        return {**piece, "aigc": answers.label(self.books.call)} if aigc else piece

    def _usage_piece(self) -> Piece:
        used = self.usage
        return {
            **self._piece({}),
            "choices": [],
            "usage": {
                "prompt_tokens": used.input_tokens,
                "completion_tokens": used.output_tokens,
                "total_tokens": used.tokens,
            },
        }


def _last_end(text: str) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return ends[-1] if ends else 0
