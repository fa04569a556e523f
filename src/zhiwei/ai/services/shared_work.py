"""Work that many threads need at once and one of them does for all."""

from __future__ import annotations

import threading
from collections.abc import Callable


class SharedWork:
    """Done by one for all who wait; nobody is served by work that began before they asked.

    Used for the write to the disk: whoever comes while one is under way waits for the next, which one of the waiting
    starts. Alone, the caller does it at once in its own thread.

    Args:
        work: What is done; when it fails its caller is told, and the next of the waiting tries.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._turn = threading.Condition()
        self._running = False
        self._begun = 0
        self._done = 0

    def __call__(self) -> None:
        """Return once the work was done that began after this call."""
        with self._turn:
            wanted = self._begun + 1
            while self._running and self._done < wanted:
                self._turn.wait()
            if self._done >= wanted:
                return
            self._running = True
            self._begun += 1
            number = self._begun
        done = False
        try:
            self._work()
            done = True
        finally:
            with self._turn:
                self._running = False
                if done:
                    self._done = number
                self._turn.notify_all()
