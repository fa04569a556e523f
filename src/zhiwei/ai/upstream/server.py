"""Speaking OpenAI's protocol to a server: whole answers and streams, bounded in time and size."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.upstream.connections import Connections
from zhiwei.ai.upstream.egress import Target

MOST_BYTES = 16 * 1024 * 1024
MOST_LINE = 1024 * 1024
LONGEST_WAIT = 10.0
RETRIED = frozenset({429, 502, 503, 504})
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server as a call needs it; ``retries`` are tried only while the server has not begun to work."""

    provider_id: int
    base_url: str
    secret: str
    first_byte_seconds: float = 60.0
    total_seconds: float = 300.0
    retries: int = 2


class Server:
    """Calls to one endpoint over shared connections."""

    def __init__(self, connections: Connections, endpoint: Endpoint) -> None:
        self._connections = connections
        self._endpoint = endpoint
        self.attempts = 0

    def ask(self, operation: str, body: Mapping[str, object]) -> Json:
        """Return the answer to one request.

        Raises:
            UpstreamError: Unreachable, refused, too late, too large or not JSON.
        """
        deadline = time.monotonic() + self._endpoint.total_seconds
        target, connection, response = self._sent(operation, body, deadline)
        raw = _read_all(connection, response, deadline)
        if response.will_close:
            connection.close()
        else:
            self._connections.give_back(target, connection)
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            raise UpstreamError("模型服务的回答不是 JSON。", code="ai.upstream_json") from None
        if not isinstance(answer, dict):
            raise UpstreamError("模型服务的回答不是 JSON 对象。", code="ai.upstream_json")
        return answer

    def stream(self, operation: str, body: Mapping[str, object]) -> Iterator[Json]:
        """Yield the pieces of a streamed answer; closing the iterator closes the connection.

        Raises:
            UpstreamError: As ``ask``, or the stream ends before its end mark.
        """
        deadline = time.monotonic() + self._endpoint.total_seconds
        target, connection, response = self._sent(operation, body, deadline)
        return self._pieces(target, connection, response, deadline)

    def _pieces(
        self,
        target: Target,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        deadline: float,
    ) -> Iterator[Json]:
        ended = False
        try:
            for line in _lines(connection, response, deadline):
                if line == b"[DONE]":
                    ended = True
                    break
                yield _piece(line)
            if not ended:
                raise UpstreamError("模型服务中途断开。", code="ai.upstream_cut")
            if not response.will_close and not response.read(1024):
                response.close()
                self._connections.give_back(target, connection)
                return
            connection.close()
        finally:
            if not ended:
                connection.close()

    def _sent(
        self, operation: str, body: Mapping[str, object], deadline: float
    ) -> tuple[Target, http.client.HTTPConnection, http.client.HTTPResponse]:
        target = self._connections.target(self._endpoint.base_url)
        payload = json.dumps(body, ensure_ascii=False).encode()
        while True:
            self.attempts += 1
            try:
                connection, response = self._try(target, f"{target.path}{operation}", payload, deadline)
            except UpstreamError as error:
                if not self._may_retry(error, deadline):
                    raise
                time.sleep(_pause(error, self.attempts))
                continue
            return target, connection, response

    def _may_retry(self, error: UpstreamError, deadline: float) -> bool:
        safe = error.code == "ai.upstream_unreachable" or error.upstream_status in RETRIED
        pause = _pause(error, self.attempts)
        in_time = pause <= LONGEST_WAIT and time.monotonic() + pause < deadline
        return safe and in_time and self.attempts <= self._endpoint.retries

    def _try(
        self, target: Target, path: str, payload: bytes, deadline: float
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        while True:
            try:
                connection, used = self._connections.take(target)
            except OSError:
                raise UpstreamError("连不上模型服务。", code="ai.upstream_unreachable") from None
            try:
                return connection, self._exchange(connection, target, path, payload, deadline)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                connection.close()
                if not used:
                    raise UpstreamError("模型服务断开了连接。", code="ai.upstream_cut") from None
            except TimeoutError:
                connection.close()
                raise UpstreamError("模型服务超时。", code="ai.upstream_slow") from None
            except (http.client.HTTPException, OSError):
                connection.close()
                raise UpstreamError("模型服务的回答无法读取。", code="ai.upstream_broken") from None
            except UpstreamError:
                connection.close()
                raise

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        target: Target,
        path: str,
        payload: bytes,
        deadline: float,
    ) -> http.client.HTTPResponse:
        left = max(deadline - time.monotonic(), 0.001)
        connection.sock.settimeout(min(self._endpoint.first_byte_seconds, left))
        headers = {
            "Host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "User-Agent": "zhiwei",
        }
        if self._endpoint.secret:
            headers["Authorization"] = f"Bearer {self._endpoint.secret}"
        connection.request("POST", path, payload, headers)
        response = connection.getresponse()
        if response.status != 200:
            raise _refusal(response)
        return response


def _refusal(response: http.client.HTTPResponse) -> UpstreamError:
    after = response.headers.get("Retry-After", "")
    wait = float(after) if after.replace(".", "", 1).isdigit() else 0.0
    response.read(64 * 1024)
    words = "请求过多" if response.status == 429 else f"状态 {response.status}"
    return UpstreamError(
        f"模型服务拒绝了请求（{words}）。",
        code="ai.upstream_status",
        upstream_status=response.status,
        retry_after=wait,
    )


def _pause(error: UpstreamError, attempt: int) -> float:
    return error.retry_after or min(0.2 * 2 ** (attempt - 1), 2.0)


def _read_all(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float
) -> bytes:
    """Read a whole answer, a socket's time-out at a time, so that a trickle cannot outlast the deadline."""
    pieces, size = [], 0
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise UpstreamError("模型服务超时。", code="ai.upstream_slow")
            if connection.sock is not None:
                connection.sock.settimeout(left)
            piece = response.read1(256 * 1024)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise UpstreamError("模型服务的回答过大。", code="ai.upstream_large")
    except UpstreamError:
        connection.close()
        raise
    except TimeoutError:
        connection.close()
        raise UpstreamError("模型服务超时。", code="ai.upstream_slow") from None
    except (http.client.HTTPException, OSError, ValueError):
        connection.close()
        raise UpstreamError("模型服务中途断开。", code="ai.upstream_cut") from None
    if response.length:
        connection.close()
        raise UpstreamError("模型服务中途断开。", code="ai.upstream_cut")
    response.close()
    return b"".join(pieces)


def _lines(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float
) -> Iterator[bytes]:
    """Yield the data of each event of a stream."""
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise UpstreamError("模型服务超时。", code="ai.upstream_slow")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        try:
            line = response.readline(MOST_LINE + 1)
        except TimeoutError:
            raise UpstreamError("模型服务超时。", code="ai.upstream_slow") from None
        except (http.client.HTTPException, OSError, ValueError):
            raise UpstreamError("模型服务中途断开。", code="ai.upstream_cut") from None
        if not line:
            return
        size += len(line)
        if len(line) > MOST_LINE or size > MOST_BYTES:
            raise UpstreamError("模型服务的回答过大。", code="ai.upstream_large")
        if line.startswith(b"data:"):
            yield line[5:].strip()


def _piece(line: bytes) -> Json:
    try:
        piece = json.loads(line)
    except (ValueError, RecursionError):
        piece = None
    if not isinstance(piece, dict):
        raise UpstreamError("模型服务的数据流不是 JSON。", code="ai.upstream_json")
    return piece
