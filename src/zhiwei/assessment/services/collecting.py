"""From pages to sittings: what a pupil wrote becomes answers with their pictures, and judging is planned."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import Response, ScanPage, Sitting, Work, WorkItem
from zhiwei.assessment.queries.tray import BoardClass, BoardRow, tray_of
from zhiwei.assessment.rules.paper_reading import answer_from
from zhiwei.assessment.services.autosaving import reading_order
from zhiwei.assessment.services.scanning_in import parsed_template
from zhiwei.assessment.values import Medium, ResponseState, SittingState
from zhiwei.kernel import audit, clock, jobs
from zhiwei.kernel.errors import ConflictError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

MISSING = "missing_page"
"""Remark on an answer whose page never came and that a teacher took in without."""

Field = tuple[int, dict[str, Any]]


def collect(*, actor: Actor, now: datetime, work: Work) -> dict[str, int]:
    """Take in the answers of every pupil whose pages are all there; take back those whose pages went elsewhere.

    Doing it again changes nothing. Answers that came online and marks that were released are left alone.

    Returns:
        How many sittings were taken in (or changed) and how many taken back.
    """
    taken = back = 0
    tray = tray_of(work, clock.today(now))
    for group in tray.classes:
        for row in group.rows:
            if row.state == "online":
                continue
            if _is_whole(row) or (row.sitting is not None and _was_accepted(row.sitting)):
                taken += take_in(actor=actor, now=now, work=work, group=group, row=row)
            elif row.sitting is not None:
                back += _take_back(actor, now, row.sitting)
    return {"taken": taken, "taken_back": back}


def accept_incomplete(*, actor: Actor, now: datetime, work: Work, person_id: int) -> None:
    """Take in a pupil's answers although pages are missing; what stood on those counts as unanswered.

    Raises:
        NotFoundError: The pupil is not on the board.
        ConflictError: No page of the pupil came in, or copies still have to be chosen from.
    """
    found = tray_of(work, clock.today(now)).row_of(person_id)
    if found is None:
        raise NotFoundError
    group, row = found
    if row.repeated:
        raise ConflictError("请先在重复页中选定一份。", code="tray.repeated")
    if not any(page for _number, page in row.pages):
        raise ConflictError("没有收到这名学生的任何一页。", code="tray.nothing_came")
    take_in(actor=actor, now=now, work=work, group=group, row=row)


def take_in(*, actor: Actor, now: datetime, work: Work, group: BoardClass, row: BoardRow) -> bool:
    """Write a pupil's answers from the pages; ``False`` when they stand already or were released.

    Effects:
        One audit row; a judging job.
    """
    sitting = row.sitting
    if sitting is not None and sitting.state == SittingState.RELEASED:
        return False
    fields = _fields(row)
    if sitting is None:
        sitting = Sitting.objects.create(
            tenant_id=work.tenant_id,
            work=work,
            person_id=row.pupil.id,
            organisation_id=group.id,
            state=SittingState.HANDED_IN,
            medium=Medium.PAPER,
            started_at=now,
            handed_in_at=now,
            max_score=sum(work.items.values_list("max_score", flat=True)),
        )
    changed = [_write(sitting, item, fields.get(str(item.pk)), row, now) for item in work.items.all()]
    if not any(changed):
        return False
    Sitting.objects.filter(pk=sitting.pk).update(state=SittingState.HANDED_IN, handed_in_at=now)
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="sitting",
        object_id=sitting.pk,
        about_id=row.pupil.id,
        now=now,
        level=Level.PERSONAL,
        tenant_id=work.tenant_id,
        detail={"pages": sum(page is not None for _number, page in row.pages), "missing": len(row.missing)},
    )
    jobs.enqueue(
        "assessment.judge_sitting",
        tenant_id=work.tenant_id,
        key=f"sitting-{sitting.pk}",
        now=now,
        arguments={"sitting_id": sitting.pk},
        title=f"批改：{work.title}"[:160],
    )
    return True


def check_free(work: Work, person_id: int) -> None:
    """Refuse to move a pupil's page once a person has marked the answers or they were released.

    Raises:
        ConflictError: Say which of the two, and what to do first.
    """
    sitting = Sitting.objects.filter(work=work, person_id=person_id, medium=Medium.PAPER).first()
    if sitting is None:
        return
    if sitting.state == SittingState.RELEASED:
        raise ConflictError("这名学生的成绩已经发布，请先撤回再调整页面。", code="tray.released")
    if sitting.responses.filter(state=ResponseState.REVIEWED).exists():
        raise ConflictError("这名学生的答案已有人工批改，请先撤销批改再调整页面。", code="tray.marked")


def _is_whole(row: BoardRow) -> bool:
    return bool(row.pages) and all(page is not None for _number, page in row.pages)


def _was_accepted(sitting: Sitting) -> bool:
    return sitting.responses.filter(value__reading__remark=MISSING).exists()


def _take_back(actor: Actor, now: datetime, sitting: Sitting) -> int:
    if sitting.state == SittingState.RELEASED or sitting.responses.filter(state="reviewed").exists():
        return 0
    audit.record(
        actor=actor,
        verb=Verb.DELETE,
        kind="sitting",
        object_id=sitting.pk,
        about_id=sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        tenant_id=sitting.tenant_id,
        detail={"medium": "paper"},
    )
    sitting.delete()
    return 1


def _fields(row: BoardRow) -> dict[str, list[Field]]:
    """Return by question the fields on the pupil's pages, in reading order, each with its page number."""
    found: dict[str, list[Field]] = defaultdict(list)
    for number, page in row.pages:
        if page is not None:
            for one in _page_fields(page, number):
                found[str(one["question"])].append((number, one))
    return found


def _page_fields(page: ScanPage, number: int) -> list[dict[str, Any]]:
    """Return a page's fields; of a page that only a person could place, the whole page for each question on it."""
    if page.readings and int(page.read["page"]) == number:
        return [one for one in page.readings if one["question"]]
    layout = parsed_template(page.template.body).page(number)
    asked = dict.fromkeys(one.question for one in layout.regions if one.question) if layout else {}
    blank = {"kind": "free", "values": [], "confidence": 0.0, "unsure": True, "remark": "whole_page"}
    return [{**blank, "question": key, "region": key, "crop": page.image_id} for key in asked]


def _write(
    sitting: Sitting, item: WorkItem, fields: list[Field] | None, row: BoardRow, now: datetime
) -> bool:
    readings = [one for _number, one in fields or ()]
    value = answer_from(item.type, readings)
    if not readings:
        value = _without_field(row)
    crops = list(dict.fromkeys(int(one["crop"]) for one in readings))
    kept = Response.objects.filter(sitting=sitting, item=item).first()
    if kept is None:
        Response.objects.create(
            tenant_id=sitting.tenant_id,
            sitting=sitting,
            item=item,
            value=value,
            files=crops,
            saved_at=now,
            order_key=reading_order(sitting.pk, item.pk),
        )
        return True
    if kept.files == crops or kept.state == ResponseState.REVIEWED:
        return False
    kept.value, kept.files, kept.saved_at = value, crops, now
    kept.state, kept.mark, kept.score, kept.version = ResponseState.WAITING, None, None, kept.version + 1
    kept.save(update_fields=["value", "files", "saved_at", "state", "mark", "score", "version"])
    return True


def _without_field(row: BoardRow) -> dict[str, Any]:
    """An answer of which nothing was found: on a missing page it counts as unanswered, else a person looks."""
    if row.missing:
        reading = {"confidence": 1.0, "unsure": True, "remark": MISSING, "by_hand": False}
        return {"text": "", "reading": reading}
    return {"reading": {"confidence": 0.0, "unsure": True, "remark": "no_field", "by_hand": True}}
