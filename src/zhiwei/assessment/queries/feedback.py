"""Released feedback: a pupil's own answer, what earned points, what is missing, why, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from zhiwei.assessment.access import regrades_in_reach, sittings_in_reach, wrong_entries_in_reach
from zhiwei.assessment.models import Mark, RegradeRequest, Response, Sitting
from zhiwei.assessment.queries.answer_text import ShownAnswer, reference_lines, shown_answer
from zhiwei.assessment.queries.questions import Question, present
from zhiwei.assessment.rules.lateness import after_late_rule
from zhiwei.assessment.rules.reasons import is_praise, is_technical
from zhiwei.assessment.rules.visibility import may_see_marks_by_point, may_see_solution
from zhiwei.assessment.values import MarkerKind, SittingState
from zhiwei.curriculum import api as curriculum
from zhiwei.kernel import api as kernel
from zhiwei.kernel.access import one
from zhiwei.kernel.values import Actor, Verb
from zhiwei.ui.values import Origin, RubricLine

PREVIEWED = (SittingState.JUDGED, SittingState.RELEASED)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Where a request to look again stands."""

    state: str
    reason: str
    answer: str
    old_score: float | None
    new_score: float | None


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One question of the feedback."""

    question: Question
    response_uuid: str
    answer: ShownAnswer
    photos: tuple[int, ...]
    score: float | None
    right: bool
    points: tuple[RubricLine, ...]
    missing: tuple[str, ...]
    why: tuple[str, ...]
    comment: str
    by: str
    solution: tuple[str, ...]
    explanation: str
    knowledge: tuple[str, ...]
    wrong_entry: int | None
    second_look: SecondLook | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A sitting as it was released. ``own``: the reader is the pupil; ``preview``: not released yet."""

    sitting: Sitting
    person_name: str
    lines: tuple[FeedbackLine, ...]
    score: float | None
    max_score: float
    solution_shown: bool
    own: bool
    preview: bool

    @property
    def right(self) -> int:
        """How many questions have full marks."""
        return sum(line.right for line in self.lines)


def feedback_for(actor: Actor, sitting_uuid: object, *, now: datetime, preview: bool = False) -> Feedback:
    """Return released feedback; with ``preview`` also before release, to those who mark the sitting.

    Raises:
        NotFoundError: Absent, not the actor's, or not released.
    """
    rows = sittings_in_reach(actor, Verb.MARK if preview else Verb.READ).select_related("work")
    rows = rows.filter(state__in=PREVIEWED) if preview else rows.filter(state=SittingState.RELEASED)
    sitting = one(rows, uuid=sitting_uuid)
    lines = _Lines(actor, sitting, now).all()
    scored = [line.score for line in lines]
    total = None if None in scored else sum(score or 0 for score in scored)
    return Feedback(
        sitting=sitting,
        person_name=kernel.get_person(sitting.person_id).name,
        lines=lines,
        score=None if total is None else after_late_rule(total, sitting.work.rules, is_late=sitting.is_late),
        max_score=sum(line.question.max_score for line in lines),
        solution_shown=_solution_shown(sitting, now),
        own=actor.person_id == sitting.person_id,
        preview=preview,
    )


def _solution_shown(sitting: Sitting, now: datetime) -> bool:
    rules = sitting.work.rules
    due = sitting.work.due_at
    closes = None if due is None else due + timedelta(minutes=int(rules.get("grace_minutes", 0) or 0))
    return may_see_solution(rules, now=now, closes_at=closes)


class _Lines:
    """Gathers what all lines need in a handful of queries."""

    def __init__(self, actor: Actor, sitting: Sitting, now: datetime) -> None:
        self.sitting = sitting
        self.by_point = may_see_marks_by_point(sitting.work.rules)
        self.with_solution = _solution_shown(sitting, now)
        self.english = (get_language() or "").startswith("en")
        rows = sitting.responses.select_related("item").order_by("item__position")
        self.responses = list(rows)
        self.marks: dict[int, list[Mark]] = {}
        for mark in Mark.objects.filter(response__in=self.responses).order_by("-at", "-pk"):
            self.marks.setdefault(mark.response_id, []).append(mark)
        self.names = self._knowledge()
        self.entries = self._entries(actor)
        self.looks = self._looks(actor)

    def all(self) -> tuple[FeedbackLine, ...]:
        return tuple(self._line(row) for row in self.responses)

    def _knowledge(self) -> dict[str, str]:
        keys = {key for row in self.responses for key in row.item.points}
        return {key: card.name for key, card in curriculum.get_points(keys).items()}

    def _entries(self, actor: Actor) -> dict[int, int]:
        rows = wrong_entries_in_reach(actor, Verb.READ).filter(response__in=self.responses)
        return dict(rows.values_list("response_id", "pk"))

    def _looks(self, actor: Actor) -> dict[int, RegradeRequest]:
        rows = regrades_in_reach(actor, Verb.READ).filter(response__in=self.responses).order_by("asked_at")
        return {row.response_id: row for row in rows}

    def _line(self, row: Response) -> FeedbackLine:
        content, mark = row.item.content, self._mark(row)
        judgement = self._judgement(row, mark)
        reasons = self._reasons(mark.judgement if mark else {})
        score = None if mark is None else mark.score
        full = score is not None and score >= row.item.max_score - 1e-9
        return FeedbackLine(
            question=present(
                content,
                key=str(row.item.uuid),
                number=str(row.item.position),
                max_score=row.item.max_score,
                to_fill=False,
            ),
            response_uuid=str(row.uuid),
            answer=shown_answer(content, row.value, judgement if self.by_point else None),
            photos=tuple(row.files),
            score=score,
            right=full,
            points=self._points(mark) if self.by_point else (),
            missing=() if full or not self.by_point else self._missing(mark, reasons),
            why=tuple(text for code, text in reasons if is_praise(code)) if self.by_point else (),
            comment=mark.comment if mark else "",
            by=self._by(mark),
            solution=tuple(reference_lines(content)) if self.with_solution else (),
            explanation=str(content.get("explanation", "")) if self.with_solution else "",
            knowledge=tuple(self.names.get(key, "") for key in row.item.points if key in self.names),
            wrong_entry=self.entries.get(row.pk),
            second_look=_look(self.looks.get(row.pk)),
        )

    def _mark(self, row: Response) -> Mark | None:
        """Return the mark that stood at the release (in a preview: stands now): a person's before a machine's."""
        at = self.sitting.released_at
        standing = [mark for mark in self.marks.get(row.pk, []) if _stood(mark, at)]
        people = [mark for mark in standing if mark.kind != MarkerKind.MACHINE]
        chosen = (people or standing)[:1]
        return chosen[0] if chosen else row.mark

    def _judgement(self, row: Response, mark: Mark | None) -> dict[str, Any] | None:
        """Return whose evidence is shown: the mark's own, or the machine's where a person agreed with its score."""
        if mark is None or mark.judgement.get("evidence") is not None:
            return None if mark is None else mark.judgement
        machine = next((one for one in self.marks.get(row.pk, []) if one.kind == MarkerKind.MACHINE), None)
        return machine.judgement if machine is not None and machine.score == mark.score else None

    def _reasons(self, judgement: dict[str, Any]) -> list[tuple[str, str]]:
        language = "en" if self.english else "zh"
        rows = [one for one in judgement.get("reasons", []) if isinstance(one, dict)]
        told = {
            str(one.get("code", "")): str(one.get(language) or one.get("zh", "")) for one in reversed(rows)
        }
        return [(code, text) for code, text in reversed(told.items()) if text and not is_technical(code)]

    def _points(self, mark: Mark | None) -> tuple[RubricLine, ...]:
        rows = (
            [] if mark is None else [one for one in mark.judgement.get("points", []) if isinstance(one, dict)]
        )
        origin = Origin.PERSON if mark is not None and mark.kind != MarkerKind.MACHINE else Origin.EARNED
        lines = [
            RubricLine(
                text=str(one.get("description") or ""),
                points=float(one.get("max_score") or 0),
                earned=float(one.get("score") or 0),
                origin=origin if float(one.get("score") or 0) > 0 else Origin.MISSING,
                key=str(place),
            )
            for place, one in enumerate(rows, start=1)
        ]
        return tuple(lines) if any(line.text for line in lines) else ()

    def _missing(self, mark: Mark | None, reasons: list[tuple[str, str]]) -> tuple[str, ...]:
        told = [text for code, text in reasons if not is_praise(code)]
        open_points = [
            line.text for line in self._points(mark) if line.text and (line.earned or 0) < line.points
        ]
        return tuple(
            dict.fromkeys([*told, *(text for text in open_points if not any(text in one for one in told))])
        )

    @staticmethod
    def _by(mark: Mark | None) -> str:
        return "" if mark is None or mark.kind == MarkerKind.MACHINE else "teacher"


def _stood(mark: Mark, at: datetime | None) -> bool:
    if at is None:
        return mark.undone_at is None
    return mark.at <= at and (mark.undone_at is None or mark.undone_at > at)


def _look(row: RegradeRequest | None) -> SecondLook | None:
    if row is None:
        return None
    return SecondLook(row.state, row.reason, row.answer, row.old_score, row.new_score)
