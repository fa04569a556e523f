"""Two thousand pupils saving every five seconds: a real server, real requests over loopback, nothing lost.

    zhiwei bench homework_load [--pupils 2000] [--seconds 40] [--json]

A throwaway school is founded, the web server is started as ``zhiwei start`` does, and every pupil holds a
connection and saves one changed answer each five seconds. A sample of pupils also opens the sheet and hands it in
through all pages. In the end every acknowledged answer is looked for in the database.

"Takers per core" is how many savers' worth of processor time a core has: five seconds by the processor time that
server and database (opened sheets included) took a save, so that it does not depend on what else the machine is
doing; the load's own time is not counted. Keep a core a third idle for answers within a second. For comparison,
published figures of autosaving assessment on other platforms are 125 to 188 (Moodle) and 238 (Open edX).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

EVERY_S = 5.0
ITEMS = 15
SAMPLE = 60
LONGEST_S = 60


@dataclass
class Taker:
    """One pupil of the load: what to send and what was acknowledged."""

    cookie: str
    ticket: str
    sitting: str
    items: list[str]
    sequence: int = 1
    acknowledged: dict[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """What was seen from outside."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    opened: list[float] = field(default_factory=list)
    handed_in: list[float] = field(default_factory=list)


def main(argv: Sequence[str]) -> int:
    """Run the load and print one table."""
    parser = argparse.ArgumentParser(
        prog="zhiwei bench homework_load", description="pupils saving all at once"
    )
    parser.add_argument("--pupils", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    parser.add_argument("--port", type=int, default=8192)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    chosen.seconds = min(chosen.seconds, LONGEST_S)
    with tempfile.TemporaryDirectory(prefix="zhiwei-load-") as folder:
        Path(folder).chmod(0o711)
        _environment(folder, chosen.port, chosen.workers)
        from zhiwei.config.commands import boot

        with boot.ready() as place:
            found = _run(chosen, place.database)
    print(json.dumps(found) if chosen.json else _table(found))
    return 0 if found["lost"] == 0 and found["errors"] == 0 else 1


def _environment(folder: str, port: int, workers: int) -> None:
    os.environ |= {
        "ZHIWEI_DATA": folder,
        "ZHIWEI_PORT": str(port),
        "ZHIWEI_WEB_WORKERS": str(workers),
        "OMP_NUM_THREADS": "1",
    }
    os.environ.pop("ZHIWEI_DATABASE_URL", None)


def _run(chosen: argparse.Namespace, database: Path) -> dict[str, float]:
    from zhiwei.config.commands import boot, supervise

    takers = _found_school(chosen.pupils)
    server = subprocess.Popen(supervise.web_command(), env=boot.child_environment())
    try:
        _wait_for(chosen.port)
        roots = [server.pid, int((database / "postmaster.pid").read_text().split()[0])]
        before, began = _cpu(roots), time.monotonic()
        tally = asyncio.run(_load(takers, chosen.port, chosen.seconds))
        used, took = _cpu(roots) - before, time.monotonic() - began
        finished = asyncio.run(_hand_in_some(takers[:SAMPLE], chosen.port, tally))
    finally:
        server.terminate()
        server.wait(20)
    lost = _lost(takers)
    cores = used / took
    return {
        "pupils": chosen.pupils,
        "seconds": round(took, 1),
        "saves": len(tally.latencies),
        "p50_ms": _share(tally.latencies, 0.50),
        "p95_ms": _share(tally.latencies, 0.95),
        "p99_ms": _share(tally.latencies, 0.99),
        "errors": tally.errors,
        "lost": lost,
        "cpu_ms_per_save": round(1000 * used / max(len(tally.latencies), 1), 2),
        "cores_used": round(cores, 2),
        "takers_per_core": round(EVERY_S * len(tally.latencies) / used),
        "open_p95_ms": _share(tally.opened, 0.95),
        "hand_in_p95_ms": _share(tally.handed_in, 0.95),
        "handed_in": finished,
    }


def _found_school(pupils: int) -> list[Taker]:
    """Found a school, a work of fifteen questions, and a sitting with a session for every pupil."""
    from django.utils import timezone

    from zhiwei.kernel import scope
    from zhiwei.kernel.services import organisations
    from zhiwei.kernel.values import OrganisationKind, system_actor

    now = timezone.now()
    with scope.everywhere("found the school of the load"):
        actor = system_actor()
        tenant = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.COUNTY, name="负荷县", parent_id=None
        )
        school = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.SCHOOL, name="负荷中学", parent_id=tenant
        )
        place = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.CLASS, name="八1班", parent_id=school
        )
        return _seat(school, place, pupils)


def _seat(school: int, place: int, pupils: int) -> list[Taker]:
    from datetime import timedelta
    from types import SimpleNamespace

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from zhiwei.assessment.models import Sitting, Target, Work, WorkItem
    from zhiwei.assessment.web.saving import PURPOSE
    from zhiwei.kernel.models import Account, Holding, Person
    from zhiwei.kernel.web import tickets

    now = timezone.now()
    accounts = Account.objects.bulk_create(Account(login=f"load-{n}", password="!") for n in range(pupils))
    people = Person.objects.bulk_create(
        Person(tenant_id=school, account=one, name=f"学生{n}", number=str(n))
        for n, one in enumerate(accounts)
    )
    Holding.objects.bulk_create(
        Holding(tenant_id=school, person=one, organisation_id=place, role="pupil", starts_on=now.date())
        for one in people
    )
    work = Work.objects.create(
        tenant_id=school, title="负荷", subject="math", state="open", author=people[0], created_at=now
    )
    Target.objects.create(tenant_id=school, work=work, organisation_id=place)
    content = {"type": "short_answer", "max_score": 2, "stem": "说明理由。", "reference_answers": ["略"]}
    items = WorkItem.objects.bulk_create(
        WorkItem(tenant_id=school, work=work, position=n, content=content, type="short_answer", max_score=2)
        for n in range(1, ITEMS + 1)
    )
    sittings = Sitting.objects.bulk_create(
        Sitting(tenant_id=school, work=work, person=one, organisation_id=place, started_at=now)
        for one in people
    )
    store = Session.get_session_store_class()()
    keys = [f"load{n:028d}" for n in range(pupils)]
    Session.objects.bulk_create(
        Session(
            session_key=key,
            session_data=store.encode({"_auth_user_id": str(account.pk)}),
            expire_date=now + timedelta(hours=2),
        )
        for key, account in zip(keys, accounts, strict=True)
    )
    uuids = [str(one.uuid) for one in items]

    def ticket(key: str, sitting: Sitting) -> str:
        request = SimpleNamespace(session=SimpleNamespace(session_key=key))
        facts = {"sitting": sitting.pk, "tenant": school, "grace": 0}
        return tickets.issue(request, PURPOSE, facts)  # type: ignore[arg-type]

    return [
        Taker(f"sessionid={key}", ticket(key, sitting), str(sitting.uuid), uuids)
        for key, sitting in zip(keys, sittings, strict=True)
    ]


async def _load(takers: list[Taker], port: int, seconds: float) -> Tally:
    tally, draw = Tally(), random.Random(1)
    end = time.monotonic() + seconds
    tasks = [_save_for(one, port, end, draw.random() * EVERY_S, tally) for one in takers]
    tasks += [_open(one, port, draw.random() * seconds * 0.8, tally) for one in takers[:SAMPLE]]
    await asyncio.gather(*tasks)
    return tally


async def _save_for(taker: Taker, port: int, end: float, wait: float, tally: Tally) -> None:
    line = _Line(port)
    await asyncio.sleep(wait)
    while time.monotonic() < end:
        began = time.monotonic()
        await _save(taker, line, tally)
        await asyncio.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    line.close()


async def _save(taker: Taker, line: _Line, tally: Tally) -> None:
    taker.sequence += 1
    item = taker.items[taker.sequence % len(taker.items)]
    text = f"第 {taker.sequence} 次修改：因为两边同时除以二，所以等式仍然成立。" * 3
    answer = {"item": item, "value": {"text": text}, "sequence": taker.sequence, "base": 0}
    body = json.dumps(
        {"ticket": taker.ticket, "device": "load", "answers": [answer]}, ensure_ascii=False
    ).encode()
    began = time.monotonic()
    try:
        status, told = await line.ask("POST", "/assessment/sittings/save/", taker.cookie, body)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status, told = 0, b""
    tally.latencies.append(time.monotonic() - began)
    if status == 200 and json.loads(told)["saved"][0]["sequence"] == taker.sequence:
        taker.acknowledged[item] = text
    else:
        tally.errors += 1


async def _open(taker: Taker, port: int, wait: float, tally: Tally) -> None:
    await asyncio.sleep(wait)
    line, began = _Line(port), time.monotonic()
    status, page = await line.ask("GET", f"/assessment/sittings/{taker.sitting}/", taker.cookie)
    tally.opened.append(time.monotonic() - began)
    tally.errors += status != 200 or "data-question" not in page.decode()
    line.close()


async def _hand_in_some(takers: list[Taker], port: int, tally: Tally) -> int:
    secret = "a" * 32
    done = 0
    for one in takers:
        line, began = _Line(port), time.monotonic()
        cookie = f"{one.cookie}; csrftoken={secret}"
        status, _page = await line.ask(
            "POST", f"/assessment/sittings/{one.sitting}/hand-in/", cookie, b"", f"X-CSRFToken: {secret}\r\n"
        )
        tally.handed_in.append(time.monotonic() - began)
        done += status == 302
        line.close()
    tally.errors += len(takers) - done
    return done


class _Line:
    """One kept connection that speaks just enough HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, cookie: str, body: bytes = b"", more: str = ""
    ) -> tuple[int, bytes]:
        """Send one request and read its answer; a broken connection is opened anew by the next one."""
        try:
            async with asyncio.timeout(20):
                if self.ends is None:
                    self.ends = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.ends
                head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}"
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = (
                    int(top.split("content-length:")[1].split("\r\n")[0]) if "content-length:" in top else 0
                )
                return int(top.split(" ", 2)[1]), await reader.readexactly(length)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self.ends is not None:
            self.ends[1].close()
            self.ends = None


def _lost(takers: list[Taker]) -> int:
    """Count acknowledged answers that the database does not hold, or holds otherwise."""
    from zhiwei.assessment.models import Response
    from zhiwei.kernel import scope

    with scope.everywhere("look for every acknowledged answer"):
        rows = Response.objects.values_list("sitting__uuid", "item__uuid", "value")
        held = {(str(sitting), str(item)): value.get("text") for sitting, item, value in rows.iterator()}
    return sum(
        held.get((one.sitting, item)) != text for one in takers for item, text in one.acknowledged.items()
    )


def _wait_for(port: int) -> None:
    import socket

    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the web server did not start within 30 seconds")


def _cpu(roots: list[int]) -> float:
    """Processor seconds of these processes and all below them, as /proc counts them."""
    facts: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        facts[int(path.parent.name)] = (int(parts[1]), sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK"))
    family = set(roots)
    while grown := {pid for pid, (parent, _cpu) in facts.items() if parent in family} - family:
        family |= grown
    return sum(facts[pid][1] for pid in family if pid in facts)


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return round(1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)


def _table(found: dict[str, float]) -> str:
    return "\n".join(f"{name:>16}  {value:,}" for name, value in found.items())


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
