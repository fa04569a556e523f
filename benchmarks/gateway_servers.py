"""Processes of the gateway's benchmarks: started until they listen, stopped with all their children, timed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen


def started(
    command: list[str], port: int, environment: dict[str, str] | None = None, seconds: float = 40
) -> subprocess.Popen[bytes]:
    """Start a server and return when its port is open.

    Raises:
        SystemExit: It did not open it in time.
    """
    server = subprocess.Popen(
        command,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    stop(server)
    raise SystemExit(f"{' '.join(command)} did not answer on port {port}")


def stop(server: subprocess.Popen[bytes], sign: int = signal.SIGTERM) -> None:
    """Send a signal to a server and its children, and wait until they are gone."""
    if server.poll() is None:
        os.killpg(server.pid, sign)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)


def null_upstream(port: int, gate: int) -> subprocess.Popen[bytes]:
    """Start the model server that does nothing; its slow model answers once ``gate`` calls wait."""
    command = [sys.executable, "-m", "benchmarks.gateway_upstream", str(port), str(gate)]
    return started(command, port)


def gateway(port: int, threads: int = 0) -> subprocess.Popen[bytes]:
    """Start the gateway as ``zhiwei start`` does, with as many threads as asked for (0: as by default)."""
    from zhiwei.config.commands import boot, supervise

    if threads:
        os.environ["ZHIWEI_GATEWAY_THREADS"] = str(threads)
    return started(supervise.gateway_command(), port, boot.child_environment())


def cpu_seconds(port: int) -> float:
    """Return the processor time so far of the gateway on a port and of the database of this run."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((folder / "cwd").readlink()) if words.startswith("postgres") else ""
            if f"--port {port} " in words or os.environ["ZHIWEI_DATA"] in words + place:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        except (OSError, IndexError, ValueError):
            continue
    return total / os.sysconf("SC_CLK_TCK")


def told(port: int, path: str) -> int:
    """Return a number that the model server tells of itself."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return int(answer.read())
