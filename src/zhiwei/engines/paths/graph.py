"""Prerequisites among knowledge points, and the fringes of a knowledge state.

Source of the fringes: Doignon & Falmagne (1985), "Spaces for the assessment of knowledge". A state is the set of
mastered points; its outer fringe is what can be learned next, its inner fringe what was reached last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass


class CycleError(ValueError):
    """Prerequisites go round in a circle; the message names the points."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Direct prerequisites and followers of every point, and one order that respects them."""

    before: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]

    @classmethod
    def of(cls, prerequisites: Mapping[str, Sequence[str]]) -> Graph:
        """Build the graph; points that occur only as prerequisites are added.

        Raises:
            CycleError: The prerequisites are circular.
        """
        names = dict.fromkeys(prerequisites)
        names.update(dict.fromkeys(p for many in prerequisites.values() for p in many))
        before = {name: tuple(dict.fromkeys(prerequisites.get(name, ()))) for name in names}
        after: dict[str, list[str]] = {name: [] for name in names}
        for name, many in before.items():
            for one in many:
                after[one].append(name)
        waiting = {name: len(many) for name, many in before.items()}
        order = [name for name, count in waiting.items() if not count]
        for name in order:  # grows while it is walked
            for follower in after[name]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    order.append(follower)
        if len(order) < len(names):
            stuck = [name for name, count in waiting.items() if count]
            raise CycleError(f"prerequisites go round in a circle among: {', '.join(stuck[:10])}")
        return cls(before, {name: tuple(many) for name, many in after.items()}, tuple(order))

    def needed(self, goals: Iterable[str], mastered: Set[str]) -> set[str]:
        """Return the points not mastered that the goals rest on, goals included.

        Raises:
            KeyError: A goal is not in the graph.
        """
        found: set[str] = set()
        stack = list(goals)
        while stack:
            name = stack.pop()
            if name not in self.before:
                raise KeyError(f"no point {name} in the graph")
            if name not in found and name not in mastered:
                found.add(name)
                stack.extend(self.before[name])
        return found


def outer_fringe(graph: Graph, mastered: Set[str]) -> list[str]:
    """Return the points not mastered whose direct prerequisites all are, in graph order."""
    return [p for p in graph.order if p not in mastered and all(q in mastered for q in graph.before[p])]


def inner_fringe(graph: Graph, mastered: Set[str]) -> list[str]:
    """Return the mastered points on which no other mastered point rests, in graph order."""
    return [p for p in graph.order if p in mastered and not any(q in mastered for q in graph.after[p])]
