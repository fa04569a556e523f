"""The ledger's statements on connections of their own: borrowed for one statement, prepared once, never in a request's.

A call to a model waits for seconds, its statements take a millisecond: a few connections serve all threads of a
process. Values go to the server as text without passing Django or a cursor, which would cost more processor time than
everything else in a call.
"""

from __future__ import annotations

import re
import select
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, cast

from psycopg import Connection, OperationalError, pq
from psycopg.errors import error_from_result

from zhiwei.ai.errors import BusyError

MOST_CONNECTIONS = 8
PATIENCE_SECONDS = 60.0
_PLACE = re.compile("%s")


@dataclass
class _Line:
    """A connection and the statements it has prepared."""

    connection: Connection[Any]
    names: dict[str, bytes] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether the server still listens: what it sends unasked is that it goes away."""
        if self.connection.closed:
            return False
        readable = select.poll()
        readable.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not readable.poll(0)


class PooledStatements:
    """Statements over a few connections shared by all threads of the process.

    Args:
        connect: Opens a connection that commits each statement at once.
        most: Connections at most; who finds none free waits for one.
    """

    def __init__(self, connect: Callable[[], Connection[Any]], most: int = MOST_CONNECTIONS) -> None:
        self._connect = connect
        self._free = threading.BoundedSemaphore(most)
        self._idle: list[_Line] = []

    def run(
        self, statement: str, values: Sequence[object], patience: float = PATIENCE_SECONDS
    ) -> tuple[Any, ...]:
        """Run on the next free connection, committed at once; every value of the row comes as text.

        Raises:
            BusyError: No connection became free in time.
        """
        if not self._free.acquire(timeout=patience):
            raise BusyError("系统繁忙，请稍后再试。", retry_after=1)
        try:
            line = self._taken()
            try:
                return _executed(line, statement, values)
            finally:
                if line.connection.pgconn.status == pq.ConnStatus.OK:
                    self._idle.append(line)
                else:
                    line.connection.close()
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().connection.close()

    def _taken(self) -> _Line:
        with suppress(IndexError):
            while True:
                line = self._idle.pop()
                if line.alive:
                    return line
                line.connection.close()
        return _Line(self._connect())


def _executed(line: _Line, statement: str, values: Sequence[object]) -> tuple[Any, ...]:
    server = line.connection.pgconn
    name = line.names.get(statement)
    if name is None:
        name = f"ai_{len(line.names)}".encode()
        _good(server.prepare(name, _numbered(statement)), line)
        line.names[statement] = name
    sent = cast("list[bytes]", [as_text(one) for one in values])  # None is NULL, which its types do not say
    formats = [type(one) is bytes for one in values]  # 1 is binary
    result = _good(server.exec_prepared(name, sent, formats), line)
    found = [result.get_value(0, column) for column in range(result.nfields)]
    return tuple(None if value is None else value.decode() for value in found)


def _good(result: pq.abc.PGresult, line: _Line) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        return result
    if line.connection.pgconn.status != pq.ConnStatus.OK:
        raise OperationalError("the connection to the database was lost")
    raise error_from_result(result, encoding="utf-8")


@lru_cache(maxsize=16)
def _numbered(statement: str) -> bytes:
    numbers = count(1)
    return _PLACE.sub(lambda _match: f"${next(numbers)}", statement).encode()


def as_text(value: object) -> bytes | None:
    """Return a value as PostgreSQL reads it: text, except bytes, which go as they are."""
    writer = _WRITERS.get(type(value))
    return writer(value) if writer is not None else str(value).encode()


def _array(values: Iterable[object]) -> bytes:
    return ("{" + ",".join(_element(one) for one in values) + "}").encode()


def _element(value: object) -> str:
    if type(value) is int:
        return str(value)
    plain = value.isoformat() if isinstance(value, datetime) else str(value)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: Mapping[type, Callable[[Any], bytes | None]] = {
    type(None): lambda value: value,
    bytes: lambda value: value,
    bool: lambda value: b"t" if value else b"f",
    int: lambda value: b"%d" % value,
    datetime: lambda value: value.isoformat().encode(),
    list: _array,
}
