"""Homework measured: (a) a class judged end to end, (d) the class picture at 50,000 responses; others join the table.

Run: ``zhiwei bench homework`` (or ``python -m benchmarks.homework``); a throwaway database is founded.
(a) hands in 40 pupils' 15 mixed items of the starter bank and judges them by the jobs' own code, one process:
a bound measured beside it is the engines alone on the same answers, without database. (d) is the query behind the
page; the bound is reading the same scores with one bare statement. ``--all`` also runs ``homework_desk`` and
``homework_load`` where they are there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

JOINED = ("homework_desk", "homework_load")
ITEMS = (
    "math-single-choice-005", "math-single-choice-006", "math-true-false-002", "math-multiple-choice-001",
    "math-multiple-choice-006", "math-blank-001", "math-expression-001", "math-expression-002",
    "math-numeric-006", "math-numeric-003", "math-matching-001", "math-solution-001",
    "math-solution-002", "physics-short-answer-003", "physics-short-answer-004",
)  # fmt: skip
Row = tuple[str, str, str, bool | None]


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="zhiwei bench homework", description=__doc__.splitlines()[0])
    parser.add_argument("--pupils", type=int, default=40)
    parser.add_argument("--responses", type=int, default=50_000)
    parser.add_argument(
        "--all", action="store_true", help="also the desk and the load, each in its own database"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        from zhiwei.config.commands import boot

        with boot.ready():
            rows = _School().measure(arguments.pupils, arguments.responses)
    print(json.dumps(rows, ensure_ascii=False, indent=1) if arguments.json else _table(rows))
    missed = any(passed is False for *_words, passed in rows)
    for name in JOINED if arguments.all else ():
        if find_spec(f"benchmarks.{name}"):
            missed |= import_module(f"benchmarks.{name}").main(["--json"] if arguments.json else []) != 0
    return 1 if missed else 0


def _table(rows: Sequence[Row]) -> str:
    width = max(len(row[0]) for row in rows)
    marks = {True: "met", False: "MISSED", None: ""}
    return "\n".join(
        f"{name:<{width}}  {value:>12}  {aim:<10} {marks[met]}" for name, value, aim, met in rows
    )


class _School:
    """A school of one teacher and as many pupils as are asked for."""

    def __init__(self) -> None:
        from zhiwei.kernel import clock, scope
        from zhiwei.kernel.services import organisations, people
        from zhiwei.kernel.values import OrganisationKind, Role, system_actor

        self.now: datetime = clock.now()
        self.draw = random.Random(7)
        begun = date(2026, 9, 1)
        with scope.everywhere("found the measured school"):
            system = system_actor()
            self.school = self._places(system)
            self.place = organisations.found_organisation(
                actor=system, now=self.now, kind=OrganisationKind.CLASS, name="八1班", parent_id=self.school
            )
            person = people.register_person(
                actor=system, now=self.now, tenant_id=self.school, name="师", number="t"
            )
            people.give_role(
                actor=system, now=self.now, person_id=person, organisation_id=self.place,
                role=Role.TEACHER, starts_on=begun, subject="math",
            )  # fmt: skip
        self.teacher = self._actor(person, Role.TEACHER, "math")

    def _places(self, system: Any) -> int:
        from zhiwei.kernel.services import organisations
        from zhiwei.kernel.values import OrganisationKind

        place: int | None = None
        for kind in (OrganisationKind.PROVINCE, OrganisationKind.COUNTY, OrganisationKind.SCHOOL):
            place = organisations.found_organisation(
                actor=system, now=self.now, kind=kind, name=str(kind), parent_id=place
            )
        assert place is not None
        return place

    def measure(self, pupils: int, responses: int) -> list[Row]:
        """Return the rows of both parts."""
        return [*self._judging(pupils), *self._picture(responses)]

    def _actor(self, person_id: int, role: Any, subject: str = "") -> Any:
        from zhiwei.kernel import scope
        from zhiwei.kernel.models import Organisation
        from zhiwei.kernel.values import Actor, Held

        with scope.everywhere("the class's path"):
            path = Organisation.objects.get(pk=self.place).path
        held = (Held(role, self.place, path, subject),)
        return Actor(0, person_id, self.school, "x", held, (), (self.school,))

    def _people(self, count: int, mark: str) -> list[int]:
        from zhiwei.kernel.models import Holding, Person

        made = Person.objects.bulk_create(
            Person(tenant_id=self.school, name=f"生{mark}{n}", number=f"{mark}{n}") for n in range(count)
        )
        Holding.objects.bulk_create(
            Holding(
                tenant_id=self.school, person=one, organisation_id=self.place, role="pupil",
                starts_on=date(2026, 9, 1),
            )
            for one in made
        )  # fmt: skip
        return [one.pk for one in made]

    def _work(self, title: str) -> Any:
        from zhiwei.assessment.services import setting
        from zhiwei.config.demo.answers import starter_items

        work = setting.create_work(
            actor=self.teacher, now=self.now, title=title, subject="math", due_at=self.now + timedelta(days=1)
        )
        for key in ITEMS:
            setting.add_typed_item(actor=self.teacher, now=self.now, work=work, content=starter_items()[key])
        setting.set_targets(actor=self.teacher, now=self.now, work=work, class_ids=[self.place])
        setting.open_work(actor=self.teacher, now=self.now, work=work)
        return work

    def _judging(self, pupils: int) -> list[Row]:
        from zhiwei.assessment.models import Response
        from zhiwei.assessment.services import answering
        from zhiwei.config.demo.answers import drawn_answer
        from zhiwei.kernel import jobs, scope
        from zhiwei.kernel.models import Job
        from zhiwei.kernel.values import Role

        with scope.entered([self.school]):
            work = self._work("作业")
            items = list(work.items.order_by("position"))
            people = self._people(pupils, "a")
            for person in people:
                actor = self._actor(person, Role.PUPIL)
                sitting = answering.begin_sitting(actor=actor, now=self.now, work_uuid=work.uuid)
                for item, key in zip(items, ITEMS, strict=True):
                    value, _score = drawn_answer(key, self.draw.random(), self.draw)
                    answering.save_response(
                        now=self.now, sitting=sitting, item_uuid=item.uuid, value=value, sequence=1
                    )
                answering.hand_in(actor=actor, now=self.now, sitting=sitting)
            waiting = list(
                Job.objects.filter(state="queued", task="assessment.judge_sitting").values_list(
                    "pk", flat=True
                )
            )
        spent = []
        began = time.perf_counter()
        for job_id in waiting:
            start = time.perf_counter()
            jobs.run(job_id, self.school)
            spent.append((time.perf_counter() - start) / len(ITEMS) * 1000)
        total = time.perf_counter() - began
        with scope.entered([self.school]):
            rows = Response.objects.filter(item__work=work)
            unmarked = rows.filter(score__isnull=True).count()
            alone = self._engines_alone(items)
        spent.sort()
        count = pupils * len(ITEMS)
        return [
            (f"(a) {pupils} pupils x {len(ITEMS)} items judged, s", f"{total:.2f}", "", None),
            ("(a) per response, median, ms", f"{statistics.median(spent):.1f}", "", None),
            ("(a) per response, p95, ms", f"{spent[int(0.95 * (len(spent) - 1))]:.1f}", "", None),
            ("(a) first pupil, graders cold, ms per response", f"{max(spent):.1f}", "", None),
            ("(a) bound: engines alone, warm, ms per response", f"{alone / count * 1000:.2f}", "", None),
            ("(a) responses left without a score", str(unmarked), "", None),
        ]

    def _engines_alone(self, items: Sequence[Any]) -> float:
        from zhiwei.assessment.services.judging import response_value
        from zhiwei.engines import judging as engine

        spent = 0.0
        for item in items:
            grader = engine.grader_for(engine.item_from_json(dict(item.content)), [])
            values = [response_value(row) for row in item.responses.order_by("pk")]
            grader.judge_many(values)
            start = time.perf_counter()
            grader.judge_many(values)
            spent += time.perf_counter() - start
        return spent

    def _picture(self, responses: int) -> list[Row]:
        from django.db import connection

        from zhiwei.assessment.queries.picture import class_picture
        from zhiwei.kernel import scope

        with scope.entered([self.school]):
            work = self._work("大作业")
            self._fill(work, responses // len(ITEMS))
            with connection.cursor() as cursor:
                cursor.execute("analyze")
            spent = []
            for _ in range(7):
                start = time.perf_counter()
                picture = class_picture(self.teacher, work.uuid, self.place)
                spent.append(time.perf_counter() - start)
            start = time.perf_counter()
            with connection.cursor() as cursor:
                items = [one.id for one in picture.items]
                cursor.execute(
                    "select sitting_id, item_id, score from assessment_response where item_id = any(%s)",
                    [items],
                )
                read = len(cursor.fetchall())
            bound = time.perf_counter() - start
        worst = max(spent)
        return [
            (
                f"(d) class picture at {read} responses, median, s",
                f"{statistics.median(spent):.3f}",
                "",
                None,
            ),
            ("(d) slowest of seven, s", f"{worst:.3f}", "< 1", worst < 1),
            ("(d) bound: one bare statement for the scores, s", f"{bound:.3f}", "", None),
        ]

    def _fill(self, work: Any, sittings: int) -> None:
        from zhiwei.assessment.models import Mark, Response, Sitting
        from zhiwei.config.demo.answers import drawn_answer

        items = list(work.items.order_by("position"))
        made = Sitting.objects.bulk_create(
            Sitting(
                tenant_id=self.school, work=work, person_id=person, organisation_id=self.place,
                state="released", started_at=self.now, handed_in_at=self.now, released_at=self.now,
                score=0, max_score=50,
            )
            for person in self._people(sittings, "d")
        )  # fmt: skip
        rows, scores = [], []
        for sitting in made:
            ability = self.draw.random()
            for item, key in zip(items, ITEMS, strict=True):
                value, score = drawn_answer(key, ability, self.draw)
                scores.append(min(score, item.max_score))
                rows.append(
                    Response(
                        tenant_id=self.school, sitting=sitting, item=item, value=value, saved_at=self.now,
                        state="sure", score=scores[-1],
                    )
                )  # fmt: skip
        rows = Response.objects.bulk_create(rows, batch_size=2000)
        wrong = {"reasons": [{"code": "numeric.wrong", "zh": "数值错误。", "en": ""}]}
        marks = Mark.objects.bulk_create(
            (
                Mark(
                    tenant_id=self.school, response=row, kind="machine", score=score,
                    max_score=row.item.max_score, judgement=wrong, at=self.now,
                )
                for row, score in zip(rows, scores, strict=True)
            ),
            batch_size=2000,
        )  # fmt: skip
        for row, mark in zip(rows, marks, strict=True):
            row.mark = mark
        Response.objects.bulk_update(rows, ["mark"], batch_size=2000)
