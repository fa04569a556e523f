"""Roster import: pupils a second and peak memory at 10⁴ and 10⁵ pupils, beside bare inserts of the same rows.

``zhiwei bench import [--json] [--sizes 10000,100000] [--guardians]``. A throwaway database is made and removed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

AIM = 2000


@dataclass(frozen=True)
class Line:
    """One row of the report. Seconds of check and import; peak resident memory of the process in MB."""

    pupils: int
    kind: str
    check_seconds: float
    import_seconds: float
    pupils_per_second: float
    again_seconds: float
    peak_mb: float
    grown_mb: float
    bare_per_second: float


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when the aim is missed."""
    parser = argparse.ArgumentParser(prog="zhiwei bench import")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--guardians", action="store_true", help="with a guardian for each pupil")
    given = parser.parse_args(argv)
    sizes = [int(word) for word in given.sizes.split(",")]
    spawn = multiprocessing.get_context("spawn")
    lines = []
    for size in sizes:
        with spawn.Pool(1) as pool:
            lines.append(pool.apply(measure, (size, given.guardians)))
    if given.json:
        print(json.dumps({"import": [asdict(line) for line in lines], "aim_per_second": AIM}))
    else:
        _print(lines)
    return 0 if all(line.pupils_per_second >= AIM for line in lines) else 1


def _print(lines: Sequence[Line]) -> None:
    print(f"{'pupils':>8} {'file':<6} {'check s':>8} {'import s':>9} {'pupils/s':>9} {'again s':>8} "
          f"{'peak MB':>8} {'grown MB':>9} {'bare rows/s':>12}")  # fmt: skip
    for one in lines:
        print(f"{one.pupils:>8} {one.kind:<6} {one.check_seconds:>8.1f} {one.import_seconds:>9.1f} "
              f"{one.pupils_per_second:>9.0f} {one.again_seconds:>8.1f} {one.peak_mb:>8.0f} {one.grown_mb:>9.0f} "
              f"{one.bare_per_second:>12.0f}")  # fmt: skip
    print(f"aim: {AIM} pupils/s (check and import together), memory that does not grow with the file")


def workbook(size: int, *, guardians: bool = False) -> bytes:
    """Return a workbook of made-up pupils, 50 to a class."""
    import random

    import xlsxwriter

    from zhiwei.config.demo.names import GIVEN_FIRST, GIVEN_SECOND, SURNAMES

    pick = random.Random(7).choice
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet("学生")
        sheet.write_row(
            0, 0, ["学号", "姓名", "性别", "出生日期", "年级", "班级", "监护人姓名", "监护人手机"]
        )
        for number in range(size):
            name = pick(SURNAMES) + pick(GIVEN_FIRST) + pick(GIVEN_SECOND)
            place = f"{number // 50 % 40 + 1}班"
            grade = "一二三四五六七八九"[number // 2000 % 9] + "年级"
            cells = [f"2026{number:07d}", name, pick("男女"), "2013-03-04", grade, place]
            if guardians:
                cells += [name[0] + pick(GIVEN_FIRST), f"138{number:08d}"]
            sheet.write_row(number + 1, 0, cells)
    return out.getvalue()


def measure(size: int, guardians: bool) -> Line:
    """Import one workbook into a fresh school, then the same file again."""
    import psutil

    content = workbook(size, guardians=guardians)
    with tempfile.TemporaryDirectory(prefix="zhiwei-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        from zhiwei.config import database
        from zhiwei.config.commands import boot
        from zhiwei.config.place import current

        current().prepare()
        with database.running(current()):
            boot.migrate_in_child()
            boot.setup()
            from django.db import connections

            before = psutil.Process().memory_info().rss / 1e6
            school = _school()
            bare = _bare(school, min(size, 20000))
            check_seconds, import_seconds = _import(school, content, size)
            again = sum(_import(school, content, size))
            peak = _peak_mb()
            connections.close_all()
    together = size / (check_seconds + import_seconds)
    return Line(size, "xlsx", check_seconds, import_seconds, together, again, peak, peak - before, bare)


def _peak_mb() -> float:
    import resource

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6


def _school() -> int:
    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.services.organisations import found_organisation
    from zhiwei.kernel.values import OrganisationKind, system_actor

    with scope.everywhere("bench"):
        return found_organisation(
            actor=system_actor(), now=clock.now(), kind=OrganisationKind.SCHOOL, name="测速学校"
        )


def _import(school: int, content: bytes, size: int) -> tuple[float, float]:
    from zhiwei.kernel import clock, jobs, scope
    from zhiwei.kernel.models import RosterImport
    from zhiwei.kernel.services import rosters
    from zhiwei.kernel.values import Actor

    now = clock.now()
    actor = Actor(0, 0, school, "bench", tenants=(school,))
    with scope.entered([school]):
        row = rosters.take_in(
            actor=actor, now=now, tenant_id=school, content=BytesIO(content), name="bench.xlsx"
        )
    began = time.perf_counter()
    jobs.run(row.job_id or 0, school)
    checked = time.perf_counter()
    with scope.entered([school]):
        rosters.confirm(actor=actor, now=now, import_id=row.pk, begins_on=clock.today(now), end_missing=False)
        row.refresh_from_db()
    start = time.perf_counter()
    jobs.run(row.job_id or 0, school)
    ended = time.perf_counter()
    with scope.entered([school]):
        done = RosterImport.objects.get(pk=row.pk)
    assert done.state == "done" and done.applied == size, (done.state, done.applied, done.problems[:3])
    return checked - began, ended - start


def _bare(school: int, count: int) -> float:
    """Rows a second of the person table alone through the ORM's bulk insert: the bound of what is possible."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    began = time.perf_counter()
    with scope.entered([school]):
        for start in range(0, count, 1000):
            Person.objects.bulk_create(
                Person(tenant_id=school, name="裸插入", number=f"bare{start + n}") for n in range(1000)
            )
    seconds = time.perf_counter() - began
    with scope.entered([school]):
        Person.objects.filter(number__startswith="bare").delete()
    return count / seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
