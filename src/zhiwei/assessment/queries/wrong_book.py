"""Wrong-answer books: whose, filtered, counted; one entry whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from zhiwei.assessment.access import wrong_entries_in_reach
from zhiwei.assessment.models import WrongEntry
from zhiwei.assessment.queries.answer_text import ShownAnswer, reference_lines, shown_answer
from zhiwei.assessment.queries.questions import Question, present
from zhiwei.assessment.rules.mastery import FULL
from zhiwei.assessment.rules.reasons import is_technical
from zhiwei.assessment.rules.visibility import may_see_solution
from zhiwei.assessment.values import WrongState
from zhiwei.curriculum import api as curriculum
from zhiwei.kernel import api as kernel
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Verb

STATES = (WrongState.NOT_YET, WrongState.SHAKY, WrongState.MASTERED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a book is shown; "" is all. ``state`` may also be ``due``."""

    subject: str = ""
    point: str = ""
    cause: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of a book."""

    id: int
    number: str
    work: str
    subject: str
    question: Question
    cause: str
    cause_by: str
    state: str
    lost: float
    points: tuple[str, ...]
    due_at: datetime | None
    due: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Book:
    """A pupil's book, filtered, with counts of the whole and what can be filtered by."""

    person: kernel.PersonInfo
    own: bool
    rows: QuerySet[WrongEntry]
    counts: Mapping[str, int]
    due: int
    subjects: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    causes: tuple[str, ...]

    @property
    def total(self) -> int:
        """All entries."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry whole: the question, what was answered, the reference, the reviews so far."""

    row: EntryRow
    entry: WrongEntry
    answer: ShownAnswer
    solution: tuple[str, ...]
    explanation: str
    tries: tuple[Mapping[str, Any], ...]


def book_of(actor: Actor, person_uuid: str, *, now: datetime, filters: Filters) -> Book:
    """Return a pupil's book: one's own, one's child's, or a pupil's in the subject one teaches.

    Raises:
        NotFoundError: No entry of that person is in reach, and it is neither oneself nor one's child.
    """
    mine = [*({actor.person_id} - {0}), *actor.wards]
    people = kernel.people_by_id(mine)
    person = next((one for one in people.values() if one.uuid == person_uuid), None)
    rows = wrong_entries_in_reach(actor, Verb.LIST)
    if person is None:
        first = rows.filter(person__uuid=person_uuid).first()
        if first is None:
            raise NotFoundError
        person = kernel.get_person(first.person_id)
    return _book(rows.filter(person_id=person.id), person, now, filters, own=person.id == actor.person_id)


def entry_rows(entries: list[WrongEntry], now: datetime) -> list[EntryRow]:
    """Return the lines of a page of a book."""
    keys = {key for one in entries for key in one.points}
    names = {key: card.name for key, card in curriculum.get_points(keys).items()}
    return [_row(one, names, now) for one in entries]


def entry_page(entry: WrongEntry, now: datetime) -> EntryPage:
    """Return one entry whole."""
    item, sitting = entry.response.item, entry.response.sitting
    shown = may_see_solution(sitting.work.rules, now=now, closes_at=sitting.due_at)
    mark = entry.response.mark
    return EntryPage(
        row=entry_rows([entry], now)[0],
        entry=entry,
        answer=shown_answer(item.content, entry.response.value, mark.judgement if mark else None),
        solution=tuple(reference_lines(item.content)) if shown else (),
        explanation=str(item.content.get("explanation", "")) if shown else "",
        tries=tuple(entry.card.get("tries", [])),
    )


def _book(
    rows: QuerySet[WrongEntry], person: kernel.PersonInfo, now: datetime, filters: Filters, *, own: bool
) -> Book:
    facts = list(rows.values_list("subject", "points", "cause", "state", "due_at"))
    counts = Counter(state for _s, _p, _c, state, _d in facts)
    often = Counter(key for _s, points, _c, _st, _d in facts for key in points)
    names = curriculum.get_points([key for key, _n in often.most_common(60)])
    return Book(
        person=person,
        own=own,
        rows=_filtered(rows, filters, now),
        counts={state: counts.get(state, 0) for state in STATES},
        due=sum(
            due is not None and due <= now and state != WrongState.MASTERED for *_rest, state, due in facts
        ),
        subjects=tuple(sorted({subject for subject, *_rest in facts})),
        points=tuple((key, names[key].name) for key, _n in often.most_common(60) if key in names),
        causes=tuple(
            cause for cause, _n in Counter(c for _s, _p, c, _st, _d in facts).most_common() if cause
        ),
    )


def _filtered(rows: QuerySet[WrongEntry], filters: Filters, now: datetime) -> QuerySet[WrongEntry]:
    if filters.subject:
        rows = rows.filter(subject=filters.subject)
    if filters.point:
        rows = rows.filter(points__contains=[filters.point])
    if filters.cause:
        rows = rows.filter(cause=filters.cause)
    if filters.state == "due":
        rows = rows.filter(due_at__lte=now).exclude(state=WrongState.MASTERED)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    return rows.select_related("response__item", "response__sitting__work").order_by("due_at", "pk")


def _row(entry: WrongEntry, names: Mapping[str, str], now: datetime) -> EntryRow:
    item = entry.response.item
    return EntryRow(
        id=entry.pk,
        number=str(item.position),
        work=entry.response.sitting.work.title,
        subject=entry.subject,
        question=present(
            item.content,
            key=str(item.uuid),
            number=str(item.position),
            max_score=item.max_score,
            to_fill=False,
        ),
        cause=entry.cause,
        cause_by=entry.cause_by,
        state=entry.state,
        lost=entry.lost,
        points=tuple(names.get(key, "") for key in entry.points if key in names),
        due_at=entry.due_at,
        due=entry.due_at is not None and entry.due_at <= now and entry.state != WrongState.MASTERED,
        tries=len(entry.card.get("tries", [])),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one try."""

    score: float
    max_score: float
    right: bool
    reasons: tuple[str, ...]
    solution: tuple[str, ...]
    explanation: str


def verdict_of(content: Mapping[str, Any], newest: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a try, with the reference: after trying there is nothing left to give away."""
    detail = newest.get("detail") or {}
    language = "en" if (get_language() or "").startswith("en") else "zh"
    reasons = [one for one in (detail.get("judgement") or {}).get("reasons", []) if isinstance(one, dict)]
    texts = [
        str(one.get(language) or one.get("zh", ""))
        for one in reasons
        if not is_technical(str(one.get("code")))
    ]
    return Verdict(
        score=float(detail.get("score", 0)),
        max_score=float(detail.get("max_score", content.get("max_score", 0))),
        right=float(newest.get("share", 0)) >= FULL,
        reasons=tuple(dict.fromkeys(text for text in texts if text)),
        solution=tuple(reference_lines(content)),
        explanation=str(content.get("explanation", "")),
    )
