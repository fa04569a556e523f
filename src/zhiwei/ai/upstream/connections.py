"""Open connections to model servers, kept for the next call."""

from __future__ import annotations

import http.client
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from zhiwei.ai.upstream.egress import Allowed, Target, connect, resolve

KEPT = 32
IDLE_SECONDS = 20.0
RESOLVED_SECONDS = 60.0
CONNECT_SECONDS = 5.0


@dataclass
class Connections:
    """Idle connections by target; addresses are resolved again (and checked again) each minute."""

    allowed: tuple[Allowed, ...] = ()
    _idle: dict[Target, deque[tuple[float, http.client.HTTPConnection]]] = field(default_factory=dict)
    _targets: dict[str, tuple[float, Target]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def target(self, url: str) -> Target:
        """Return where a base address leads.

        Raises:
            InvalidInputError: It may not be reached.
        """
        known = self._targets.get(url)
        if known is None or time.monotonic() - known[0] > RESOLVED_SECONDS:
            known = (time.monotonic(), resolve(url, self.allowed))
            self._targets[url] = known
        return known[1]

    def take(self, target: Target) -> tuple[http.client.HTTPConnection, bool]:
        """Return a connection and whether it was used before (a stale one may fail at once, without harm).

        Raises:
            OSError: The server cannot be reached.
        """
        with self._lock:
            idle = self._idle.get(target)
            while idle:
                since, connection = idle.pop()
                if time.monotonic() - since < IDLE_SECONDS:
                    return connection, True
                connection.close()
        return connect(target, seconds=CONNECT_SECONDS), False

    def give_back(self, target: Target, connection: http.client.HTTPConnection) -> None:
        """Keep a connection whose answer was read to the end."""
        with self._lock:
            idle = self._idle.setdefault(target, deque())
            if len(idle) < KEPT and connection.sock is not None:
                idle.append((time.monotonic(), connection))
                return
        connection.close()
