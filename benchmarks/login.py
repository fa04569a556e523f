"""``bench login``: sign-ins a second, and how long an honest user waits while others spray passwords.

A real server, real Argon2id, CSRF and sessions included. Attackers sit at addresses of their own (127.0.2.x) and try
common passwords on every account; the honest user signs in from another address. The same attack runs against the
same application with its rate limits lifted (``login_unlimited``): without that control the figure proves nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.web import ROOT, _await, _free_port

ACCOUNTS, ATTACKERS, TOGETHER = 400, 16, 8
SETTLING_SECONDS = 20.0
"""An attack begins so long before the honest user comes: what the limits allow each account is used up first."""
PASSWORD = "a school day in autumn"


@dataclass(frozen=True)
class Line:
    """One phase: the honest user's sign-ins and waits in ms, and what the attackers got through."""

    phase: str
    sign_ins: int
    p50_ms: float
    p95_ms: float
    guesses_per_second: float
    refused_percent: float


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when the attack with limits slows the honest user's p95 beyond three times the calm one."""
    parser = argparse.ArgumentParser(prog="bench login")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=15, help="length of each phase")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-login-") as folder:
        Path(folder).chmod(0o711)
        rate, lines = measure(Path(folder), given.seconds)
    if given.json:
        print(json.dumps({"sign_ins_per_second": rate, "phases": [asdict(one) for one in lines]}))
    else:
        print(f"sign-ins a second ({TOGETHER} at once): {rate:.1f}\n")
        print(f"{'phase':<24}{'sign-ins':>9}{'p50 ms':>9}{'p95 ms':>9}{'guesses/s':>11}{'refused %':>11}")
        for one in lines:
            print(f"{one.phase:<24}{one.sign_ins:>9}{one.p50_ms:>9.0f}{one.p95_ms:>9.0f}"
                  f"{one.guesses_per_second:>11.1f}{one.refused_percent:>11.1f}")  # fmt: skip
    calm, limited = lines[0], lines[1]
    return 0 if limited.p95_ms <= 3 * calm.p95_ms else 1


def measure(folder: Path, seconds: float) -> tuple[float, list[Line]]:
    """Run the server as it is, then with its limits lifted."""
    port = _free_port()
    os.environ.update({"ZHIWEI_DATA": str(folder), "ZHIWEI_WEB_THREADS": "4", "ZHIWEI_PORT": str(port)})
    os.environ.pop("ZHIWEI_DATABASE_URL", None)
    from zhiwei.config.commands import boot, supervise

    with boot.ready():
        _people()
        command = supervise.web_command()
        with _Server(command, port):
            rate = asyncio.run(_rate(port))
            lines = [asyncio.run(_phase("calm", port, seconds, 0))]
            lines.append(asyncio.run(_phase("sprayed, limits on", port, seconds, ATTACKERS)))
        lifted = ["benchmarks.login_unlimited:application" if "wsgi:app" in one else one for one in command]
        with _Server(lifted, port):
            lines.append(asyncio.run(_phase("sprayed, limits lifted", port, seconds, ATTACKERS)))
    return rate, lines


class _Server:
    """One web server for as long as the block lasts."""

    def __init__(self, command: list[str], port: int) -> None:
        from zhiwei.config.commands import boot

        self.command, self.port = command, port
        self.environment = {**boot.child_environment(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT, start_new_session=True)
        _await(self.port)

    def __exit__(self, *error: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class _Browser:
    """A kept-alive connection from one address that signs in again and again."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address

    async def open(self) -> None:
        """Connect and fetch the form once for its CSRF cookie."""
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.address, 0)
        )
        head, _body = await self._exchange(f"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
        self.token = head.split("csrftoken=")[1].split(";")[0]

    async def sign_in(self, login: str, password: str) -> int:
        """Post the form and return the status."""
        form = urlencode({"login": login, "password": password})
        request = (
            f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: csrftoken={self.token}\r\n"
            f"X-CSRFToken: {self.token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n{form}"
        )
        head, _body = await self._exchange(request)
        return int(head.split(" ", 2)[1])

    async def _exchange(self, request: str) -> tuple[str, bytes]:
        self.writer.write(request.encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        lower = head.lower()
        if "content-length:" in lower:
            length = int(lower.split("content-length:", 1)[1].split("\r\n", 1)[0])
            return head, await self.reader.readexactly(length)
        return head, await self.reader.readuntil(b"0\r\n\r\n")


async def _rate(port: int) -> float:
    """Return sign-ins a second of many people at once, each from an address of their own."""
    browsers = [_Browser(port, f"127.0.1.{number + 1}") for number in range(TOGETHER)]
    await asyncio.gather(*(one.open() for one in browsers))

    async def some(browser: _Browser, first: int) -> None:
        for number in range(first, first + 20):
            status = await browser.sign_in(f"bench-{number}", PASSWORD)
            assert status == 302, status

    began = time.perf_counter()
    await asyncio.gather(*(some(one, 20 * place) for place, one in enumerate(browsers)))
    return 20 * TOGETHER / (time.perf_counter() - began)


async def _phase(name: str, port: int, seconds: float, attackers: int) -> Line:
    end = time.perf_counter() + seconds + (SETTLING_SECONDS if attackers else 0)
    offset = {"calm": 160, "sprayed, limits on": 220}.get(name, 280)
    spraying = [asyncio.create_task(_spray(port, end, number)) for number in range(attackers)]
    await asyncio.sleep(SETTLING_SECONDS if attackers else 0)
    honest = asyncio.create_task(_honest(port, end, offset))
    waits = sorted(await honest)
    statuses = [status for one in spraying for status in await one]
    refused = sum(status == 429 for status in statuses)
    return Line(
        name, len(waits), 1000 * waits[len(waits) // 2], 1000 * waits[min(int(0.95 * len(waits)), len(waits) - 1)],
        (len(statuses) - refused) / (seconds + SETTLING_SECONDS), 100 * refused / max(len(statuses), 1),
    )  # fmt: skip


async def _honest(port: int, end: float, first: int) -> list[float]:
    """Sign one person after another in, a new address each, until the time is up."""
    waits: list[float] = []
    while time.perf_counter() < end and len(waits) < 60:
        browser = _Browser(port, f"127.0.3.{len(waits) + 1}")
        await browser.open()
        began = time.perf_counter()
        status = await browser.sign_in(f"bench-{first + len(waits)}", PASSWORD)
        waits.append(time.perf_counter() - began)
        browser.writer.close()
        assert status == 302, status
        await asyncio.sleep(0.1)
    return waits


async def _spray(port: int, end: float, number: int) -> list[int]:
    """Try a common password on one account after another (not those of the honest, whom limits would stop too)."""
    browser, statuses = _Browser(port, f"127.0.2.{number + 1}"), []
    await browser.open()
    place = 340 + number
    while time.perf_counter() < end:
        statuses.append(await browser.sign_in(f"bench-{340 + place % 60}", f"password{place}"))
        place += 1
    return statuses


def _people() -> None:
    """Open accounts of pupils with one password hash for all."""
    from django.contrib.auth.hashers import make_password

    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.models import Account
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, system_actor

    now, system = clock.now(), system_actor()
    with scope.everywhere("bench"):
        school = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.SCHOOL, name="测速学校"
        )
        for number in range(ACCOUNTS):
            made = people.register_person(
                actor=system, now=now, tenant_id=school, name=f"学生{number}", number=f"N{number}"
            )
            accounts.open_account(actor=system, now=now, person_id=made, login=f"bench-{number}")
        Account.objects.update(password=make_password(PASSWORD))
