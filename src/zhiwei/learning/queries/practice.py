"""A practice set as its pupil sees it: questions, hints, verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from zhiwei.assessment import api as assessment
from zhiwei.learning.models import Practice, PracticeItem
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.values import PracticeState

_SENTENCE = re.compile(r"(?<=[。；.;\n])")
MOST_OPEN = 10


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung of the ladder: ``kind`` is ``point``, ``step`` or ``solution``; ``text`` is Markdown."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question of a practice set, before or after it was answered."""

    row: PracticeItem
    question: assessment.Question
    points: tuple[str, ...]
    hints: tuple[Hint, ...]
    more_hints: int
    explanation: str
    reasons: tuple[str, ...]
    right_answer: str
    shown_value: str

    @property
    def answered(self) -> bool:
        """Whether there is a verdict."""
        return self.row.answered_at is not None

    @property
    def full(self) -> bool:
        """Whether the answer earned all marks."""
        return self.answered and (self.row.score or 0.0) >= self.row.max_score - 1e-9


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """A practice set in a list."""

    uuid: str
    subject: str
    tier: str
    minutes: int
    questions: int
    answered: int
    made_at: datetime
    assigned: bool
    done: bool


def question_view(row: PracticeItem) -> QuestionView:
    """Return a question ready to be drawn."""
    graph = subject_graph(row.practice.subject)
    drawn = assessment.present(
        row.content, key=f"p{row.pk}", number=str(row.position), max_score=row.max_score
    )
    ladder = hint_ladder(row)
    return QuestionView(
        row=row,
        question=replace(drawn, working=False),
        points=tuple(graph.name(point) for point in row.points),
        hints=tuple(ladder[: row.hints]),
        more_hints=len(ladder) - row.hints,
        explanation=str(row.content.get("explanation", "")),
        reasons=_reasons(row.judgement),
        right_answer=right_answer(row.content),
        shown_value=shown_value(row.content, row.value),
    )


def hint_ladder(row: PracticeItem) -> list[Hint]:
    """Return the hints of a question, each telling more: what it is about, how it begins, the whole solution."""
    card = subject_graph(row.practice.subject).points.get(row.points[0]) if row.points else None
    rungs = []
    if card is not None and card.definition:
        rungs.append(Hint("point", f"**{card.name}**：{card.definition}"))
    explanation = str(row.content.get("explanation", "")).strip()
    first = next((one for one in map(str.strip, _SENTENCE.split(explanation)) if one), "")
    rubric = [
        str(one.get("description", "")) for one in row.content.get("rubric") or () if isinstance(one, dict)
    ]
    begin = next((one for one in rubric if one), first if first != explanation else "")
    if begin:
        rungs.append(Hint("step", begin))
    if explanation:
        rungs.append(Hint("solution", explanation))
    return rungs


def cards_of(person_id: int) -> list[PracticeCard]:
    """Return the newest open sets, pushed ones first."""
    rows = Practice.objects.filter(person_id=person_id, state=PracticeState.OPEN).order_by("-made_at")
    cards = [_card(row) for row in rows.prefetch_related("items")[:MOST_OPEN]]
    return sorted(cards, key=lambda one: not one.assigned)


def right_answer(content: Mapping[str, Any]) -> str:
    """Return the key of a question in words; empty where the explanation tells it better."""
    kind, answers = content.get("type"), content.get("reference_answers") or []
    if kind in {"single_choice", "multiple_choice"}:
        return "、".join(map(str, answers))
    if kind == "true_false":
        return "√" if answers and answers[0] in (True, "true", "对") else "×"
    if kind == "blank":
        return "；".join(str(one[0] if isinstance(one, list) else one) for one in answers)
    if kind == "expression" and answers:
        return f"${answers[0]}$"
    if kind == "ordering":
        return " → ".join(_texts(content.get("options") or (), answers))
    if kind == "matching":
        return "；".join(_pairs(content, answers))
    return str(answers[0]) if kind == "numeric" and answers else ""


def shown_value(content: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """Return an answer as its pupil gave it, readable."""
    if "steps" in value:
        return "  \n".join(f"${one}$" for one in value["steps"])
    given, kind = value.get("value", value.get("text")), content.get("type")
    if given in (None, "", [], {}):
        return ""
    if isinstance(given, bool):
        return "√" if given else "×"
    if kind == "ordering" and isinstance(given, list):
        return " → ".join(_texts(content.get("options") or (), given))
    if isinstance(given, Mapping):
        return "；".join(_pairs(content, list(given.items())))
    if isinstance(given, list):
        return "；".join(map(str, given))
    return f"${given}$" if kind == "expression" else str(given)


def _texts(options: Any, ids: Any) -> list[str]:
    named = {str(one.get("id")): str(one.get("text")) for one in options if isinstance(one, Mapping)}
    return [named.get(str(one), str(one)) for one in ids]


def _pairs(content: Mapping[str, Any], pairs: Any) -> list[str]:
    options = content.get("options") or {}
    left, right = options.get("left") or (), options.get("right") or ()
    return [f"{_texts(left, [one])[0]} — {_texts(right, [other])[0]}" for one, other in pairs]


def _reasons(judgement: Mapping[str, Any]) -> tuple[str, ...]:
    english = (get_language() or "").startswith("en")
    told = [str(one.get("en" if english else "zh", "")) for one in judgement.get("reasons", ())]
    return tuple(dict.fromkeys(one for one in told if one))


def _card(row: Practice) -> PracticeCard:
    items = list(row.items.all())
    return PracticeCard(
        str(row.uuid),
        row.subject,
        row.tier,
        row.minutes,
        len(items),
        sum(one.answered_at is not None for one in items),
        row.made_at,
        row.assignment_id is not None,
        row.state == PracticeState.DONE,
    )
