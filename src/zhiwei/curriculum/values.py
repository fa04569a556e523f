"""Words of the curriculum: audiences and states of items."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Audience(StrEnum):
    """Who may use an item."""

    SCHOOL = "school"
    COUNTY = "county"
    PUBLIC = "public"


class ItemState(StrEnum):
    """Where an item stands on its way to use."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class DraftKind(StrEnum):
    """What the assistant drafts."""

    ITEM = "item"
    HOMEWORK = "homework"
    LESSON = "lesson"
    COMMENT = "comment"


class DraftState(StrEnum):
    """What became of a draft."""

    NEW = "new"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item as other contexts get it: its published content, and where it came from.

    Attributes:
        content: The item as docs/item-format.md describes it.
    """

    uuid: str
    version: int
    subject: str
    type: str
    points: tuple[str, ...]
    difficulty: float | None
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PointCard:
    """A knowledge point as other contexts get it."""

    key: str
    name: str
    subject: str
    grade: int | None
    definition: str
    prerequisites: tuple[str, ...] = ()
    stage: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class PointGroup:
    """Knowledge points of one subject, stage, grade and domain, in teaching order."""

    subject: str
    stage: str
    grade: int | None
    domain: str
    points: tuple[PointCard, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of a search among items.

    Attributes:
        items: With their published content.
        total: How many were found, counted up to 1,000.
        more: Whether there are more than ``total``.
    """

    items: tuple[ItemCard, ...]
    total: int
    more: bool = False
