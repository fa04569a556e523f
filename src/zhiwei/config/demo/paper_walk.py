"""Walks the demo's paper from the scan to released marks, as a teacher would."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Response, ScanPage, Sitting, Work
from zhiwei.assessment.queries.tray import tray_of
from zhiwei.assessment.services import marking, releasing, tray
from zhiwei.assessment.values import ResponseState
from zhiwei.config.demo import paper
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.models import Account, Job
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.values import Actor

_ROUNDS = 3


def walk(*, now: datetime) -> str:
    """Print, scan, read, sort by hand what the machine left, mark what is left, release; say what happened."""
    paper.add_paper(now=now)
    _run_jobs()
    teacher = _teacher(now)
    with scope.entered(teacher.tenants):
        work = Work.objects.get(title=paper.TITLE)
        before = tray_of(work, clock.today(now))
        assert (len(before.unknown), len(before.duplicate)) == (1, 1), before
        absent = [row.pupil.id for row in before.classes[0].rows if row.state == "absent"]
        tray.place_page(actor=teacher, now=now, page=before.unknown[0], person_id=absent[0])
        tray.keep_copy(actor=teacher, now=now, page=before.duplicate[0][0])
    _run_jobs()
    with scope.entered(teacher.tenants):
        seen = _mark_what_waits(work, teacher, now)
        assert not tray_of(work, clock.today(now)).waiting
        released = releasing.release_marks(actor=teacher, now=now, work=work)
        pages, taken = ScanPage.objects.filter(work=work).count(), Sitting.objects.filter(work=work).count()
        assert released == taken == len(before.classes[0].rows) - 1, (released, taken)
    return f"{pages} pages, {taken} pupils, {seen} answers looked at by a person, {released} released"


def _mark_what_waits(work: Work, teacher: Actor, now: datetime) -> int:
    rows = Response.objects.filter(
        sitting__work=work, state__in=[ResponseState.WAITING, ResponseState.DOUBTFUL]
    )
    found = list(rows.select_related("item"))
    for row in found:
        marking.give_mark(actor=teacher, now=now, response=row, score=row.score or row.item.max_score / 2)
    return len(found)


def _teacher(now: datetime) -> Actor:
    with scope.everywhere("who walks the demo's paper"):
        return actors_of(Account.objects.get(login=paper.LOGIN).pk, clock.today(now))[0]


def _run_jobs() -> None:
    for _round in range(_ROUNDS):
        with scope.everywhere("jobs of the demo's paper"):
            rows = Job.objects.filter(state="queued", task__startswith="assessment.")
            waiting = list(rows.values_list("pk", "tenant_id"))
        for job_id, tenant_id in waiting:
            jobs.run(job_id, tenant_id)
