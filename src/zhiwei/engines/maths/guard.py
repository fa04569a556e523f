"""A last limit of time: the sizes are bounded everywhere, this stops what still takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class _TooLongError(BaseException):
    """Raised by the timer; not an ``Exception``, so that nothing on the way swallows it."""


def guarded(work: Callable[[], T], seconds: float) -> T | None:
    """Result of ``work``, or None when it took longer than ``seconds``.

    The timer needs the main thread of a POSIX system; elsewhere only the bounds on size protect.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return work()
    old = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    except _TooLongError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _TooLongError
