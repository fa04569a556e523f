"""Whether an answer makes a rubric point: where, how surely, and whether it says the opposite instead."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zhiwei.engines.judging.values import RubricPoint
from zhiwei.engines.text import (
    Span,
    clauses,
    content_words,
    contradicts,
    encode,
    fold,
    has_han,
    negations,
    sentences,
)

from .likeness import coverage

_BIAS, _COVER, _MEANING, _EXACT = -4.6, 5.2, 2.6, 3.0
"""Log-odds set by hand: three quarters of a phrase's telling words, near in meaning, is an even bet."""
_TOUCHES = 0.5
_JOINTS = re.compile(
    r"\b(?:so|because|and|but|since|therefore|which|while|although|if)\b|因为|所以|因此|但是?|而且|并且|如果",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """The best sign of a phrase in an answer.

    Attributes:
        probability: that a teacher would call the phrase met, 0–1.
        span: the part of the answer it was seen in; None when nothing speaks to it.
        denied: the part is about the phrase but says the opposite.
    """

    probability: float
    span: Span | None
    denied: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """What was seen of one rubric point; ``score`` follows from the likeliest reading."""

    point: RubricPoint
    score: float
    probability: float
    span: Span | None
    denied: bool


@lru_cache(maxsize=8_192)
def windows(answer: str) -> tuple[Span, ...]:
    """The parts of an answer a phrase may stand in: clauses, sentences, and neighbouring pairs of clauses."""
    small = clauses(answer)
    pairs = [Span(a.start, b.end, answer[a.start : b.end]) for a, b in itertools.pairwise(small)]
    unique = {(span.start, span.end): span for span in (*small, *pairs, *sentences(answer))}
    return tuple(unique[key] for key in sorted(unique))


def phrases_of(point: RubricPoint) -> tuple[str, ...]:
    """The wordings that earn a point: those listed, else its description."""
    return point.accept or ((point.description,) if point.description else ())


def sight(phrase: str, answer: str) -> Sighting:
    """Look for a phrase in an answer."""
    places = windows(answer)
    if not places or not phrase.strip():
        return Sighting(0.0, None, False)
    wanted = content_words(phrase) or fold(phrase).split()
    cover = np.array([coverage(wanted, content_words(place.text), weighted=True) for place in places])
    near = encode([place.text for place in places]) @ encode([phrase])[0]
    exact = np.array([_stands(phrase, place.text) for place in places])
    odds = _BIAS + _COVER * cover + _MEANING * near + _EXACT * exact
    lengths = np.array([place.end - place.start for place in places])
    best = int(np.argmax(odds - 0.002 * lengths))
    denied = bool(cover[best] >= _TOUCHES or exact[best]) and _opposes(phrase, places[best].text)
    chance = float(1.0 / (1.0 + np.exp(-odds[best])))
    seen = places[best] if cover[best] > 0.2 or chance > 0.3 else None
    return Sighting(0.08 * chance if denied else chance, seen, denied)


def _stands(phrase: str, part: str) -> bool:
    """Whether the phrase stands in the part as written (whole words, for alphabetic scripts)."""
    wanted, text = fold(phrase).strip(" ."), fold(part)
    if not wanted:
        return False
    if has_han(wanted):
        return wanted.replace(" ", "") in text.replace(" ", "")
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None


def _opposes(phrase: str, part: str) -> bool:
    if _stands(phrase, part):
        rest = fold(part).replace(fold(phrase).strip(" ."), " ")
        return negations(rest) % 2 == 1
    return contradicts(part, phrase)


def view_point(point: RubricPoint, answer: str) -> PointView:
    """Judge one rubric point on its own wordings; partial wordings are tried when the full ones fail."""
    full = _best([sight(phrase, answer) for phrase in phrases_of(point)])
    rejected = next((r for r in (sight(p, answer) for p in point.reject) if r.probability > 0.6), None)
    if rejected is not None and rejected.probability >= full.probability:
        return PointView(point, 0.0, 0.05, rejected.span, True)
    if full.probability >= 0.5:
        return PointView(point, point.score, full.probability, full.span, False)
    for option in sorted(point.partial, key=lambda p: -p.score):
        part = _best([sight(phrase, answer) for phrase in option.accept])
        if part.probability >= 0.5:
            return PointView(point, option.score, part.probability, part.span, False)
    return PointView(point, 0.0, full.probability, full.span, full.denied)


def _best(sightings: Sequence[Sighting]) -> Sighting:
    return max(sightings, key=lambda s: (s.probability, s.denied), default=Sighting(0.0, None, False))


def view_points(points: Sequence[RubricPoint], answer: str) -> list[PointView]:
    """Judge all points; a point whose ``depends_on`` are not earned is missed."""
    views: dict[str, PointView] = {}
    for point in points:
        view = view_point(point, answer)
        missing = any(views[name].score <= 0 for name in point.depends_on if name in views)
        views[point.id] = PointView(point, 0.0, view.probability, view.span, view.denied) if missing else view
    return list(views.values())


def flipped(answer: str, reference: str) -> bool:
    """Whether some statement of an answer overlaps one of the reference and says the opposite."""
    said = statements(answer)
    return any(_denied_by(said, statement) for statement in statements(reference))


def _denied_by(said: Sequence[str], statement: str) -> bool:
    wanted = content_words(statement)
    near = max(said, key=lambda part: coverage(wanted, content_words(part)), default="")
    return coverage(wanted, content_words(near)) >= _TOUCHES and contradicts(near, statement)


@lru_cache(maxsize=16_384)
def statements(text: str) -> tuple[str, ...]:
    """A text taken apart at commas, stops and joining words, so that each part states one thing."""
    parts = (part for span in clauses(text) for part in _JOINTS.split(span.text))
    return tuple(part for part in parts if any(map(str.isalnum, part)))
