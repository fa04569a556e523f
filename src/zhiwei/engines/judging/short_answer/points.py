"""Whether an answer makes a rubric point: where, how surely, and whether it says the opposite instead."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.values import RubricPoint
from zhiwei.engines.text import (
    Span,
    clauses,
    content_words,
    contradicts,
    encode,
    fold,
    lacks_decisive,
    sentences,
    words,
)

from .likeness import coverage
from .polarity import opposes, stands, statements

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BIAS, _COVER, _MEANING, _EXACT = -4.6, 5.2, 2.6, 3.0
"""Log-odds set by hand: three quarters of a phrase's telling words, near in meaning, is an even bet."""
_TOUCHES = 0.5
_LIKELY = 0.2
"""Parts that cover less of a phrase can never be an even bet, so they are not encoded."""
_UNLIKE = 0.25
_PARALLEL, _TELLING = 0.4, 0.7
"""Phrases of two points that share this much are told apart by their other words, of which this much must be said."""


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


@dataclass(frozen=True, slots=True)
class Context:
    """What else bears on the reading of a phrase: reference answers, and the phrases of the other points."""

    references: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


NOTHING_ELSE = Context()


def sight(phrase: str, answer: str, context: Context = NOTHING_ELSE, *, close: bool = False) -> Sighting:
    """Look for a phrase in an answer; ``close``: as written, or within one clause."""
    places = windows(answer)
    if close:
        places = tuple(p for p in places if p in clauses(answer) or stands(phrase, p.text))
    if not places or not phrase.strip():
        return Sighting(0.0, None, False)
    wanted = content_words(phrase) or fold(phrase).split()
    exact = np.array([stands(phrase, place.text) for place in places])
    cover = np.array([coverage(wanted, content_words(place.text), weighted=True) for place in places])
    cover = np.where(exact | (cover < _LIKELY) | _decided(phrase, places, context), cover, cover / 2)
    odds = _BIAS + _COVER * cover + _MEANING * _nearness(phrase, places, (cover >= _LIKELY) | exact)
    odds = odds + _EXACT * exact
    lengths = np.array([place.end - place.start for place in places])
    best = int(np.argmax(odds - 0.002 * lengths))
    about = bool(cover[best] >= _TOUCHES or exact[best])
    denied = about and opposes(phrase, places[best].text, context.references)
    chance = float(1.0 / (1.0 + np.exp(-odds[best])))
    seen = places[best] if cover[best] > 0.2 or chance > 0.3 else None
    return Sighting(0.08 * chance if denied else chance, seen, denied)


def _nearness(phrase: str, places: Sequence[Span], likely: Bools) -> Floats:
    """Likeness in meaning of the parts that may hold the phrase; a usual low value for the others."""
    near = np.full(len(places), _UNLIKE)
    if likely.any():
        parts = [place.text for place, wanted in zip(places, likely, strict=True) if wanted]
        near[likely] = encode(parts) @ encode([phrase])[0]
    return near


def _decided(phrase: str, places: Sequence[Span], context: Context) -> Bools:
    """Whether each part says the words on which the phrase turns."""
    telling = [left for other in context.others if (left := _telling(phrase, other))]
    return np.array(
        [
            not lacks_decisive(phrase, place.text)
            and all(coverage(left, content_words(place.text), weighted=True) >= _TELLING for left in telling)
            for place in places
        ]
    )


@lru_cache(maxsize=8_192)
def _telling(phrase: str, other: str) -> tuple[str, ...]:
    """The words that tell a phrase from a like phrase of another point; none when they are unlike."""
    theirs = set(words(other))
    left = tuple(word for word in content_words(phrase) if word not in theirs)
    return left if len(left) <= (1 - _PARALLEL) * len(words(phrase)) else ()


def view_point(point: RubricPoint, answer: str, context: Context = NOTHING_ELSE) -> PointView:
    """Judge one rubric point on its own wordings; partial wordings are tried when the full ones fail."""
    full = _best([sight(phrase, answer, context) for phrase in phrases_of(point)])
    rejected = next(
        (r for r in (sight(p, answer, close=True) for p in point.reject) if r.probability > 0.6), None
    )
    if rejected is not None and rejected.probability >= full.probability:
        return PointView(point, 0.0, 0.05, rejected.span, True)
    if full.probability >= 0.5:
        return PointView(point, point.score, full.probability, full.span, False)
    for option in sorted(point.partial, key=lambda p: -p.score):
        part = _best([sight(phrase, answer, context) for phrase in option.accept])
        if part.probability >= 0.5:
            return PointView(point, option.score, part.probability, part.span, False)
    return PointView(point, 0.0, full.probability, full.span, full.denied)


def _best(sightings: Sequence[Sighting]) -> Sighting:
    return max(sightings, key=lambda s: (s.probability, s.denied), default=Sighting(0.0, None, False))


def view_points(
    points: Sequence[RubricPoint], answer: str, references: Sequence[str] = ()
) -> list[PointView]:
    """Judge all points; a point whose ``depends_on`` are not earned is missed."""
    views: dict[str, PointView] = {}
    for point in points:
        others = tuple(phrase for other in points if other is not point for phrase in phrases_of(other))
        view = view_point(point, answer, Context(tuple(references), others))
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
