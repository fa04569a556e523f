"""How an answer stands among the other answers to the same question, before any of them is marked.

Pupils who are right tend to say alike what the reference says; those who are wrong err in many ways. So being near
the answers most like the reference, and far from those least like it, tells of being right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .likeness import MEASURES

Floats = NDArray[np.float64]
FEWEST = 5
"""Fewer answers judged together tell nothing of what is usual."""
_NEIGHBOURS = 8
_EXTREME = 0.2
"""The answers most and least like the reference are this share of all, at least three."""
_NEAREST = 3
COLUMNS = 6


def beside_others(measures: Floats, vectors: Floats) -> Floats:
    """All that is known of answers to one question without marks.

    Args:
        measures: (n, d) likeness to the references.
        vectors: (n, 512) sentence vectors of the answers.

    Returns:
        Array (n, 2d + 12): measures and consensus, then how far both lie above the other answers (0 when few).
    """
    whole = np.hstack([measures, consensus(measures, vectors)])
    if len(whole) < FEWEST:
        return np.hstack([whole, np.zeros_like(whole)])
    return np.hstack([whole, (whole - whole.mean(axis=0)) / (whole.std(axis=0) + 0.05)])


def consensus(measures: Floats, vectors: Floats) -> Floats:
    """Nearness (n, 6) to all answers, to those most and least like the reference, to near ones; 0 when few."""
    if len(measures) < FEWEST:
        return np.zeros((len(measures), COLUMNS))
    like = _like(measures)
    near = vectors @ vectors.T
    np.fill_diagonal(near, 0.0)
    size = max(_NEAREST, int(len(like) * _EXTREME))
    order = np.argsort(like, kind="stable")
    high, low = _nearness_to(near, order[-size:]), _nearness_to(near, order[:size])
    closest = np.argsort(-near, axis=1, kind="stable")[:, : min(_NEIGHBOURS, len(like) - 1)]
    nearest = np.sort(near, axis=1)[:, -_NEAREST:].mean(axis=1)
    everyone = near.sum(axis=1) / (len(like) - 1)
    return np.column_stack([everyone, high, low, high - low, like[closest].mean(axis=1), nearest])


def _like(measures: Floats) -> Floats:
    columns = [MEASURES.index(name) for name in ("cover_rare", "characters", "meaning")]
    return np.asarray(measures[:, columns].sum(axis=1))


def _nearness_to(near: Floats, group: NDArray[np.int64]) -> Floats:
    """Mean nearness (n,) to the members of a group, oneself left out."""
    inside = np.isin(np.arange(len(near)), group)
    return np.asarray(near[:, group].sum(axis=1) / (len(group) - inside))
