"""Which sentences of a passage answer the question: verbatim, with their place, for marking on the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiwei.engines.retrieval.index import Floats
from zhiwei.engines.retrieval.terms import asked_terms, terms_of
from zhiwei.engines.text import Span, encode, sentences

_WORDS_SHARE = 0.6
_NEIGHBOUR = 0.75


@dataclass(frozen=True, slots=True)
class Quote:
    """Sentences of a passage that answer best: ``text == passage[start:end]``."""

    start: int
    end: int
    text: str


def quote(question: str, passage: str, *, most: int = 2) -> Quote | None:
    """Return at most ``most`` neighbouring sentences that answer the question best; ``None`` for an empty passage."""
    spans = sentences(passage)
    if not spans:
        return None
    scores = _scores(question, spans)
    first = last = int(np.argmax(scores))
    while last - first + 1 < most:
        options = [place for place in (first - 1, last + 1) if 0 <= place < len(spans)]
        best = max(options, key=lambda place: scores[place], default=-1)
        if best < 0 or scores[best] < _NEIGHBOUR * float(scores.max()):
            break
        first, last = min(first, best), max(last, best)
    start, end = spans[first].start, spans[last].end
    return Quote(start, end, passage[start:end])


def _scores(question: str, spans: list[Span]) -> Floats:
    wanted = np.array(asked_terms(question), dtype=np.uint32)
    shares = [float(np.isin(wanted, terms_of(span.text)[0]).mean()) if len(wanted) else 0.0 for span in spans]
    vectors = encode([question, *(span.text for span in spans)])
    meaning: Floats = vectors[1:] @ vectors[0]
    return _WORDS_SHARE * np.array(shares) + (1 - _WORDS_SHARE) * meaning
