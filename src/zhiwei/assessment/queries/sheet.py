"""The sheet a pupil answers on: questions, what is kept so far, how much time is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from zhiwei.assessment.access import access_sitting, access_target
from zhiwei.assessment.models import Response, Sitting, Work
from zhiwei.assessment.queries.questions import Question, present
from zhiwei.assessment.queries.versions import Version, versions_of
from zhiwei.assessment.services.deadlines import due_time
from zhiwei.assessment.values import Medium
from zhiwei.kernel.values import Actor, Verb

HELPS = ("calculator", "notes", "companion")


@dataclass(frozen=True, slots=True)
class Line:
    """One question with what is kept for it."""

    question: Question
    kept: dict[str, Any]
    photos: tuple[int, ...]
    response_uuid: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sitting as its pupil sees it. ``closes_at`` is the due time with grace."""

    sitting: Sitting
    lines: tuple[Line, ...]
    closes_at: datetime | None
    grace: int
    helps: tuple[str, ...] = ()
    timed: bool = False
    versions: tuple[Version, ...] = ()

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(line.answered for line in self.lines)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a pupil sees of a work before beginning."""

    uuid: str
    title: str
    subject: str
    note: str
    questions: int
    max_score: float
    due_at: datetime | None
    opens_at: datetime | None
    attempts: int
    attempts_left: int
    sitting_uuid: str
    answering: bool
    on_paper: bool
    online: bool
    time_limit: int
    grace: int
    late_deduct: int
    helps: tuple[str, ...]
    shown: str
    versions: tuple[Version, ...]


def sheet_for(actor: Actor, sitting_uuid: object) -> Sheet:
    """Return the actor's own sitting.

    Raises:
        NotFoundError: Absent, or somebody else's.
    """
    sitting = access_sitting(actor, sitting_uuid, verb=Verb.ANSWER)
    kept = {row.item_id: row for row in sitting.responses.all()}
    items = sitting.work.items.order_by("position")
    lines = tuple(
        _line(
            present(item.content, key=str(item.uuid), number=str(item.position), max_score=item.max_score),
            kept.get(item.pk),
        )
        for item in items
    )
    grace = int(sitting.work.rules.get("grace_minutes", 0) or 0)
    closes = None if sitting.due_at is None else sitting.due_at + timedelta(minutes=grace)
    rules = sitting.work.rules
    return Sheet(
        sitting,
        lines,
        closes,
        grace,
        tuple(one for one in HELPS if rules.get(one)),
        bool(rules.get("time_limit_minutes")),
        tuple(
            one for one in versions_of(sitting.work, for_pupils=True, most=5) if one.at > sitting.started_at
        ),
    )


def cover_for(actor: Actor, work_uuid: UUID | str) -> Cover:
    """Return what the actor may know of a work set for them before they begin.

    Raises:
        NotFoundError: Absent, or not set for the actor.
    """
    target = access_target(actor, work_uuid)
    work = target.work
    newest = Sitting.objects.filter(work=work, person_id=actor.person_id).order_by("-attempt").first()
    scores = list(work.items.values_list("max_score", flat=True))
    return Cover(
        uuid=str(work.uuid),
        title=work.title,
        subject=work.subject,
        note=work.note,
        questions=len(scores),
        max_score=sum(scores),
        due_at=due_time(work, target),
        opens_at=target.opens_at or work.opens_at,
        attempts=_rule(work, "attempts") or 1,
        attempts_left=max(0, (_rule(work, "attempts") or 1) - (newest.attempt if newest else 0)),
        sitting_uuid="" if newest is None else str(newest.uuid),
        answering=newest is not None and newest.state == "answering",
        on_paper=work.medium != Medium.ONLINE,
        online=work.medium != Medium.PAPER,
        time_limit=_rule(work, "time_limit_minutes"),
        grace=_rule(work, "grace_minutes"),
        late_deduct=_rule(work, "late_deduct_percent"),
        helps=tuple(one for one in HELPS if work.rules.get(one)),
        shown=str(work.rules.get("show") or "after_release"),
        versions=tuple(versions_of(work, for_pupils=True, most=5)),
    )


def _rule(work: Work, name: str) -> int:
    return int(work.rules.get(name, 0) or 0)


def has_answer(value: dict[str, Any], photos: list[int] | tuple[int, ...] = ()) -> bool:
    """Tell whether anything was answered: empty texts, lists and mappings of such are nothing."""
    return bool(photos) or any(_filled(one) for one in value.values())


def _line(question: Question, row: Response | None) -> Line:
    if row is None:
        return Line(
            question, {"value": {}, "sequence": 0, "device": "", "saved_at": ""}, (), "", answered=False
        )
    kept = {
        "value": row.value,
        "sequence": row.sequence,
        "device": row.device,
        "saved_at": row.saved_at.isoformat(),
    }
    return Line(question, kept, tuple(row.files), str(row.uuid), has_answer(row.value, row.files))


def _filled(value: object) -> bool:
    if isinstance(value, dict):
        return any(_filled(one) for one in value.values())
    if isinstance(value, list):
        return any(_filled(one) for one in value)
    return value not in (None, "")
