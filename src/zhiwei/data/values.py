"""Words of the data room: annex 2's template, what other rooms hand in, what a catalogue line says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from zhiwei.kernel.values import Level


class TaskClass(StrEnum):
    """Task classes of annex 2."""

    ESSAY = "essay_marking"
    MATHS = "maths_solution_marking"
    POINTS_ZH = "key_points_zh"
    POINTS_EN = "key_points_en"
    OTHER = "other"


class DataType(StrEnum):
    """What an answer of the corpus is."""

    TEXT = "text"
    IMAGE = "image"
    BOTH = "both"


class Scene(StrEnum):
    """Where the answers were given; the values are assessment's kinds of work."""

    HOMEWORK = "homework"
    EXAM = "exam"
    PRACTICE = "practice"


class CorpusState(StrEnum):
    """Where a corpus stands."""

    DRAFT = "draft"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"


class VersionState(StrEnum):
    """Where a version stands. Only a published one can be downloaded."""

    PREPARING = "preparing"
    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    RECALLED = "recalled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AnswerQuery:
    """Which released answers are wanted; empty fields do not limit.

    Attributes:
        tenants: Schools whose answers may be read; never empty.
        since: First day of answering.
        until: Last day of answering.
    """

    tenants: tuple[int, ...]
    subject: str = ""
    scene: str = ""
    item_types: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One mark of one marker; ``marker`` tells markers apart within the answer's school, "" for a machine."""

    kind: str
    marker: str
    engine: str
    score: float
    at: str


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """A question as it was set.

    Attributes:
        key: The same for the same content, wherever it was set.
        content: The item as docs/item-format.md describes it.
    """

    key: str
    type: str
    subject: str
    max_score: float
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """A released, judged answer (level 3: it names its pupil).

    Attributes:
        ref: Number within the product.
        text: The answer as text, "" when there is only a picture.
        images: Stored files in reading order: pages or crops of this one answer.
        score: The released score.
    """

    ref: int
    tenant_id: int
    person_id: int
    item_key: str
    scene: str
    grade: int | None
    answered_on: date
    text: str
    images: tuple[int, ...]
    score: float
    max_score: float
    marks: tuple[GivenMark, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many released answers there are of a kind."""

    subject: str
    scene: str
    item_type: str
    grade: int | None
    answers: int


@dataclass(frozen=True, slots=True)
class ProductField:
    """A field of a data product: where it comes from (``assessment.Response.score``), and how sensitive it is."""

    name: str
    meaning: str
    level: Level
    sources: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """That a field is derived from others, and by what."""

    sources: tuple[str, ...]
    target: str
    via: str


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """One line of the catalogue.

    Attributes:
        key: ``room.Table.field``; a product's or source's field begins with its own key.
        kind: ``table``, ``product`` or ``source``.
        level: How sensitive.
        person: Whether the table is about a person.
        code: Standard data-element code; "" when none is known for certain.
        sources: Keys of the fields it is made from.
        targets: Keys of the fields made from it.
        via: What carries it there, one for each target.
    """

    key: str
    kind: str
    owner: str
    table: str
    table_meaning: str
    name: str
    meaning: str
    type: str
    level: Level
    retention: str
    person: bool = False
    code: str = ""
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    via: tuple[str, ...] = field(default=())


class Origin(StrEnum):
    """Where a source is."""

    FILE = "file"
    DATABASE = "database"


class SourceState(StrEnum):
    """Where a source stands: its head is read, a person says what its columns are, then it can be brought in."""

    READING = "reading"
    DRAFT = "draft"
    READY = "ready"
    FAILED = "failed"


class IntakeState(StrEnum):
    """Where one bringing-in stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class RunState(StrEnum):
    """Where a quality run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


SCHEDULES = ("", "daily", "weekly", "monthly")
RETENTIONS = ("P6M", "P1Y", "P3Y", "P6Y", "P10Y")


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of a source brought in, as ``Source.fields`` keeps it.

    Attributes:
        place: Position of the raw column.
        element: Standard element; "" when it is the source's own.
        kind: What values become (``engines.intake.Kind``).
        codes: Name of the code list, for codes.
    """

    place: int
    name: str
    element: str
    kind: str
    level: int
    required: bool = False
    codes: str = ""
