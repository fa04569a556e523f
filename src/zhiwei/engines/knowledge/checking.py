"""Find what is wrong with a graph before anybody teaches from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from zhiwei.engines.knowledge.values import Graph, Point
from zhiwei.engines.knowledge.walking import ancestors, topological_order

CHAIN_LIMIT_PER_GRADE = 34  # teaching weeks of a school year: a longer chain cannot be taught in order


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes:
        code: ``cycle``, ``unknown-prerequisite``, ``self-prerequisite``, ``grade-order``, ``orphan``,
            ``redundant-edge``, ``long-chain``, ``missing-definition``, ``missing-unit`` or
            ``repeated-misconception``.
        key: The point where it shows.
        detail: In words, with the other keys concerned.
    """

    code: str
    key: str
    detail: str


def check_graph(graph: Graph, *, chain_limit: int = CHAIN_LIMIT_PER_GRADE) -> tuple[Finding, ...]:
    """Check a whole graph; an empty answer means sound.

    Args:
        graph: The graph, with all subjects it refers to.
        chain_limit: Longest chain of prerequisites allowed inside one grade, in points.
    """
    findings = [finding for point in graph.points.values() for finding in _check_point(graph, point)]
    findings.extend(_repeated_codes(graph))
    cycle = find_cycle(graph)
    if cycle:
        return (*findings, Finding("cycle", cycle[0], " → ".join([*cycle, cycle[0]])))
    findings.extend(_redundant(graph))
    findings.extend(_long_chains(graph, chain_limit))
    return tuple(findings)


def find_cycle(graph: Graph) -> tuple[str, ...]:
    """One circle of prerequisites, each key needing the next; empty when there is none."""
    done: set[str] = set()
    for start in graph.points:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            stack.append((start, iter(graph.known_prerequisites(start))))
            path.append(start)
            on_path.add(start)
        while stack:
            key, rest = stack[-1]
            following = next((p for p in rest if p not in done), None)
            if following is None:
                stack.pop()
                on_path.discard(path.pop())
                done.add(key)
            elif following in on_path:
                return tuple(path[path.index(following) :])
            else:
                stack.append((following, iter(graph.known_prerequisites(following))))
                path.append(following)
                on_path.add(following)
    return ()


def redundant_edges(graph: Graph) -> tuple[tuple[str, str], ...]:
    """Pairs (point, prerequisite) already implied by another prerequisite; the graph has no cycle."""
    before = {key: ancestors(graph, key) for key in topological_order(graph)}
    return tuple(
        (key, near)
        for key in graph.points
        for near in graph.known_prerequisites(key)
        if any(near in before[other] for other in graph.known_prerequisites(key) if other != near)
    )


def _check_point(graph: Graph, point: Point) -> Iterator[Finding]:
    for prerequisite in point.prerequisites:
        known = graph.points.get(prerequisite)
        if known is None:
            yield Finding("unknown-prerequisite", point.key, f"'{prerequisite}' is not in the graph")
        elif prerequisite == point.key:
            yield Finding("self-prerequisite", point.key, "needs itself")
        elif known.grade > point.grade:
            detail = f"grade {point.grade} needs '{prerequisite}' of grade {known.grade}"
            yield Finding("grade-order", point.key, detail)
    if not point.prerequisites and not graph.dependents[point.key] and len(graph.points) > 1:
        yield Finding("orphan", point.key, "nothing leads to it and nothing builds on it")
    if not point.definition:
        yield Finding("missing-definition", point.key, "has no definition")
    if any(not unit.volume for unit in point.units):
        yield Finding("missing-unit", point.key, "a textbook unit does not name its volume")


def _repeated_codes(graph: Graph) -> Iterator[Finding]:
    for subject in {point.subject for point in graph.points.values()}:
        members = [point for point in graph.points.values() if point.subject == subject]
        counts = Counter(m.code for point in members for m in point.misconceptions)
        for point in members:
            for misconception in point.misconceptions:
                if counts[misconception.code] > 1:
                    yield Finding("repeated-misconception", point.key, misconception.code)


def _redundant(graph: Graph) -> Iterator[Finding]:
    for key, prerequisite in redundant_edges(graph):
        yield Finding("redundant-edge", key, f"'{prerequisite}' is already implied by another prerequisite")


def _long_chains(graph: Graph, limit: int) -> Iterator[Finding]:
    length: dict[str, int] = {}
    for key in topological_order(graph):
        point = graph.points[key]
        same = [p for p in graph.known_prerequisites(key) if graph.points[p].grade == point.grade]
        length[key] = 1 + max((length[p] for p in same), default=0)
        if length[key] == limit + 1:
            yield Finding("long-chain", key, f"more than {limit} points in a row in grade {point.grade}")
