"""The knowledge graph of a subject as the engines take it, kept for some minutes in each process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiwei.curriculum import api as curriculum
from zhiwei.curriculum.values import PointCard
from zhiwei.engines.paths import Graph

KEEP_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class SubjectGraph:
    """Points by key in teaching order, prerequisites both ways.

    Attributes:
        links: Direct prerequisites and followers of each point, which share what is learned about it.
    """

    points: Mapping[str, PointCard]
    graph: Graph
    prerequisites: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return a point's name; points the graph does not know are told by their key."""
        card = self.points.get(key)
        return card.name if card is not None else key


_KEPT: dict[str, tuple[float, SubjectGraph]] = {}


def subject_graph(subject: str) -> SubjectGraph:
    """Return the graph of a subject, at most five minutes old.

    Raises:
        CycleError: The published graph is circular (publishing refuses that).
    """
    kept = _KEPT.get(subject)
    now = time.monotonic()
    if kept is not None and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    found = _read(subject)
    _KEPT[subject] = (now, found)
    return found


def forget_graphs() -> None:
    """Read graphs anew at the next use."""
    _KEPT.clear()


def _read(subject: str) -> SubjectGraph:
    points = {card.key: card for group in curriculum.points_tree(subject) for card in group.points}
    prerequisites = {
        key: tuple(one for one in card.prerequisites if one in points) for key, card in points.items()
    }
    links: dict[str, dict[str, None]] = {key: {} for key in points}
    for key, before in prerequisites.items():
        for other in before:
            links[key][other] = None
            links[other][key] = None
    return SubjectGraph(
        points, Graph.of(prerequisites), prerequisites, {key: tuple(many) for key, many in links.items()}
    )
