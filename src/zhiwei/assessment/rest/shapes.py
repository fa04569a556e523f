"""What goes over the wire: works, questions, sittings, responses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

Json = dict[str, Any]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("contains a null character")
    return text


def _storable_json(value: Json) -> Json:
    if "\\u0000" in repr(value).replace("\\x00", "\\u0000"):
        raise ValueError("contains a null character")
    return value


Text = Annotated[str, AfterValidator(_storable)]
Object = Annotated[Json, AfterValidator(_storable_json)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


class WorkOut(Schema):
    """A work as its teacher sees it."""

    uuid: UUID
    title: str
    subject: str
    kind: str
    state: str
    medium: str
    note: str
    opens_at: datetime | None
    due_at: datetime | None
    rules: Json
    revision: int
    is_template: bool
    created_at: datetime


class RulesIn(Schema):
    """Rules of a work; what is left out stays. ``two_markers``: the tolerance within which two markers agree."""

    grace_minutes: int = Field(0, ge=0, le=43_200)
    late_deduct_percent: int = Field(0, ge=0, le=100)
    attempts: int = Field(1, ge=1, le=20)
    show: Literal["after_release", "score_only", "no_solution", "after_due"] = "after_release"
    calculator: bool = False
    notes: bool = False
    companion: bool = False
    regrade_days: int = Field(7, ge=0, le=60)
    time_limit_minutes: int = Field(0, ge=0, le=1440)
    two_markers: float | None = Field(None, ge=0, le=100)


class WorkIn(Schema):
    """A draft to make."""

    title: Text = Field(max_length=120)
    subject: Text = Field(min_length=1, max_length=30)
    kind: Literal["homework", "practice", "exam"] = "homework"
    medium: Literal["online", "paper", "both"] = "online"
    opens_at: datetime | None = None
    due_at: datetime | None = None
    note: Text = Field("", max_length=4000)
    grace_minutes: int = Field(0, ge=0, le=43_200)
    late_deduct_percent: int = Field(0, ge=0, le=100)
    attempts: int = Field(1, ge=1, le=20)
    rules: RulesIn | None = None


class WorkChangeIn(Schema):
    """A work's own facts to change; what is left out stays."""

    title: Text | None = Field(None, max_length=120)
    note: Text | None = Field(None, max_length=4000)
    medium: Literal["online", "paper", "both"] | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    rules: RulesIn | None = None


class ItemOut(Schema):
    """A question of a work, with its key: for those who set it."""

    uuid: UUID
    position: int
    type: str
    max_score: float
    points: list[str]
    content: Json
    revision: int


class ItemsIn(Schema):
    """Questions to add: from the bank by uuid, or typed in."""

    item_uuids: list[UUID] = Field(default_factory=list, max_length=200)
    contents: list[Object] = Field(default_factory=list, max_length=200)


class RevisionIn(Schema):
    """A question's new key or rubric."""

    content: Object
    reason: Text = Field("", max_length=200)


class TargetsIn(Schema):
    """Classes, and within a class single pupils where it is not for all."""

    class_ids: list[Id] = Field(max_length=100)
    person_ids: dict[Id, list[Id]] = Field(default_factory=dict)


class CopyIn(Schema):
    """How to name the copy, and whether it is a template."""

    title: Text = Field("", max_length=120)
    as_template: bool = False


class SittingOut(Schema):
    """One pupil's attempt; the score is there once it may be seen."""

    uuid: UUID
    work_uuid: UUID
    person_id: int
    class_id: int
    attempt: int
    state: str
    started_at: datetime
    due_at: datetime | None
    handed_in_at: datetime | None
    is_late: bool
    score: float | None
    max_score: float
    released_at: datetime | None


class QuestionOut(Schema):
    """A question as it may be shown to who answers it: nothing of its key."""

    uuid: UUID
    position: int
    type: str
    max_score: float
    stem: str
    options: Any = None


class SheetOut(Schema):
    """A sitting with its questions and what was saved."""

    sitting: SittingOut
    questions: list[QuestionOut]
    answers: dict[str, Json]


class AnswerIn(Schema):
    """What was typed: ``{"text"}``, ``{"value"}`` or ``{"steps"}``; ``sequence`` is the client's own counter."""

    value: Object
    sequence: int = Field(ge=0, le=2**62)
    device: Text = Field("", max_length=40)


class SavedOut(Schema):
    """What the server now holds; with ``conflict`` another device saved something newer, in ``value``."""

    sequence: int
    saved_at: str
    conflict: bool
    value: Any = None


class ResponseOut(Schema):
    """A response as its marker sees it."""

    uuid: UUID
    sitting_uuid: UUID
    person_id: int
    item_uuid: UUID
    value: Json
    state: str
    score: float | None
    max_score: float
    confidence: float | None
    version: int
    judgement: Json


class MarkIn(Schema):
    """A person's mark; ``seen_version`` guards against marking what somebody marked meanwhile."""

    score: float = Field(ge=0, le=1000)
    seen_version: int | None = Field(None, ge=0, le=2**31 - 1)
    points: dict[str, float] = Field(default_factory=dict)
    comment: Text = Field("", max_length=4000)


class ChangeOut(Schema):
    """What judging again would change for one pupil, and why."""

    response_id: int
    person_id: int
    old_score: float | None
    new_score: float
    why: list[str]
    released: bool


class CountOut(Schema):
    """How many were touched."""

    count: int


class ReleaseIn(Schema):
    """To whom: a class, single pupils, or (empty) all."""

    class_id: Id | None = None
    person_ids: list[Id] | None = Field(None, max_length=2000)
    allow_doubtful: bool = False
