"""What all closed types share: blank answers, what the teacher's marks teach, and building the judgement.

A closed type is a function from a response to a :class:`Finding`. When the teacher has marked the very same
answer before, the teacher's mark stands over the rule: the marks of an item are its law.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from .reasons import reason
from .values import (
    Flag,
    Item,
    Json,
    Judgement,
    Marked,
    PointResult,
    Reason,
    Response,
    judgement,
    scored_point,
)

VERSION = "1"
SURE, FAIRLY_SURE, DOUBTFUL, UNKNOWN = 0.99, 0.95, 0.6, 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules of a type say about one response."""

    points: tuple[PointResult, ...]
    reasons: tuple[Reason, ...] = ()
    confidence: float = SURE
    flags: frozenset[Flag] = frozenset()
    evidence: tuple[tuple[int, int, str], ...] = ()


def whole(item: Item, score: float, code: str, confidence: float = SURE, **values: str | float) -> Finding:
    """A finding of one point for the whole item, with one reason."""
    flags = frozenset({Flag.UNREADABLE}) if code == "answer.unreadable" else frozenset[Flag]()
    points = (scored_point("all", score, item.max_score, item.rubric[0].description if item.rubric else ""),)
    return Finding(points, (reason(code, point_id="all", **values),), confidence, flags)


def unknown(item: Item) -> Finding:
    """The finding when neither a reference answer nor a mark says what is right."""
    return whole(item, 0.0, "answer.no_reference", UNKNOWN)


class ClosedGrader:
    """A grader made of a rule and a key under which equal answers fall together."""

    def __init__(
        self,
        item: Item,
        marked: Sequence[Marked],
        rule: Callable[[Response], Finding],
        key: Callable[[Response], str],
        parameters: Mapping[str, Json] | None = None,
    ) -> None:
        self._item = item
        self._rule = rule
        self._key = key
        self._taught = _taught(marked, key)
        self._parameters: dict[str, Json] = {"marked": len(marked), **(parameters or {})}

    def judge(self, response: Response) -> Judgement:
        """Judge one response."""
        finding = self._find(response)
        answer = response.answer()
        spans = finding.evidence or ((0, len(answer), finding.points[0].id),)
        return judgement(
            response,
            self._item.max_score,
            finding.points,
            confidence=finding.confidence,
            engine=f"closed.{self._item.type.value}",
            version=VERSION,
            evidence=spans,
            reasons=finding.reasons,
            flags=finding.flags,
            parameters=self._parameters,
        )

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many, in order."""
        return [self.judge(response) for response in responses]

    def _find(self, response: Response) -> Finding:
        if is_blank(response):
            return replace(whole(self._item, 0.0, "answer.blank"), flags=frozenset({Flag.BLANK}))
        finding = self._rule(response)
        scores = self._taught.get(self._key(response)) if self._taught else None
        return _as_taught(self._item, finding, scores) if scores else finding


def is_blank(response: Response) -> bool:
    """Whether nothing was answered: no text, or values that are all empty."""
    return (
        not response.answer().strip(" \t\r\n　；;,，_")
        if not isinstance(response.value, dict)
        else not response.value
    )


def _taught(marked: Sequence[Marked], key: Callable[[Response], str]) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = defaultdict(list)
    for mark in marked:
        scores[key(mark.response)].append(mark.score)
    return dict(scores)


def _as_taught(item: Item, finding: Finding, scores: list[float]) -> Finding:
    """The teacher's mark for this very answer; where marks differ, the middle one, and doubt."""
    score = min(median(scores), item.max_score)
    if score == min(max(sum(p.score for p in finding.points), 0.0), item.max_score):
        return (
            replace(finding, confidence=max(finding.confidence, FAIRLY_SURE))
            if len(set(scores)) == 1
            else finding
        )
    agreement = sum(s == score for s in scores) / len(scores)
    return whole(item, score, "answer.as_marked", SURE * agreement, count=str(len(scores)), mark=float(score))


def full_answers(item: Item, marked: Sequence[Marked]) -> list[Response]:
    """Marked responses that earned full marks: what is right, when no reference answer says so."""
    return [mark.response for mark in marked if mark.score >= item.max_score and not is_blank(mark.response)]


def matched_error(item: Item, matches: Callable[[str], bool]) -> tuple[float, Reason] | None:
    """The first common error of the item that ``matches``: its score (0 unless set) and its feedback."""
    from .reasons import error_reason

    errors = [*item.errors, *(error for point in item.rubric for error in point.errors)]
    for error in errors:
        if any(matches(text) for text in error.match):
            return error.score or 0.0, error_reason(error, point_id="all")
    return None
