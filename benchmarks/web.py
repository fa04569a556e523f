"""Web: requests a second and p95 of the sign-in page, a list of 30 rows and an indexed read, beside bare Django.

``zhiwei bench web [--json] [--seconds 6]``. Two peers run the same query on the same
database under the same server settings: *bare page* is what any Django site does for these rows (session, sign-in, one
template), the like-for-like of the aim; *bare JSON* has no session, sign-in or template and shows what Django itself
costs. Neither has scopes, roles, audit or a frame around the page. A throwaway data folder is used.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONNECTIONS, AIM = 8, 0.7


@dataclass(frozen=True)
class Line:
    """One page: requests a second and 95th percentile in ms, ours and the bare pages'; requests a second as JSON."""

    page: str
    per_second: float
    p95_ms: float
    bare_per_second: float
    bare_p95_ms: float
    json_per_second: float

    @property
    def ratio(self) -> float:
        """Our requests a second over bare Django's."""
        return self.per_second / self.bare_per_second


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when a page is below the aim."""
    parser = argparse.ArgumentParser(prog="zhiwei bench web")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=6)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-web-") as folder:
        Path(folder).chmod(0o711)
        lines = measure(Path(folder), given.seconds)
    if given.json:
        print(json.dumps({"web": [{**asdict(one), "ratio": one.ratio} for one in lines], "aim": AIM}))
    else:
        print(f"{'page':<16}{'ours/s':>9}{'p95 ms':>9}{'bare/s':>9}{'p95 ms':>9}{'ratio':>8}{'JSON/s':>9}")
        for one in lines:
            print(f"{one.page:<16}{one.per_second:>9.0f}{one.p95_ms:>9.1f}{one.bare_per_second:>9.0f}"
                  f"{one.bare_p95_ms:>9.1f}{one.ratio:>8.2f}{one.json_per_second:>9.0f}")  # fmt: skip
        print(f"aim: ratio ≥ {AIM:g} ({CONNECTIONS} connections, {given.seconds:g} s each)")
    return 0 if all(one.ratio >= AIM for one in lines) else 1


def measure(folder: Path, seconds: float) -> list[Line]:
    """Run both servers on one database and load them in turn."""
    os.environ.update({"ZHIWEI_DATA": str(folder), "ZHIWEI_WEB_THREADS": "4"})
    os.environ.pop("ZHIWEI_DATABASE_URL", None)
    ports = _free_port(), _free_port()
    os.environ["ZHIWEI_PORT"] = str(ports[0])
    from zhiwei.config.commands import boot, supervise

    with boot.ready():
        cookie, place, person = _people()
        ours = supervise.web_command()
        environment = {**boot.child_environment(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        bare = [word.replace(str(ports[0]), str(ports[1])) for word in ours]
        bare[-1] = "benchmarks.web_bare:application"
        running = [subprocess.Popen(command, env=environment, cwd=ROOT) for command in (ours, bare)]
        try:
            for port in ports:
                _await(port)
            pages = (
                ("sign-in page", "/sign-in/", "", "/page/", "/page/"),
                ("list of 30", f"/people/?class={place}", cookie, f"/list-page/{place}/", f"/list/{place}/"),
                ("indexed read", f"/people/{person}/", cookie, f"/read-page/{person}/", f"/read/{person}/"),
            )
            return [_line(ports, seconds, *page) for page in pages]
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(20)


def _line(
    ports: tuple[int, int], seconds: float, name: str, own: str, cookie: str, page: str, data: str
) -> Line:
    for port, path, sent in ((ports[0], own, cookie), (ports[1], page, cookie), (ports[1], data, "")):
        load(port, path, sent, 1.0)
    mine = load(ports[0], own, cookie, seconds)
    drawn = load(ports[1], page, cookie, seconds)
    bare, _p95 = load(ports[1], data, "", seconds)
    return Line(name, *mine, *drawn, bare)


def load(port: int, path: str, cookie: str, seconds: float) -> tuple[float, float]:
    """Return requests a second and p95 in ms over kept-alive connections; every answer must be 200."""
    taken = asyncio.run(_load(port, path, cookie, seconds))
    taken.sort()
    return len(taken) / seconds, 1000 * taken[min(int(0.95 * len(taken)), len(taken) - 1)]


async def _load(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    found = await asyncio.gather(*(_one(port, path, cookie, end) for _ in range(CONNECTIONS)))
    return [one for some in found for one in some]


async def _one(port: int, path: str, cookie: str, end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"Cookie: sessionid={cookie}\r\n" if cookie else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}\r\n".encode()
    taken = []
    while time.perf_counter() < end:
        began = time.perf_counter()
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {answer[:80]!r}")
        lower = answer.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
        else:
            await reader.readuntil(b"0\r\n\r\n")
        taken.append(time.perf_counter() - began)
    writer.close()
    return taken


def _people() -> tuple[str, int, str]:
    """Found a school with a class of 30 and sign its teacher in; returns cookie, class and a pupil's id."""
    from datetime import timedelta
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.models import Account, Person
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    now, system = clock.now(), system_actor()
    begins = clock.today(now) - timedelta(days=30)
    with scope.everywhere("bench"):
        school = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.SCHOOL, name="测速学校"
        )
        place = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.CLASS, name="八年级1班", parent_id=school
        )

        def person(name: str, number: str, role: Role) -> int:
            made = people.register_person(actor=system, now=now, tenant_id=school, name=name, number=number)
            people.give_role(
                actor=system, now=now, person_id=made, organisation_id=place, role=role, starts_on=begins
            )
            return made

        pupils = [person(f"学生{number}", f"N{number:03d}", Role.PUPIL) for number in range(30)]
        teacher = person("教师", "T1", Role.TEACHER)
        account = Account.objects.get(
            pk=accounts.open_account(actor=system, now=now, person_id=teacher, login="bench")
        )
        uuid = str(Person.objects.get(pk=pupils[0]).uuid)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return session.session_key, place, uuid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _await(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
