"""Homework through the API with the demo county: set, answer, judge, review, release, feedback, picture.

Faults are part of it: an answer saved twice and late, a hand-in sent twice, a worker that dies while judging.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from zhiwei.config.demo.answers import starter_items
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs, outbox, scope
from zhiwei.kernel.models import Delivery, Job, JobState
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import tokens
from zhiwei.kernel.values import SCOPES, Verb

ITEMS = ("math-single-choice-005", "math-numeric-006", "math-blank-001")
ANSWERS: tuple[dict[str, Any], ...] = ({"text": "D"}, {"text": "0.4 m"}, {"value": ["5", "3"]})


@dataclass(frozen=True)
class Program:
    """A program that acts by token."""

    secret: str

    def call(self, method: str, path: str, body: object = None, *, key: str = "", wanted: int = 200) -> Any:
        """Send a request, check its status and return the JSON."""
        headers = {"host": "localhost", "authorization": f"Bearer {self.secret}"}
        if key:
            headers["idempotency-key"] = key
        answer = Client().generic(
            method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=headers
        )
        assert answer.status_code == wanted, (method, path, answer.status_code, answer.content[:200])
        return json.loads(answer.content) if answer.content else None


def walk(teacher_account: int, pupil_account: int, *, now: datetime) -> str:
    """Do the whole main job and return what came of it."""
    teacher, pupil = _program(teacher_account, now), _program(pupil_account, now)
    work, items = _set(teacher, _class_of(teacher_account, pupil_account, now), now)
    sitting = _answer(pupil, work, items)
    retried = _judge_with_a_death(now)
    rows = [teacher.call("GET", f"/work-items/{item}/responses")["items"][0] for item in items]
    teacher.call("POST", f"/responses/{rows[2]['uuid']}/mark", {"score": rows[2]["max_score"] / 2}, key="m1")
    assert pupil.call("GET", f"/sittings/{sitting}")["sitting"]["score"] is None
    released = teacher.call("POST", f"/works/{work}/release", {"allow_doubtful": True}, key="r1")
    assert teacher.call("POST", f"/works/{work}/release", {"allow_doubtful": True}, key="r1") == released
    deliver_all()
    shown = pupil.call("GET", f"/sittings/{sitting}")["sitting"]
    book = pupil.call("GET", "/wrong-entries")["total"]
    class_id = shown["class_id"]
    picture = teacher.call("GET", f"/works/{work}/picture/{class_id}")
    facts = pupil.call("GET", "/xapi/statements")["statements"]
    pupil.call("GET", f"/works/{work}/picture/{class_id}", wanted=404)
    assert released["count"] == picture["judged"] == 1 and picture["headline"] and len(facts) >= 7
    assert book >= 1, "the wrong-answer book is empty"
    return (
        f"{shown['score']:g}/{shown['max_score']:g} released, {book} in the wrong-answer book, "
        f"{len(facts)} statements, {retried} attempts after a worker's death; {picture['headline']}"
    )


def deliver_all() -> int:
    """Deliver what waits on the outbox, as the worker would; returns how many lines were served."""
    with scope.everywhere("what waits"):
        waiting = Delivery.objects.filter(delivered_at__isnull=True)
        rows = list(waiting.values_list("tenant_id", "consumer", "subject_key").distinct())
    for tenant_id, consumer, subject in rows:
        outbox.deliver(tenant_id, consumer, subject)
    return len(rows)


def _program(account_id: int, now: datetime) -> Program:
    with scope.everywhere("who acts in the demo"):
        actor = actors_of(account_id, clock.today(now))[0]
    with scope.entered(actor.tenants):
        return Program(tokens.make_token(actor=actor, now=now, name="demo", scopes=SCOPES, days=1))


def _class_of(teacher_account: int, pupil_account: int, now: datetime) -> int:
    with scope.everywhere("which class"):
        pupil = actors_of(pupil_account, clock.today(now))[0]
        teacher = actors_of(teacher_account, clock.today(now))[0]
        taught = {one.id for one in kernel.classes_taught(teacher, verb=Verb.CREATE, kind="work")}
        return next(one.organisation_id for one in pupil.held if one.organisation_id in taught)


def _set(teacher: Program, class_id: int, now: datetime) -> tuple[str, list[str]]:
    due = (now + timedelta(days=1)).isoformat()
    body = {"title": "接口走一遍", "subject": "math", "due_at": due}
    work = teacher.call("POST", "/works", body, key="w1", wanted=201)["uuid"]
    assert teacher.call("POST", "/works", body, key="w1", wanted=201)["uuid"] == work
    contents = [starter_items()[key] for key in ITEMS]
    added = teacher.call("POST", f"/works/{work}/items", {"contents": contents}, wanted=201)
    teacher.call("PUT", f"/works/{work}/targets", {"class_ids": [class_id]}, wanted=204)
    teacher.call("POST", f"/works/{work}/open")
    return work, [one["uuid"] for one in added]


def _answer(pupil: Program, work: str, items: list[str]) -> str:
    sitting: str = pupil.call("POST", f"/works/{work}/sittings")["sitting"]["uuid"]
    for item, value in zip(items, ANSWERS, strict=True):
        address = f"/sittings/{sitting}/answers/{item}"
        saved = pupil.call("PUT", address, {"value": value, "sequence": 2, "device": "a"})
        again = pupil.call("PUT", address, {"value": value, "sequence": 2, "device": "a"})
        late = pupil.call("PUT", address, {"value": {"text": "old"}, "sequence": 1, "device": "b"})
        assert not saved["conflict"] and not again["conflict"] and late["conflict"]
    first = pupil.call("POST", f"/sittings/{sitting}/hand-in")
    assert pupil.call("POST", f"/sittings/{sitting}/hand-in") == first
    pupil.call("PUT", address, {"value": {"text": "x"}, "sequence": 9}, wanted=409)
    return sitting


def _judge_with_a_death(now: datetime) -> int:
    """Leave the judging job as a killed worker leaves it, plan it again, run it twice; returns its attempts."""
    del now
    with scope.everywhere("the judging job"):
        row = Job.objects.filter(task="assessment.judge_sitting", state=JobState.QUEUED).latest("pk")
        Job.objects.filter(pk=row.pk).update(state=JobState.RUNNING, attempts=1)
    jobs.recover(clock.now() + timedelta(seconds=1))
    jobs.run(row.pk, row.tenant_id)
    jobs.run(row.pk, row.tenant_id)
    with scope.entered([row.tenant_id]):
        done = Job.objects.get(pk=row.pk)
    assert (done.state, done.result["marks"]) == (JobState.DONE, len(ITEMS)), (done.state, done.result)
    return done.attempts
