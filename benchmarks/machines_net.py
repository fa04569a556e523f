"""Machines of their own on one Linux: network namespaces around a switch, with a cable each that can be pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NETWORK, SWITCH = "10.77.0", "zwbr0"
TOOLS = ("unshare", "nsenter", "ip")


def refusal() -> str:
    """Return why this machine cannot have namespaces; "" when it can."""
    missing = [name for name in TOOLS if shutil.which(name) is None]
    if missing:
        return f"missing programs: {', '.join(missing)} (util-linux, iproute2)"
    probe = "ip link add zwp0 type veth peer name zwp1 && ip link add zwp2 type bridge && unshare --net true"
    done = subprocess.run([*_apart(), "sh", "-c", probe], capture_output=True, text=True, check=False)
    return (
        "" if done.returncode == 0 else f"network namespaces are not permitted: {done.stderr.strip()[:200]}"
    )


def enter(arguments: Sequence[str]) -> int:
    """Run this bench again in a network of its own, which is the switch; it is gone with the process."""
    command = [*_apart(), sys.executable, "-m", "zhiwei", "bench", "machines", "--inside", *arguments]
    return subprocess.run(command, check=False).returncode


def _apart() -> list[str]:
    """Root needs no user namespace; others get one in which they stay who they are."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    return ["unshare", *own, "--net"]


def raise_switch() -> None:
    """Make the switch; this process sits at it with the first address."""
    _ip("link", "set", "lo", "up")
    _ip("link", "add", SWITCH, "type", "bridge")
    _ip("addr", "add", f"{NETWORK}.1/24", "dev", SWITCH)
    _ip("link", "set", SWITCH, "up")


@dataclass
class Machine:
    """One machine: a network namespace with a cable to the switch, and what runs there."""

    name: str
    number: int
    folder: Path
    holder: subprocess.Popen[bytes] = field(init=False)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        _until(lambda: Path(f"/proc/{self.holder.pid}/comm").read_text().strip() == "sleep")
        _ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", str(self.holder.pid))
        _ip("link", "set", self.cable, "master", SWITCH, "up")
        for words in (
            ("addr", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            subprocess.run([*self._here(), "ip", *words], check=True)

    @property
    def address(self) -> str:
        return f"{NETWORK}.{self.number}"

    @property
    def cable(self) -> str:
        return f"zw-{self.name}"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        user: int | None = None,
        where: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program on this machine; its words go to the machine's log."""
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [*self._here(user), *command], env=dict(environment), stdout=out, stderr=out, cwd=where
            )
        self.running.append(process)
        return process

    def pull(self) -> None:
        """Pull the network cable."""
        _ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        """Plug the network cable in again."""
        _ip("link", "set", self.cable, "up")

    def stop(self) -> None:
        """End what runs here, and the machine."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.holder.kill()
        self.holder.wait()

    def _here(self, user: int | None = None) -> list[str]:
        who = [] if user is None else ["-S", str(user), "-G", str(user)]
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *who]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _until(ready: object) -> None:
    assert callable(ready)
    for _turn in range(100):
        if ready():
            return
        time.sleep(0.05)
    raise TimeoutError("a namespace did not come up")
