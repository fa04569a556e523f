"""What a knowledge graph is made of: points, their misconceptions and the textbook units they sit in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STAGES = ("primary", "junior", "senior")
COGNITIVE_LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")


class GraphError(ValueError):
    """The data cannot be read as a graph; the message names the row or key and the field."""


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that pupils really hold, with the answer it typically produces."""

    code: str
    description: str
    wrong: str = ""


@dataclass(frozen=True)
class UnitRef:
    """The textbook unit in which a point is taught."""

    publisher: str
    volume: str
    unit: str


@dataclass(frozen=True)
class Point:
    """One knowledge point.

    Attributes:
        key: Stable dotted key, e.g. ``math.7.rational.absolute-value``; responses refer to it for ever.
        grade: School year, 1 to 12.
        prerequisites: Keys of points to be learnt first.
    """

    key: str
    name: str
    definition: str
    subject: str
    stage: str
    grade: int
    domain: str = ""
    name_en: str = ""
    prerequisites: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    cognitive_level: str = "understand"
    units: tuple[UnitRef, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Knowledge points by key, in file order, under one edition label."""

    edition: str
    points: Mapping[str, Point]
    title: str = ""
    licence: str = ""
    dependents: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", MappingProxyType(dict(self.points)))
        object.__setattr__(self, "dependents", MappingProxyType(_turn_round(self.points)))

    def known_prerequisites(self, key: str) -> tuple[str, ...]:
        """Prerequisites of a point that the graph holds (references outside it are left to the check)."""
        return tuple(p for p in self.points[key].prerequisites if p in self.points)


def _turn_round(points: Mapping[str, Point]) -> dict[str, tuple[str, ...]]:
    dependents: dict[str, list[str]] = {key: [] for key in points}
    for point in points.values():
        for prerequisite in point.prerequisites:
            if prerequisite in dependents:
                dependents[prerequisite].append(point.key)
    return {key: tuple(value) for key, value in dependents.items()}
