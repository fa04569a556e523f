"""What every grader speaks: the item, the pupil's response, and the judgement on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A value as JSON holds it."""

MAX_ANSWER_CHARS = 20_000
"""Characters of one answer that are judged; what follows is not read and the answer is flagged."""


class ItemType(StrEnum):
    """The kinds of question that can be judged."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    BLANK = "blank"
    NUMERIC = "numeric"
    EXPRESSION = "expression"
    SOLUTION = "solution"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_ANSWER = "short_answer"
    ESSAY = "essay"
    FILE = "file"
    COMPOSITE = "composite"


class Flag(StrEnum):
    """What a teacher should know about an answer beside its score."""

    BLANK = "blank"
    OFF_TOPIC = "off_topic"
    COPIED = "copied"
    ADDRESSES_MARKER = "addresses_marker"
    UNREADABLE = "unreadable"
    REPEATS_QUESTION = "repeats_question"
    KEYWORD_SALAD = "keyword_salad"
    CONTRADICTS = "contradicts"
    TOO_LONG = "too_long"


class PointStatus(StrEnum):
    """How far a rubric point was met."""

    EARNED = "earned"
    PARTIAL = "partial"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CommonError:
    """A known mistake: when ``match`` is found, ``feedback`` is shown (and ``score`` given, if set)."""

    code: str
    match: tuple[str, ...] = ()
    feedback: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class PartialAccept:
    """Alternatives that earn less than the whole point."""

    accept: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """One line of the rubric; ``score`` may be negative (a penalty). Keys as in docs/item-format.md."""

    id: str
    score: float
    description: str = ""
    accept: tuple[str, ...] = ()
    partial: tuple[PartialAccept, ...] = ()
    reject: tuple[str, ...] = ()
    form: str = ""
    depends_on: tuple[str, ...] = ()
    follow_through: bool = False
    errors: tuple[CommonError, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, or one side of a pair, or one thing to put in order."""

    id: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question as docs/item-format.md describes it.

    Attributes:
        reference_answers: right answers as given; what an element is depends on ``type``.
            Use :meth:`reference_texts` or :meth:`reference_steps` where text is meant.
        options: the choices (or things to order); for ``matching`` the left side.
        right_options: the right side of ``matching``; empty otherwise.
        settings: rules of the type, as given.
        errors: common errors of the whole item, those of rubric points not included.
    """

    type: ItemType
    max_score: float
    id: str = ""
    language: str = ""
    subject: str = ""
    stage: str = ""
    stem: str = ""
    options: tuple[Option, ...] = ()
    right_options: tuple[Option, ...] = ()
    reference_answers: tuple[Json, ...] = ()
    rubric: tuple[RubricPoint, ...] = ()
    errors: tuple[CommonError, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)
    explanation: str = ""
    parts: tuple[Item, ...] = ()

    def reference_texts(self) -> tuple[str, ...]:
        """Each reference answer as one text; lists of lines are joined by line breaks."""
        return tuple(text for text in map(text_of, self.reference_answers) if text)

    def reference_steps(self) -> tuple[tuple[str, ...], ...]:
        """Each reference answer as lines of working."""
        return tuple(tuple(filter(None, map(str.strip, t.split("\n")))) for t in self.reference_texts())


@dataclass(frozen=True, slots=True)
class Response:
    """What a pupil answered: one of ``text``, ``value`` or ``steps``."""

    id: str
    text: str = ""
    value: Json = None
    steps: tuple[str, ...] = ()

    def answer(self) -> str:
        """The answer as the one text that evidence offsets count in.

        ``text`` as it is; else ``steps`` joined by line breaks; else ``value`` (a string as it is, a list
        joined by ``；``).
        """
        return self.text or "\n".join(self.steps) or text_of(self.value, "；")

    def lines(self) -> tuple[str, ...]:
        """The answer as lines of working, empty ones included, so that offsets can be counted."""
        return self.steps or tuple(self.answer().split("\n"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A response a teacher has marked; ``points`` when the teacher marked point by point.

    ``item`` is set when the response answers another question than the one to be judged; such marks teach
    what likeness to a reference answer is worth. ``contradicts``: the teacher noted that it says the opposite of
    what is right; when any mark notes it, graders of short answers learn to tell this too.
    """

    response: Response
    score: float
    points: Mapping[str, float] = field(default_factory=dict)
    item: Item | None = None
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class PointResult:
    """What one rubric point earned: ``score`` of ``max_score`` (both negative or zero for a penalty)."""

    id: str
    score: float
    max_score: float
    status: PointStatus
    description: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``text`` is ``answer[start:end]``, character for character; ``point_id`` is what it speaks to."""

    start: int
    end: int
    point_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code with its sentence for the reader; made by ``reasons.reason``."""

    code: str
    zh: str
    en: str
    point_id: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A grader's verdict on one response. Build it with :func:`judgement`, never directly.

    Attributes:
        score: recomputed from ``points``; 0 ≤ score ≤ max_score.
        confidence: probability that a teacher would give this very score, 0–1.
        defer: a person should look before this is released.
        parameters: what the engine was set to, so that the result can be made again.
    """

    response_id: str
    score: float
    max_score: float
    points: tuple[PointResult, ...]
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    confidence: float
    defer: bool
    flags: frozenset[Flag]
    engine: str
    version: str
    parameters: Mapping[str, Json]


def text_of(value: Json, separator: str = "\n") -> str:
    """A JSON value as text: strings as they are, lists joined, numbers as written, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return separator.join(text_of(part, separator) for part in value)
    if isinstance(value, dict):
        return separator.join(f"{key}: {text_of(part, separator)}" for key, part in value.items())
    return str(value)


def point_result(point: RubricPoint, score: float) -> PointResult:
    """What ``point`` earned, with its status told from the score."""
    return scored_point(point.id, score, point.score, point.description)


def scored_point(point_id: str, score: float, max_score: float, description: str = "") -> PointResult:
    """A point result with its status: earned in full, partial, or missed (a penalty applied is earned)."""
    low, high = min(0.0, max_score), max(0.0, max_score)
    score = min(max(score, low), high)
    if score == max_score:
        status = PointStatus.EARNED
    else:
        status = PointStatus.PARTIAL if score else PointStatus.MISSED
    return PointResult(point_id, score, max_score, status, description)


def judgement(
    response: Response,
    max_score: float,
    points: Sequence[PointResult],
    *,
    confidence: float,
    engine: str,
    version: str,
    evidence: Sequence[tuple[int, int, str]] = (),
    reasons: Sequence[Reason] = (),
    flags: Sequence[Flag] | frozenset[Flag] = (),
    parameters: Mapping[str, Json] | None = None,
    defer: bool = False,
) -> Judgement:
    """The one way to make a judgement: the score is the sum of the points, kept within 0 and the maximum.

    Args:
        evidence: ``(start, end, point_id)`` spans into ``response.answer()``; spans outside it are cut to it,
            empty ones are dropped, and the text is always read from the answer itself.
        confidence: 0–1; cut to that range.
    """
    total = round(sum(point.score for point in points), 9)
    return Judgement(
        response_id=response.id,
        score=min(max(total, 0.0), max_score),
        max_score=max_score,
        points=tuple(points),
        evidence=verbatim(response.answer(), evidence),
        reasons=tuple(reasons),
        confidence=min(max(float(confidence), 0.0), 1.0),
        defer=defer,
        flags=frozenset(flags),
        engine=engine,
        version=version,
        parameters=dict(parameters or {}),
    )


def verbatim(answer: str, spans: Sequence[tuple[int, int, str]]) -> tuple[Evidence, ...]:
    """Spans ``(start, end, point_id)`` of an answer as evidence, cut to it; empty ones are dropped."""
    cut = ((max(0, start), min(len(answer), end), point_id) for start, end, point_id in spans)
    return tuple(Evidence(start, end, point, answer[start:end]) for start, end, point in cut if start < end)
