"""A circuit breaker a server: after failures in a row, calls go elsewhere for a while, then one tries again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

FAILURES = 5
REST_SECONDS = 20.0


@dataclass
class Breaker:
    """Closed: all pass. Open: none pass for ``REST_SECONDS``; then one passes and decides."""

    clock: Callable[[], float]
    failures: int = 0
    opened_at: float = 0.0
    trying: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self) -> bool:
        """Tell whether a call may go out now."""
        if self.failures < FAILURES:
            return True
        with self.lock:
            if self.trying or self.clock() - self.opened_at < REST_SECONDS:
                return False
            self.trying = True
            return True

    def succeeded(self) -> None:
        """A call was answered."""
        if self.failures:
            with self.lock:
                self.failures, self.trying = 0, False

    def failed(self) -> None:
        """The server was at fault."""
        with self.lock:
            self.failures += 1
            self.trying = False
            if self.failures >= FAILURES:
                self.opened_at = self.clock()


@dataclass
class Breakers:
    """One breaker a server."""

    clock: Callable[[], float]
    known: dict[int, Breaker] = field(default_factory=dict)

    def of(self, provider_id: int) -> Breaker:
        """Return a server's breaker."""
        return self.known.setdefault(provider_id, Breaker(self.clock))
