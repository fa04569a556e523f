"""One door for every call to a model: guard, level, reserve, send, fall back, restore, settle."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.rules.requests import ChatRequest, texts_of
from zhiwei.ai.services import answers
from zhiwei.ai.services.accounting import Books
from zhiwei.ai.services.answers import Answer
from zhiwei.ai.services.grants import Grant, Grants, Offered
from zhiwei.ai.services.guarding import (
    WITHHELD,
    Guarded,
    guard_answered,
    guard_asked,
    raise_alert,
    refuse,
)
from zhiwei.ai.services.ledger import Ledger
from zhiwei.ai.services.preparing import prepare_chat, prepare_embeddings
from zhiwei.ai.services.soft_limits import SoftLimits
from zhiwei.ai.services.streaming import Streamed
from zhiwei.ai.upstream.breaker import Breaker, Breakers
from zhiwei.ai.upstream.connections import Connections
from zhiwei.ai.upstream.server import Json, Server
from zhiwei.ai.values import CallState
from zhiwei.kernel.values import Level

CHAT = "/chat/completions"
EMBEDDINGS = "/embeddings"
Work = Callable[[Callable[[], None]], None]
_Got = TypeVar("_Got")


def at_once(work: Callable[[], None]) -> None:
    """Do side work (telling people) in the calling thread."""
    work()


@dataclass
class Gateway:
    """Everything calls share in one process."""

    ledger: Ledger
    connections: Connections
    grants: Grants = field(default_factory=Grants)
    breakers: Breakers = field(default_factory=lambda: Breakers(time.monotonic))
    aside: Work = at_once
    soft_limits: SoftLimits = field(init=False)

    def __post_init__(self) -> None:
        """Have soft limits told the way other side work is done."""
        self.soft_limits = SoftLimits(self.aside)

    def chat(self, grant: Grant, asked: ChatRequest, *, now: datetime) -> Answer:
        """Return a whole answer.

        Raises:
            NoModelError: No such model for this caller.
            BlockedError: A guard stopped it.
            LevelError: Too sensitive for every model permitted.
            BudgetError: A limit is reached.
            BusyError: Too many calls at once.
            UpstreamError: No server answered.
        """
        guarded = self._guard(grant, list(texts_of(asked.messages)), now)
        return self._on_each(
            grant, asked.model, lambda offered: self._chat(grant, asked, offered, guarded, now)
        )

    def stream(self, grant: Grant, asked: ChatRequest, *, now: datetime) -> Streamed:
        """Return an answer that comes piece by piece; closing it ends the call and settles what was said.

        Raises:
            ZhiweiError: As ``chat``; once pieces come, trouble ends the stream with an error piece.
        """
        guarded = self._guard(grant, list(texts_of(asked.messages)), now)
        return self._on_each(
            grant, asked.model, lambda offered: self._stream(grant, asked, offered, guarded, now)
        )

    def embed(self, grant: Grant, model: str, texts: Sequence[str], level: Level, *, now: datetime) -> Answer:
        """Return vectors of texts (in ``body``).

        Raises:
            ZhiweiError: As ``chat``.
        """
        ready = prepare_embeddings(grant, texts, level, grant.model(model))
        books = Books(grant, ready, self.ledger, "embeddings", False, None, (), Guarded({}), now)
        body = self._whole(books, EMBEDDINGS)
        usage = answers.usage_of({**_usage(body), "completion_tokens": 0}, ready, "")
        books.settle(usage, "", CallState.DONE)
        return Answer(books.call, "", ready.offered.name, books.answered_by, books.micro, usage, body=body)

    def _guard(self, grant: Grant, texts: list[str], now: datetime) -> Guarded:
        guarded = guard_asked(texts[-8:] if grant.minor else texts[-2:], minor=grant.minor)
        if guarded.crisis and grant.minor:
            self.aside(lambda: raise_alert(grant, guarded, call=None, now=now))
        refuse(guarded)
        return guarded

    def _chat(
        self, grant: Grant, asked: ChatRequest, offered: Offered, guarded: Guarded, now: datetime
    ) -> Answer:
        ready = prepare_chat(grant, asked, offered)
        books = Books(grant, ready, self.ledger, "chat", False, asked.about_id, asked.messages, guarded, now)
        body = self._whole(books, CHAT)
        try:
            choice = answers.choice_of(body)
        except UpstreamError as error:
            books.settle(
                answers.usage_of(body.get("usage"), ready, ""), "", CallState.FAILED, error=error.code
            )
            raise
        message = answers.restored(_map(choice["message"]), ready.veil.restore)
        text = str(message.get("content") or "")
        usage = answers.usage_of(body.get("usage"), ready, text)
        judged = guard_answered(text, minor=grant.minor)
        state = CallState.BLOCKED if judged.stopped else CallState.DONE
        books.settle(usage, text, state, answered=judged)
        finish = str(choice.get("finish_reason") or "stop")
        if judged.stopped:
            message, text, finish = {"role": "assistant", "content": WITHHELD}, WITHHELD, "content_filter"
        shown = {"index": 0, "message": message, "finish_reason": finish}
        return Answer(
            books.call,
            text,
            offered.name,
            books.answered_by,
            books.micro,
            usage,
            finish,
            {"choices": [shown]},
        )

    def _stream(
        self, grant: Grant, asked: ChatRequest, offered: Offered, guarded: Guarded, now: datetime
    ) -> Streamed:
        ready = prepare_chat(grant, asked, offered)
        books = Books(grant, ready, self.ledger, "chat", True, asked.about_id, asked.messages, guarded, now)
        self._may_go(offered)
        self._open(books)
        server = Server(self.connections, offered.endpoint)
        breaker = self.breakers.of(offered.endpoint.provider_id)
        try:
            pieces = server.stream(CHAT, ready.body)
        except UpstreamError as error:
            books.attempts = server.attempts
            books.give_back(error)
            _note(breaker, error)
            raise
        except BaseException:
            books.give_back(None)
            raise
        books.attempts = server.attempts
        return Streamed(books, pieces, breaker, usage_wanted=asked.usage_wanted)

    def _whole(self, books: Books, operation: str) -> Json:
        ready = books.ready
        offered = ready.offered
        self._may_go(offered)
        self._open(books)
        server = Server(self.connections, offered.endpoint)
        breaker = self.breakers.of(offered.endpoint.provider_id)
        try:
            body = server.ask(operation, ready.body)
        except UpstreamError as error:
            books.attempts = server.attempts
            books.give_back(error)
            _note(breaker, error)
            raise
        except BaseException:
            books.give_back(None)
            raise
        breaker.succeeded()
        books.spoke()
        books.attempts = server.attempts
        books.answered_by = str(body.get("model") or "")[:120]
        return body

    def _open(self, books: Books) -> None:
        books.open()
        if books.warned:
            self.soft_limits.passed(books.grant, books.warned, books.began)

    def _may_go(self, offered: Offered) -> None:
        if not self.breakers.of(offered.endpoint.provider_id).allows():
            raise UpstreamError("模型服务暂停使用（连续失败），稍后自动重试。", code="ai.upstream_resting")

    def _on_each(self, grant: Grant, name: str, go: Callable[[Offered], _Got]) -> _Got:
        """Try the model asked for, then those it falls back to; the first error is the one told."""
        wanted = grant.model(name)
        told: UpstreamError | None = None
        for one in (wanted, *_fallbacks(grant, wanted)):
            try:
                return go(one)
            except UpstreamError as error:
                told = told or error
                if not _their_fault(error):
                    break
        assert told is not None
        raise told


def _fallbacks(grant: Grant, offered: Offered) -> list[Offered]:
    return [grant.models[name] for name in offered.fallbacks if name in grant.models and name != offered.name]


def _their_fault(error: UpstreamError) -> bool:
    """Tell whether another server might do better (a request they call wrong stays wrong elsewhere)."""
    return error.upstream_status in (0, 401, 403, 404, 408, 429) or error.upstream_status >= 500


def _note(breaker: Breaker, error: UpstreamError) -> None:
    if _their_fault(error):
        breaker.failed()
    else:
        breaker.succeeded()


def _usage(body: Json) -> Json:
    return _map(body.get("usage") or {})


def _map(value: object) -> Json:
    return value if isinstance(value, dict) else {}
