"""The running system: one released answer, a practice set for a class of 50, a path over 2,000 points.

``python -m benchmarks.learner_running [--json]``. Founds a throwaway database; beside each figure stands the
least any such work costs here: the same number of empty round trips to the database, or the engine alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

Row = tuple[str, str, str]
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PUPILS, POINTS, ANSWERS = 50, 2_000, 200


def _median(run: Callable[[int], object], times: int) -> str:
    """Return the median wall time of one run and this process's share of it, in milliseconds."""
    wall, own = [], []
    for number in range(times):
        begin, busy = time.perf_counter(), time.process_time()
        run(number)
        wall.append(1000 * (time.perf_counter() - begin))
        own.append(1000 * (time.process_time() - busy))
    return f"{statistics.median(wall):.1f} ms ({statistics.median(own):.1f} busy)"


def _found() -> tuple[int, int, list[int]]:
    """Found a school with a class of 50 pupils, a graph of 2,000 points and 300 items; return ids."""
    from zhiwei.curriculum.models import Edition, Point, Requirement
    from zhiwei.curriculum.services.items import save_item
    from zhiwei.curriculum.values import Audience
    from zhiwei.kernel import scope
    from zhiwei.kernel.services import organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    actor = system_actor()
    with scope.everywhere("benchmark"):
        place, school = None, 0
        for kind in ("province", "county", "school", "class"):
            place = organisations.found_organisation(
                actor=actor, now=NOW, kind=OrganisationKind(kind), name=kind, parent_id=place, grade=8
            )
            school = place if kind == "school" else school
        pupils = []
        for number in range(PUPILS):
            pupils.append(people.register_person(actor=actor, now=NOW, tenant_id=school, name=f"p{number}"))
            people.give_role(
                actor=actor, now=NOW, person_id=pupils[-1], organisation_id=int(place or 0), role=Role.PUPIL,
                starts_on=NOW.date() - timedelta(days=30), subject="",
            )  # fmt: skip
        edition = Edition.objects.create(subject="math", name="b", published_at=NOW)
        rows = Point.objects.bulk_create(
            Point(key=f"p{n}", edition=edition, subject="math", grade=9 - n // 223, domain="d", name=f"p{n}")
            for n in range(POINTS)
        )
        Requirement.objects.bulk_create(
            Requirement(point=rows[n], requires=rows[before])
            for n in range(POINTS - 4)
            for before in {n + 4, n + (POINTS - n) // 2}
        )
        for number in range(300):
            content = {
                "type": "single_choice", "max_score": 1, "subject": "math", "stem": f"{number}",
                "options": [{"id": "A", "text": "a"}, {"id": "B", "text": "b"}], "reference_answers": ["B"],
                "points": [f"p{223 + number % 100}"], "difficulty": 0.1 + 0.8 * number / 300,
            }  # fmt: skip
            save_item(
                actor=system_actor(school), now=NOW, tenant_id=school, content=content, key=f"{number}",
                audience=Audience.PUBLIC, publish=True,
            )  # fmt: skip
    return school, int(place or 0), pupils


def running() -> Iterator[Row]:
    """Measure; the database must be up."""
    from zhiwei.kernel import scope
    from zhiwei.learning.queries.graph import subject_graph

    school, _place, pupils = _found()
    with scope.entered([school]):
        subject_graph("math")
    yield from _learning(school, pupils[0])
    for person in pupils[1:]:
        _take_in(school, person, range(30))
    yield from _planning(school, pupils)


def _learning(school: int, pupil: int) -> Iterator[Row]:
    from zhiwei.kernel import scope
    from zhiwei.learning.services import projecting

    spent = _median(lambda number: _take_in(school, pupil, [number]), ANSWERS)
    bare = _median(lambda _number: _empty_trips(school), 50)
    yield "one released answer, stored and learned", spent, f"ten empty round trips {bare}; aim 5 ms"

    def sitting(number: int) -> None:
        first = ANSWERS + 8 * number
        _take_in(school, pupil, range(first, first + 8))

    yield "a released sitting of 8 answers", _median(sitting, 30), "aim 8 × 5 ms"

    def rebuild(_number: int) -> None:
        with scope.entered([school]):
            projecting.rebuild_person(tenant_id=school, person_id=pupil, now=NOW)

    yield f"a pupil of {ANSWERS + 240} answers rebuilt", _median(rebuild, 5), "–"


def _planning(school: int, pupils: list[int]) -> Iterator[Row]:
    from zhiwei.engines.practice import Tier
    from zhiwei.kernel import scope
    from zhiwei.learning.queries.path import path_for
    from zhiwei.learning.services import practising

    def push(_number: int) -> None:
        tiers = dict.fromkeys(pupils, Tier.RAISED)
        with scope.entered([school]):
            practising.compose(tenant_id=school, tiers=tiers, subject="math", minutes=15, grade=8, now=NOW)

    yield f"practice sets for a class of {PUPILS}", _median(push, 3), "aim 200 ms"

    def path(_number: int) -> None:
        with scope.entered([school]):
            path_for(pupils[0], subject="math", now=NOW, today=NOW.date())

    yield f"a path over {POINTS} points, read and planned", _median(path, 5), "aim 100 ms"


def _take_in(school: int, person: int, numbers: Iterable[int]) -> None:
    """Let the learner take in some answers of a pupil, in one transaction."""
    from zhiwei.kernel import scope
    from zhiwei.learning.services import projecting
    from zhiwei.learning.values import Answer

    answers = [
        Answer(
            person * 10_000 + number, number, f"i{number % 60}", "math", (f"p{223 + number % 40}",), number % 3 / 2,
            1.0, number % 3 / 2, NOW - timedelta(days=20) + timedelta(hours=number),
        )
        for number in numbers
    ]  # fmt: skip
    with scope.entered([school]):
        projecting.take_in(tenant_id=school, person_id=person, answers=answers, now=NOW)


def _empty_trips(school: int) -> None:
    from django.db import connection

    from zhiwei.kernel import scope

    with scope.entered([school]), connection.cursor() as cursor:
        for _ in range(10):
            cursor.execute("select 1")


def main(argv: Sequence[str]) -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        os.environ.update(ZHIWEI_DATA=folder, ZHIWEI_AS_OWNER="1")
        rows = list(_measured(folder))
    if chosen.json:
        print(json.dumps([dict(zip(("what", "measured", "beside"), row, strict=True)) for row in rows]))
    else:
        for what, measured, beside in rows:
            print(f"{what:<46} {measured:<28} {beside}")
    return 0


def _measured(folder: str) -> Iterator[Row]:
    from zhiwei.config import database
    from zhiwei.config.place import Place

    place = Place(Path(folder))
    place.prepare()
    with database.running(place):
        from zhiwei.config.commands import boot

        boot.setup()
        from zhiwei.config.commands.migrate import apply

        apply()
        yield from running()
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
