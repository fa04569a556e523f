"""Traits of an essay: what they are worth, and a rough level for each from its measures alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiwei.engines.judging.values import Item
from zhiwei.engines.text import is_chinese

from .features import NAMES, TRAITS, essay_features

_USUAL: Mapping[str, tuple[float, float, float]] = {
    "length": (5.3, 0.6, 1.0),
    "content_words": (4.8, 0.5, 0.7),
    "paragraphs": (1.5, 0.4, 1.0),
    "paragraph_evenness": (0.5, 0.3, -0.3),
    "sentences": (2.8, 0.5, 0.5),
    "connectives": (2.2, 0.7, 0.7),
    "connective_kinds": (2.6, 0.7, 0.8),
    "examples": (0.7, 0.6, 0.4),
    "rare_words": (3.0, 0.9, 0.7),
    "variety": (3.0, 0.7, 0.6),
    "sentence_length_spread": (2.0, 0.5, 0.3),
    "unknown_rate": (0.03, 0.03, -1.0),
    "capital_slips": (0.5, 0.8, -0.6),
    "doubled_marks": (0.4, 0.6, -0.5),
}
"""Middle, spread and weight of measures in school essays: round figures set by hand, nothing trained."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait and the marks it is worth."""

    id: str
    max_score: float


def traits_of(item: Item) -> tuple[Trait, ...]:
    """The traits of a task: those in its settings by weight, else the five usual ones in equal parts."""
    given = item.settings.get("traits")
    weights: dict[str, float] = {}
    for row in given if isinstance(given, list) else []:
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            weight = row.get("weight", 1.0)
            weights[str(row["id"])] = float(weight) if isinstance(weight, int | float) and weight > 0 else 1.0
    weights = weights or dict.fromkeys(TRAITS, 1.0)
    whole = sum(weights.values())
    return tuple(Trait(name, item.max_score * weight / whole) for name, weight in weights.items())


def trait_levels(text: str, stem: str) -> dict[str, float]:
    """A rough level, 0–1, for each usual trait; .5 is a usual school essay."""
    row = dict(zip(NAMES, essay_features([text], stem)[0], strict=True))
    shift = 0.6 if is_chinese(text) else 0.0
    levels: dict[str, float] = {}
    for trait, names in TRAITS.items():
        parts = [
            weight * np.clip((row[name] - middle - (shift if name == "length" else 0.0)) / spread, -3, 3)
            for name, (middle, spread, weight) in _USUAL.items()
            if name in names
        ]
        levels[trait] = float(1.0 / (1.0 + np.exp(-sum(parts) / max(len(parts), 1) ** 0.5)))
    return levels
