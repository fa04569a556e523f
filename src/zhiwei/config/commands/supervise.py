"""One parent for web and worker: starts them, passes signals on, and starts again what dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType

from zhiwei.config import env
from zhiwei.config.commands.boot import child_environment

WEB = "web"
WEB_FIRST_SECONDS = 20.0


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
    return _granian("zhiwei.config.wsgi:application", env.text("ZHIWEI_PORT", "8000"), workers, threads)


def gateway_command() -> list[str]:
    """Return the command of the gateway's own server: one process, many threads that mostly wait."""
    threads = env.whole("ZHIWEI_GATEWAY_THREADS", 64, low=1, high=2048)
    port = env.text("ZHIWEI_GATEWAY_PORT", "0")
    return _granian("zhiwei.ai.gateway.process:application", port, 1, threads)


def _granian(application: str, port: str, workers: int, threads: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        env.text("ZHIWEI_HOST", "127.0.0.1"),
        "--port",
        port,
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--backlog",
        "2048",
        "--no-ws",
        "--log-level",
        "warning",
        application,
    ]


def children(*, web: bool = True, worker: bool = True) -> list[Child]:
    """Return what to run."""
    wanted = [Child(WEB, web_command())] if web else []
    if web and env.whole("ZHIWEI_GATEWAY_PORT", 0, low=0, high=65535):
        wanted.append(Child("gateway", gateway_command()))
    if worker:
        count = env.whole("ZHIWEI_JOB_WORKERS", 1, low=1, high=64)
        command = [sys.executable, "-m", "zhiwei.config.commands.worker"]
        wanted += [Child(f"worker-{number}", list(command)) for number in range(1, count + 1)]
    return wanted


def keep(
    wanted: Sequence[Child], *, seconds: float | None = None, announce: Callable[[], None] | None = None
) -> int:
    """Run children until a signal (or for ``seconds``), starting again those that die.

    The web server is started first and the others once it answers (or after a while), so that on a small machine
    nobody waits for a page while job workers load their libraries.

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
    began, answered = time.monotonic(), False
    while not stopping and (end is None or time.monotonic() < end):
        waiting = not answered and any(child.name == WEB for child in wanted)
        if waiting and _answers():
            answered, waiting = True, False
        for child in wanted:
            if child.name == WEB or not waiting or time.monotonic() - began > WEB_FIRST_SECONDS:
                _revive(child)
        if announce is not None and answered:
            announce()
            announce = None
        time.sleep(0.2)
    _stop_all(wanted)
    return 0


def _answers() -> bool:
    """Tell whether a page comes: the port alone is open before the application is loaded."""
    port = env.whole("ZHIWEI_PORT", 8000, low=1, high=65535)
    host = env.text("ZHIWEI_HOST", "127.0.0.1")
    asked = HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)  # noqa: S104
    try:
        asked.request("GET", "/sign-in/", headers={"Host": "127.0.0.1"})
        return asked.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def _start(child: Child) -> None:
    child.started = time.monotonic()
    child.process = subprocess.Popen(child.command, env=child_environment(), start_new_session=True)  # noqa: S603


def _revive(child: Child) -> None:
    if child.process is None:
        _start(child)
        return
    if child.process.poll() is None:
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
            os.killpg(
                process.pid, signal.SIGKILL
            )  # with what it started: web workers outlive their parent otherwise
