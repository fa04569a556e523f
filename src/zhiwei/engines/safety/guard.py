"""Score a text per class: pattern hits and the meaning of the sentence together, each verdict with its reasons.

The meaning part is one logistic regression a class over an offline sentence encoder, runs of characters
and what the text speaks of (:mod:`zhiwei.engines.safety.fitting`). A strong pattern decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from zhiwei.engines.safety.features import (
    CONCEPT_WEIGHT,
    PAIR_WEIGHT,
    Floats,
    bucket,
    concept_column,
    concepts,
    concepts_in,
    features_of,
    pair_column,
    runs_of,
)
from zhiwei.engines.safety.fitting import CLASSES, FALSE_POSITIVES, examples, kept_model, shifts_of
from zhiwei.engines.safety.normalising import normalise
from zhiwei.engines.safety.rules import Hit, find_hits

OPERATING_POINTS = tuple(FALSE_POSITIVES)
"""Strict for pupils alone, standard for all, lenient for teachers: 3 %, 1 % and 0.3 % of harmless texts held up."""
MOST_CHARACTERS = 200_000
DECIDES_ALONE = 3.0
"""Weight of a pattern from which a text is held up whatever else it says."""
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MOST_SENTENCES = 400
_TERMS = 3


@dataclass(frozen=True)
class Finding:
    """One class of one text and why.

    Attributes:
        kind: One of :data:`CLASSES`.
        score: 0 to 1; 0.5 is the threshold of the operating point.
        hits: Patterns found in the whole text.
        sentence: The sentence that speaks loudest for it.
        terms: Runs of signs of that sentence that weigh most.
        concepts: What the sentence speaks of that weighs most for the class (names of ``data/concepts.txt``).
        nearest: The written example most like that sentence; "" when none is like it.
    """

    kind: str
    score: float
    hits: tuple[Hit, ...]
    sentence: str
    terms: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    nearest: str = ""


@dataclass(frozen=True)
class Verdict:
    """All findings at or above the operating point, the surest first."""

    findings: tuple[Finding, ...]
    operating_point: str

    @property
    def needs_a_person(self) -> bool:
        """Crisis signals go to a human by the school's protocol, whatever else happens."""
        return any(finding.kind in {"self_harm", "abuse"} for finding in self.findings)


def examine(text: str, operating_point: str = "standard") -> Verdict:
    """Judge a text from a pupil, a document or a tool.

    Raises:
        ValueError: an unknown operating point, or more than :data:`MOST_CHARACTERS` characters.
    """
    if operating_point not in OPERATING_POINTS:
        raise ValueError(f"'{operating_point}' is none of {', '.join(OPERATING_POINTS)}")
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"the text has more than {MOST_CHARACTERS} characters")
    sentences = [match[0] for match in _SENTENCE.finditer(text)][:_MOST_SENTENCES] or [text]
    scores = score_texts(sentences, operating_point)
    hits = find_hits(normalise(text))
    findings: list[Finding] = []
    for place, kind in enumerate(CLASSES):
        own = tuple(hit for hit in hits if hit.kind == kind)
        best = int(scores[:, place].argmax())
        decided = any(hit.weight >= DECIDES_ALONE for hit in own)
        if scores[best, place] >= 0.5 or decided:
            score = max(float(scores[best, place]), 0.5 if decided else 0.0)
            findings.append(_explained(kind, score, own, sentences[best].strip()))
    return Verdict(tuple(sorted(findings, key=lambda f: -f.score)), operating_point)


def score_texts(texts: Sequence[str], operating_point: str = "standard") -> Floats:
    """Return scores of short texts, one row a text, one column a class; 0.5 is the point's threshold."""
    _model, points = kept_model()
    odds = log_odds(texts) - points[operating_point]
    scores: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return scores


def log_odds(texts: Sequence[str]) -> Floats:
    """Return meaning and patterns together, before any threshold."""
    model, _points = kept_model()
    odds: Floats = model.log_odds(features_of(texts)) + shifts_of(texts)
    return odds


def _explained(kind: str, score: float, hits: tuple[Hit, ...], sentence: str) -> Finding:
    row = kept_model()[0].rows[CLASSES.index(kind)]
    runs = sorted(runs_of(sentence), key=lambda run: (-row[bucket(run)], -len(run), run))
    terms = tuple(run for run in runs[:_TERMS] if row[bucket(run)] > 0)
    return Finding(kind, score, hits, sentence, terms, _spoken_of(row, sentence), _nearest(kind, sentence))


def _spoken_of(row: Floats, sentence: str) -> tuple[str, ...]:
    """Return the concepts of a sentence that weigh most, each with half of its pairs."""
    found = concepts_in(sentence)
    weights = {one: CONCEPT_WEIGHT * float(row[concept_column(one)]) for one in found}
    for first, second in combinations(found, 2):
        half = PAIR_WEIGHT * float(row[pair_column(first, second)]) / 2
        weights[first] += half
        weights[second] += half
    ranked = sorted(found, key=lambda one: -weights[one])
    return tuple(concepts()[one][0] for one in ranked[:_TERMS] if weights[one] > 0)


def _nearest(kind: str, sentence: str) -> str:
    mine = runs_of(sentence)
    best, text = 0.0, ""
    for example, runs in _runs_of_examples(kind):
        share = len(mine & runs) / max(len(mine | runs), 1)
        if share > best:
            best, text = share, example
    return text


@lru_cache(maxsize=len(CLASSES))
def _runs_of_examples(kind: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row.text, runs_of(row.text)) for row in examples() if row.kind == kind)
