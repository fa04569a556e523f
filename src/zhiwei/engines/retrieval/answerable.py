"""Do the materials answer the question at all? A probability from how well passages and sentences fit."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from zhiwei.engines.retrieval.values import Hit
from zhiwei.engines.text import encode, sentences

THRESHOLD = 0.6
"""Below this the honest answer is "not in the materials"."""
WEIGHTS = (-3.2, 3.7, 6.2, 1.7)
"""Constant, then one weight a feature; fitted on all questions of ``benchmarks/retrieval.py``, which measures them
held out."""
LOOKED_AT = 3
"""How many of the first passages are looked at."""
_MOST_SENTENCES = 40


def features(question: str, hits: Sequence[Hit], texts: Sequence[str]) -> tuple[float, float, float]:
    """Return what tells an answer from a neighbour of the question.

    Args:
        hits: What :func:`search` found.
        texts: Texts of the passages, in the order of ``hits``.

    Returns:
        Best coverage, best cosine of a sentence, and 1 when words and meaning agree on one passage as the
        best (else 0).
    """
    first = hits[:LOOKED_AT]
    coverage = max((one.coverage for one in first), default=0.0)
    agreed = any(one.lexical_rank == one.meaning_rank == 1 for one in first)
    return coverage, _best_sentence(question, texts[:LOOKED_AT]), float(agreed)


def chance_answered(question: str, hits: Sequence[Hit], texts: Sequence[str]) -> float:
    """Return the probability (0 to 1) that one of the first passages answers the question."""
    if not hits:
        return 0.0
    constant, *weights = WEIGHTS
    told = features(question, hits, texts)
    return 1 / (1 + exp(-(constant + sum(w * f for w, f in zip(weights, told, strict=True)))))


def _best_sentence(question: str, texts: Sequence[str]) -> float:
    spoken = [span.text for text in texts for span in sentences(text)][:_MOST_SENTENCES]
    if not spoken:
        return 0.0
    vectors = encode([question, *spoken])
    return float((vectors[1:] @ vectors[0]).max())
