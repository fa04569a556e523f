"""What rubric and reference answers say an answer is worth, before this item's marks are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.values import Item, Marked
from zhiwei.engines.text import Span, content_words, encode

from .cross import ItemKey, Taught, item_key, sight_of
from .likeness import MEASURES, coverage, likeness
from .points import PointView, flipped, view_points, windows

Floats = NDArray[np.float64]
_HAND = {
    "cover_rare": 3.2,
    "cover_new": 1.0,
    "characters": 2.0,
    "meaning": 2.2,
    "meaning_clauses": 2.2,
    "order": 0.8,
}
_HAND_BIAS = -4.4
_UNCHECKED = 0.75
"""Most that may be believed of a judgement no teacher's mark has checked, here or on another question."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What to expect of one answer.

    Attributes:
        points: rubric points as seen in the answer (empty without a rubric).
        score: marks expected, on the item's scale.
        confidence: how sure, 0–1; capped where no marks, here or on other questions, have checked it.
        measures: numbers the learner may use; higher should mean more marks.
        span: the part nearest to a reference answer.
        denied: the answer says the opposite of the reference.
        contradiction: how likely teachers would note that, 0–1; None when no marks tell.
    """

    points: tuple[PointView, ...]
    score: float
    confidence: float
    measures: tuple[float, ...]
    span: Span | None
    denied: bool
    contradiction: float | None = None


@dataclass(frozen=True, slots=True)
class Lessons:
    """Marks with their items; ``own``: keys of the judged item, whose marks are left out."""

    marks: tuple[tuple[Item, Marked], ...] = ()
    own: frozenset[ItemKey] = frozenset()

    def elsewhere(self) -> int:
        """How many marks belong to other items."""
        return sum(item_key(item) not in self.own for item, _ in self.marks)


def expect(item: Item, texts: Sequence[str], lessons: Lessons, seed: int, known: int = 0) -> list[Expected]:
    """Judge texts by the rubric and the references alone, in order; the first ``known`` need no evidence."""
    chances, denials, learned = _chances(item, texts, lessons, seed)
    if item.rubric:
        return [
            _by_rubric(item, text, chances[at] if chances is not None else None)
            for at, text in enumerate(texts)
        ]
    if chances is None:
        return [_unknown(item) for _ in texts]
    encode([place.text for text in texts[known:] for place in windows(text)])
    found = [
        _by_reference(item, text, float(chances[at]), located=at >= known, learned=learned)
        for at, text in enumerate(texts)
    ]
    if denials is None:
        return found
    return [replace(view, contradiction=float(denials[at])) for at, view in enumerate(found)]


def _chances(
    item: Item, texts: Sequence[str], lessons: Lessons, seed: int
) -> tuple[Floats | None, Floats | None, bool]:
    """Probabilities that each text is right and that it contradicts, from its likeness to the references.

    The last part tells whether marks on other questions taught the first.
    """
    references = item.reference_texts()
    if not references:
        return None, None, False
    measures = likeness(texts, references, item.stem)
    by_hand = hand_chances(measures)
    taught = Taught(lessons.marks, lessons.own, seed)
    seen = sight_of(texts, references, measures)
    learned, denials = taught.chances(seen), taught.contradictions(seen)
    return (by_hand, denials, False) if learned is None else (learned, denials, True)


def hand_chances(measures: Floats) -> Floats:
    """Probability of being right by a fixed weighing of the measures; no data set taught it."""
    columns = [MEASURES.index(name) for name in _HAND]
    odds = measures[:, columns] @ np.array(list(_HAND.values())) + _HAND_BIAS
    odds = (
        odds - 1.5 * measures[:, MEASURES.index("opposite")] - 0.5 * measures[:, MEASURES.index("negation")]
    )
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _by_rubric(item: Item, text: str, chance: float | None) -> Expected:
    views = tuple(view_points(item.rubric, text, item.reference_texts()))
    total = sum(view.score for view in views)
    soft = sum(view.probability * view.point.score for view in views) / item.max_score
    sure = float(np.prod([max(view.probability, 1.0 - view.probability) for view in views]))
    measures = (
        (soft, total / item.max_score) if chance is None else (soft, total / item.max_score, float(chance))
    )
    return Expected(views, total, _UNCHECKED * sure, measures, None, False)


def _by_reference(item: Item, text: str, chance: float, *, located: bool, learned: bool) -> Expected:
    """Marks have taught what negation is worth; without them a turned statement earns nothing."""
    denied = not learned and flipped(text, _closest(item, text))
    chance = 0.3 * chance if denied else chance
    score = (
        float(np.rint(chance * item.max_score)) if item.max_score >= 1 else item.max_score * (chance >= 0.5)
    )
    score = 0.0 if denied else score
    sure = max(chance, 1.0 - chance) if item.max_score <= 1 else 0.5
    believed = 1.0 if learned else _UNCHECKED
    return Expected((), score, believed * sure, (chance,), _nearest(item, text) if located else None, denied)


def _closest(item: Item, text: str) -> str:
    """The reference whose words the text covers best."""
    said = content_words(text)
    return max(item.reference_texts(), key=lambda reference: coverage(content_words(reference), said))


def _nearest(item: Item, text: str) -> Span | None:
    places = windows(text)
    if not places:
        return None
    near = encode([place.text for place in places]) @ encode(item.reference_texts()).T
    return places[int(np.argmax(near.max(axis=1)))]


def _unknown(item: Item) -> Expected:
    return Expected((), 0.0, 0.0, (), None, False)
