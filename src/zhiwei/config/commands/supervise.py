"""One parent for web and worker: starts them, passes signals on, and starts again what dies."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from zhiwei.config import env
from zhiwei.config.commands.boot import child_environment


@dataclass
class Child:
    """A process to keep alive; restarts slow down when it dies at once."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = field(default=0)


def web_command() -> list[str]:
    """Return the command of the web server (granian, WSGI)."""
    workers = env.whole("ZHIWEI_WEB_WORKERS", 1, low=1, high=64)
    threads = env.whole("ZHIWEI_WEB_THREADS", 4, low=1, high=64)
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        env.text("ZHIWEI_HOST", "127.0.0.1"),
        "--port",
        env.text("ZHIWEI_PORT", "8000"),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--backlog",
        "2048",
        "--no-ws",
        "--log-level",
        "warning",
        "zhiwei.config.wsgi:application",
    ]


def children(*, web: bool = True, worker: bool = True) -> list[Child]:
    """Return what to run."""
    wanted = [Child("web", web_command())] if web else []
    if worker:
        count = env.whole("ZHIWEI_JOB_WORKERS", 1, low=1, high=64)
        command = [sys.executable, "-m", "zhiwei.config.commands.worker"]
        wanted += [Child(f"worker-{number}", list(command)) for number in range(1, count + 1)]
    return wanted


def keep(
    wanted: Sequence[Child], *, seconds: float | None = None, announce: Callable[[], None] | None = None
) -> int:
    """Run children until a signal (or for ``seconds``), starting again those that die.

    Args:
        announce: Called once, when the web server answers.

    Returns:
        Exit status: 0 after an orderly stop.
    """
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        del number, frame
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    end = None if seconds is None else time.monotonic() + seconds
    for child in wanted:
        _start(child)
    while not stopping and (end is None or time.monotonic() < end):
        for child in wanted:
            _revive(child)
        if announce is not None and _answers():
            announce()
            announce = None
        time.sleep(0.2)
    _stop_all(wanted)
    return 0


def _answers() -> bool:
    host, port = env.text("ZHIWEI_HOST", "127.0.0.1"), env.whole("ZHIWEI_PORT", 8000, low=1, high=65535)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def _start(child: Child) -> None:
    child.started = time.monotonic()
    child.process = subprocess.Popen(child.command, env=child_environment(), start_new_session=True)  # noqa: S603


def _revive(child: Child) -> None:
    if child.process is None or child.process.poll() is None:
        return
    lived = time.monotonic() - child.started
    child.deaths = 0 if lived > 30 else child.deaths + 1
    if lived < min(2**child.deaths, 30):
        return
    print(f"{child.name} ended with {child.process.returncode}; starting it again", file=sys.stderr)
    _start(child)


def _stop_all(wanted: Sequence[Child]) -> None:
    running = [child.process for child in wanted if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + 10
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
