"""The mastery map: what a pupil has met and what lies next to it, laid out from left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhiwei.learning.queries.graph import SubjectGraph
from zhiwei.learning.queries.mastery import Views
from zhiwei.learning.values import PointView, Standing

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 132, 46, 48, 14, 8
MOST_NODES = 90
LINE = 8
"""Characters on one line of a node."""


@dataclass(frozen=True, slots=True)
class Node:
    """One point of the map: where it stands, what it says; ``view`` is empty for points not met yet."""

    key: str
    lines: tuple[str, ...]
    name: str
    x: int
    y: int
    view: PointView | None
    standing: Standing

    @property
    def text_y(self) -> int:
        """Baseline of the first line of the name."""
        return self.y + (28 if len(self.lines) == 1 else 20)

    @property
    def middle(self) -> int:
        """Where the text is centred."""
        return self.x + WIDE // 2


@dataclass(frozen=True, slots=True)
class MapView:
    """Nodes and the lines between them, with the size of the picture."""

    nodes: tuple[Node, ...]
    edges: tuple[str, ...]
    width: int
    height: int


def map_of(graph: SubjectGraph, views: Views) -> MapView:
    """Lay out the points met, what they rest on and what rests on them, each in a column after its prerequisites."""
    keys = _shown(graph, views)
    columns = _columns(graph, keys)
    places = {}
    for column, members in enumerate(columns):
        for row, key in enumerate(members):
            places[key] = (EDGE + column * (WIDE + GAP_X), EDGE + row * (HIGH + GAP_Y))
    nodes = tuple(_node(graph, views, key, *places[key]) for members in columns for key in members)
    edges = tuple(
        _edge(places[before], places[key])
        for key in places
        for before in graph.prerequisites.get(key, ())
        if before in places
    )
    tallest = max((len(one) for one in columns), default=0)
    return MapView(
        nodes,
        edges,
        2 * EDGE + len(columns) * (WIDE + GAP_X) - GAP_X,
        2 * EDGE + tallest * (HIGH + GAP_Y) - GAP_Y,
    )


def groups_of(views: Views) -> list[tuple[str, list[PointView]]]:
    """Return the points met by domain, the weakest first: the map as a list."""
    found: dict[str, list[PointView]] = {}
    for view in sorted(views.values(), key=lambda one: one.estimate):
        found.setdefault(view.domain, []).append(view)
    return sorted(found.items())


def _shown(graph: SubjectGraph, views: Views) -> set[str]:
    met = [key for key in views if key in graph.points]
    around = dict.fromkeys(met)
    for key in met:
        around.update(dict.fromkeys(graph.links.get(key, ())))
    return set(list(around)[:MOST_NODES])


def _columns(graph: SubjectGraph, keys: Iterable[str]) -> list[list[str]]:
    """Put each point one column after the last of its prerequisites, near them in height."""
    shown = set(keys)
    depth: dict[str, int] = {}
    for key in graph.graph.order:
        if key in shown:
            before = [depth[one] for one in graph.prerequisites.get(key, ()) if one in depth]
            depth[key] = max(before, default=-1) + 1
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key, column in depth.items():
        columns[column].append(key)
    height: dict[str, float] = {}
    for members in columns:
        members.sort(
            key=lambda key: _mean(height[one] for one in graph.prerequisites.get(key, ()) if one in height)
        )
        height.update({key: float(row) for row, key in enumerate(members)})
    return columns


def _mean(values: Iterable[float]) -> float:
    many = list(values)
    return sum(many) / len(many) if many else 0.0


def _node(graph: SubjectGraph, views: Views, key: str, x: int, y: int) -> Node:
    name, view = graph.name(key), views.get(key)
    short = name if len(name) <= 2 * LINE else f"{name[: 2 * LINE - 1]}…"
    lines = (short,) if len(short) <= LINE else (short[:LINE], short[LINE:])
    return Node(key, lines, name, x, y, view, view.standing if view else Standing.UNKNOWN)


def _edge(begin: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the path of a line from the right side of one node to the left side of another."""
    x1, y1, x2, y2 = begin[0] + WIDE, begin[1] + HIGH // 2, end[0], end[1] + HIGH // 2
    bend = max((x2 - x1) // 2, 12)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
