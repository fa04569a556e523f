"""A pool of essays as the learner sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.learning import (
    Pool,
    block,
    centrality,
    essay_blocks,
    shared_content,
    standardised,
)
from zhiwei.engines.text import has_han

from .features import NAMES, essay_features

Floats = NDArray[np.float64]
_RICH = ("kinds_root", "pair_kinds", "spread_of_words", "long_kinds", "rare_kinds_45")
_EXPECTED = dict.fromkeys(_RICH, 0.12)
_EXPECTED_HAN = {"different_words": 0.3, "length_root": 0.2}
"""Prior rise of the mark, in its standard deviations, for one standard deviation of each measure."""
_COUNTS = (0.03, 0.03, 0.03, 0.10, 0.20, 0.02)
"""How much words, topics, near topics, measures, near measures and the expected ones count before any mark is seen."""
_SHARED, _CENTRAL = 0.1, 0.05


def essay_pool(texts: Sequence[str], stem: str, seed: int, facts: Floats | None = None) -> Pool:
    """Look at essays together: their measures, words and topics.

    Args:
        texts: marked essays, then those to be judged.
        stem: the task.
        seed: of what is drawn at random.
        facts: (pool, k) further measures, weighed only by what marks show.

    Cost: about 100 essays a second.
    """
    measured = essay_features(texts, stem)
    traits = np.column_stack([standardised(column) for column in measured.T])
    chinese = sum(map(has_han, texts)) > len(texts) / 2
    expected = _EXPECTED_HAN if chinese else _EXPECTED
    named = [traits[:, NAMES.index(name)] for name in expected]
    traits = traits[:, traits.any(axis=0)] if traits.any() else traits[:, :1]
    if facts is not None and facts.size:
        traits = np.hstack([traits, facts])
    views, topics = essay_blocks(texts, traits, seed)
    common = [standardised(shared_content(texts)), standardised(centrality(topics))]
    measures = np.column_stack([*named, *common])
    worth = np.array([*expected.values(), _SHARED, _CENTRAL])
    if chinese:
        return Pool(texts, [*views, block(measures)], measures, worth, traits)
    return Pool(texts, [*views, block(measures)], measures, worth, traits, _COUNTS, traits)
