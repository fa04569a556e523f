"""``/v1`` as a WSGI application of its own: no sessions, no middleware, as few steps as a call needs."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

from zhiwei.ai.errors import KeyRefusedError, UpstreamError
from zhiwei.ai.rules.requests import read_chat, read_embeddings
from zhiwei.ai.services.answers import LABEL_HEADER, Answer, label
from zhiwei.ai.services.calling import Gateway
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.services.streaming import Streamed
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError, TooManyAttemptsError, ZhiweiError

log = logging.getLogger(__name__)
MOST_BYTES = 24 * 1024 * 1024
Headers = list[tuple[str, str]]
Handler = Callable[[Gateway, Grant, WSGIEnvironment, StartResponse], Iterable[bytes]]
STATUSES = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large", 422: "Unprocessable Content",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip


class TooLargeError(ZhiweiError):
    """The request is larger than what is read."""

    code = "ai.request_large"
    status = 413


class FullError(TooManyAttemptsError):
    """Every place for calls in this process is taken."""

    code = "ai.full"
    status = 503


class Application:
    """The WSGI application over one gateway.

    Args:
        places: Calls at once in this process; more are asked to come back (so that a site's few threads are
            never all waiting for models). 0 is no limit.
    """

    def __init__(self, gateway: Callable[[], Gateway], places: int = 0) -> None:
        self._gateway = gateway
        self._places = threading.BoundedSemaphore(places) if places else None

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self._places is None:
            return self._answered(environ, start)
        if not self._places.acquire(blocking=False):
            return _refusal(FullError("网关繁忙，请稍后再试。", retry_after=1), start)
        try:
            answer = self._answered(environ, start)
        except BaseException:
            self._places.release()
            raise
        return _Leaving(answer, self._places.release)

    def _answered(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            handler = _handler(environ)
            gateway = self._gateway()
            grant = gateway.grants.by_key(_secret(environ), clock.now())
            return handler(gateway, grant, environ, start)
        except ZhiweiError as error:
            return _refusal(error, start)
        except Exception:
            log.exception("gateway: a request failed")
            return _refusal(ZhiweiError("系统出错了，已记录。", code="ai.fault"), start, 500)


def _handler(environ: WSGIEnvironment) -> Handler:
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
    found = {
        "/v1/chat/completions": ("POST", _chat),
        "/v1/embeddings": ("POST", _embeddings),
        "/v1/models": ("GET", _models),
    }.get(path.rstrip("/"))
    if found is None:
        raise NotFoundError("没有这个接口。")
    if method != found[0]:
        error = ZhiweiError(f"只接受 {found[0]}。", code="ai.method")
        error.status = 405
        raise error
    return found[1]


def _secret(environ: WSGIEnvironment) -> str:
    kind, _space, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "bearer" or not 8 <= len(secret.strip()) <= 200:
        raise KeyRefusedError("缺少密钥：Authorization: Bearer …")
    return str(secret.strip())


def _body(environ: WSGIEnvironment) -> object:
    raw_length = environ.get("CONTENT_LENGTH") or "0"
    length = int(raw_length) if raw_length.isdigit() else 0
    if length > MOST_BYTES:
        raise TooLargeError(f"请求超过 {MOST_BYTES // 1024 // 1024} MB。")
    raw = environ["wsgi.input"].read(length) if length else b""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise InvalidInputError("请求不是 JSON / the body is not JSON", code="ai.request") from None


def _chat(gateway: Gateway, grant: Grant, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    asked = read_chat(_body(environ))
    if not asked.stream:
        return _json(_told(gateway.chat(grant, asked, now=clock.now())), start)
    streamed = gateway.stream(grant, asked, now=clock.now())
    headers: Headers = [
        ("Content-Type", "text/event-stream; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Accel-Buffering", "no"),
        (LABEL_HEADER, "true"),
    ]
    start("200 OK", headers)
    return _Events(streamed)


def _embeddings(
    gateway: Gateway, grant: Grant, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    model, texts, level = read_embeddings(_body(environ))
    answer = gateway.embed(grant, model, texts, level, now=clock.now())
    data = answer.body.get("data")
    if not isinstance(data, list) or len(data) != len(texts):
        raise UpstreamError("模型服务的回答缺少向量。", code="ai.upstream_shape")
    return _json(
        {
            "object": "list",
            "model": answer.model,
            "data": data,
            "usage": _usage(answer),
            "zhiwei": _own(answer),
        },
        start,
    )


def _models(
    gateway: Gateway, grant: Grant, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    del gateway, environ
    data = [
        {
            "id": one.name,
            "object": "model",
            "created": 0,
            "owned_by": "zhiwei",
            "capabilities": sorted(one.capabilities),
            "level_ceiling": int(one.ceiling),
        }
        for one in grant.models.values()
    ]
    return _json({"object": "list", "data": data}, start)


class _Events:
    """A stream as server-sent events; closing it (the client left) closes the call."""

    def __init__(self, streamed: Streamed) -> None:
        self._streamed = streamed
        self._run = self._running()

    def __iter__(self) -> Iterator[bytes]:
        return self._run

    def _running(self) -> Iterator[bytes]:
        for piece in self._streamed:
            yield b"data: " + json.dumps(piece, ensure_ascii=False).encode() + b"\n\n"
        yield b"data: [DONE]\n\n"

    def close(self) -> None:
        """End the call."""
        self._streamed.close()


class _Leaving:
    """An answer that gives its place back when it is over."""

    def __init__(self, answer: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._answer = answer
        self._leave = leave
        self._left = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """Close the answer and leave."""
        close = getattr(self._answer, "close", None)
        try:
            if close is not None:
                close()
        finally:
            if not self._left:
                self._left = True
                self._leave()


def _told(answer: Answer) -> dict[str, object]:
    return {
        "id": f"call-{answer.call}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answer.model,
        "choices": answer.body["choices"],
        "usage": _usage(answer),
        "aigc": label(answer.call),
        "zhiwei": _own(answer),
    }


def _usage(answer: Answer) -> dict[str, object]:
    used = answer.usage
    return {
        "prompt_tokens": used.input_tokens,
        "completion_tokens": used.output_tokens,
        "total_tokens": used.tokens,
        "prompt_tokens_details": {"cached_tokens": used.cached_tokens},
    }


def _own(answer: Answer) -> dict[str, object]:
    return {"micro_yuan": answer.micro, "estimated": answer.usage.estimated}


def _json(body: object, start: StartResponse, status: int = 200, more: Headers | None = None) -> list[bytes]:
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers: Headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", str(len(raw))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        *([(LABEL_HEADER, "true")] if status == 200 else []),
        *(more or []),
    ]
    start(f"{status} {STATUSES.get(status, 'Error')}", headers)
    return [raw]


def _refusal(error: ZhiweiError, start: StartResponse, status: int = 0) -> list[bytes]:
    told: dict[str, object] = {"message": str(error.message), "type": _kind(error), "code": error.code}
    if error.problems:
        told["param"] = error.problems[0].field
    more: Headers = []
    if isinstance(error, TooManyAttemptsError):
        more.append(("Retry-After", str(error.retry_after)))
    if isinstance(error, KeyRefusedError):
        more.append(("WWW-Authenticate", "Bearer"))
    code = status or (400 if error.status == 422 else error.status)
    return _json({"error": told}, start, code, more)


def _kind(error: ZhiweiError) -> str:
    if isinstance(error, KeyRefusedError):
        return "authentication_error"
    if isinstance(error, TooManyAttemptsError):
        return "rate_limit_error"
    return "upstream_error" if isinstance(error, UpstreamError) else "invalid_request_error"
