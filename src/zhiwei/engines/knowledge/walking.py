"""Walk a graph: what must be learnt before, what it opens, and in which order to learn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from zhiwei.engines.knowledge.values import Graph, GraphError


def ancestors(graph: Graph, key: str) -> frozenset[str]:
    """All points that must be learnt before ``key``, direct or not (never itself in a sound graph).

    Raises:
        GraphError: No such point.
    """
    return _reach(graph, key, graph.known_prerequisites)


def descendants(graph: Graph, key: str) -> frozenset[str]:
    """All points that build on ``key``, direct or not.

    Raises:
        GraphError: No such point.
    """
    return _reach(graph, key, lambda at: graph.dependents[at])


def topological_order(graph: Graph) -> tuple[str, ...]:
    """All keys, each after its prerequisites; among those free at once, lower grades and file order first.

    Raises:
        GraphError: The graph has a cycle.
    Source: Kahn (1962), Topological sorting of large networks, CACM 5(11).
    """
    place = {key: (point.grade, index) for index, (key, point) in enumerate(graph.points.items())}
    waiting = {key: len(set(graph.known_prerequisites(key))) for key in graph.points}
    free = [(*place[key], key) for key, count in waiting.items() if count == 0]
    heapify(free)
    order: list[str] = []
    while free:
        key = heappop(free)[-1]
        order.append(key)
        for following in set(graph.dependents[key]):
            waiting[following] -= 1
            if waiting[following] == 0:
                heappush(free, (*place[following], following))
    if len(order) < len(graph.points):
        raise GraphError("the prerequisites go round in a circle; run the check to see where")
    return tuple(order)


def chain_lengths(graph: Graph) -> dict[str, int]:
    """Points on the longest prerequisite chain that ends in each point (a root has 1).

    Raises:
        GraphError: The graph has a cycle.
    """
    length: dict[str, int] = {}
    for key in topological_order(graph):
        length[key] = 1 + max((length[p] for p in graph.known_prerequisites(key)), default=0)
    return length


def _reach(graph: Graph, key: str, step: Callable[[str], Iterable[str]]) -> frozenset[str]:
    if key not in graph.points:
        raise GraphError(f"no knowledge point '{key}'")
    seen: set[str] = set()
    stack = list(step(key))
    while stack:
        at = stack.pop()
        if at not in seen:
            seen.add(at)
            stack.extend(step(at))
    return frozenset(seen)
