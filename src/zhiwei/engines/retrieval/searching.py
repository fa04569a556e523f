"""Search: two rankings, by words and by meaning, made one by reciprocal rank fusion."""

from __future__ import annotations

import numpy as np

from zhiwei.engines.retrieval.index import Floats, Index, Mask
from zhiwei.engines.retrieval.values import Hit

FUSION = 20.0
MEANING_WEIGHT = 0.35
"""Weight of the ranking by meaning beside that by words (1)."""
_DEPTH = 50
LONGEST_QUESTION = 500


def search(index: Index, question: str, *, most: int = 5, allowed: Mask | None = None) -> tuple[Hit, ...]:
    """Return the passages that fit a question best, best first.

    Args:
        question: At most :data:`LONGEST_QUESTION` characters are read.
        most: How many passages are wanted.
        allowed: Which passages the asker may see; the others do not exist for this search (their words
            still count for how rare a word is).
    """
    question = question[:LONGEST_QUESTION].strip()
    seen = np.ones(index.size, dtype=np.bool_) if allowed is None else allowed
    if not question or not seen.any():
        return ()
    lexical, coverage = index.lexical(question)
    meaning = index.meaning(question)
    lexical, meaning = np.where(seen, lexical, -1.0), np.where(seen, meaning, -2.0)
    fused = fuse(lexical, meaning)
    order = [int(place) for place in np.argsort(-fused, kind="stable")[:most] if fused[place] > 0]
    return tuple(
        Hit(
            place,
            float(fused[place]),
            float(lexical[place]),
            float(meaning[place]),
            float(coverage[place]),
            _rank(lexical, place) if lexical[place] > 0 else 0,
            _rank(meaning, place),
        )
        for place in order
    )


def _rank(scores: Floats, place: int) -> int:
    return int((scores > scores[place]).sum()) + 1


def fuse(lexical: Floats, meaning: Floats) -> Floats:
    """Return fused scores: the sum over both rankings of weight / (constant + rank); 0 for passages in neither.

    Only passages with a word of the question count in the ranking by words.
    """
    fused = np.zeros(len(lexical))
    for scores, weight, least in ((lexical, 1.0, 1e-9), (meaning, MEANING_WEIGHT, -1.0)):
        best = np.argsort(-scores, kind="stable")[:_DEPTH]
        best = best[scores[best] >= least]
        fused[best] += weight / (FUSION + 1 + np.arange(len(best)))
    return fused
