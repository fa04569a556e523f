"""Which knowledge points a question is on, judged by its likeness to questions and points that are known."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set

NEAREST = 8
"""Known questions that have a say."""
OWN_TEXT = 0.6
"""What likeness to a point's own name and definition counts beside one alike question."""


def suggest(
    question: Set[int],
    known: Sequence[tuple[Set[int], Sequence[str]]],
    points: Mapping[str, Set[int]],
    *,
    limit: int = 5,
) -> list[tuple[str, float]]:
    """Return the likeliest points with a share in (0, 1], best first.

    Args:
        question: Term numbers of the question.
        known: Of each known question its term numbers and its points.
        points: Term numbers of each point's name and definition.

    Method:
        Cosine of sets weighted by inverse frequency; the eight nearest questions vote for their points with the
        square of their likeness, and each point's own text adds its likeness.
    """
    weigh = _weights([terms for terms, _points in known] + list(points.values()))
    mine = _length(question, weigh)
    if not mine:
        return []
    near = sorted(
        ((_cosine(question, mine, terms, weigh), keys) for terms, keys in known), key=lambda one: -one[0]
    )[:NEAREST]
    votes = defaultdict[str, float](float)
    for likeness, keys in near:
        for key in keys:
            votes[key] += likeness**2
    for key, terms in points.items():
        votes[key] += OWN_TEXT * _cosine(question, mine, terms, weigh)
    best = [
        (key, score) for key, score in sorted(votes.items(), key=lambda one: -one[1])[:limit] if score > 0.02
    ]
    total = sum(score for _key, score in best) or 1.0
    return [(key, round(score / total, 3)) for key, score in best]


def _weights(sets: Sequence[Set[int]]) -> dict[int, float]:
    counts = Counter(term for terms in sets for term in terms)
    return {term: math.log((1 + len(sets)) / count) ** 2 for term, count in counts.items()}


def _length(terms: Set[int], weigh: Mapping[int, float]) -> float:
    return math.sqrt(sum(weigh.get(term, 0.0) for term in terms))


def _cosine(question: Set[int], mine: float, terms: Set[int], weigh: Mapping[int, float]) -> float:
    shared = sum(weigh[term] for term in question & terms)
    if not shared:
        return 0.0
    return shared / (mine * _length(terms, weigh))
