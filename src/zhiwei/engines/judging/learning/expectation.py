"""What to expect of an answer before any mark is seen.

Two things raise what a teacher gives in nearly every subject: saying more of what the others also say, and
being about what the others are about. Both are measured on the pool of answers, need no mark, and enter the
model as a weak prior that a few marks overrule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import content_words

Floats = NDArray[np.float64]
SLOPE = 0.25
"""Prior rise of the mark, in its standard deviations, for one standard deviation of each measure."""


def shared_content(texts: Sequence[str]) -> Floats:
    """How much of the pool's common content each text covers; repeating a word adds nothing.

    Returns:
        (n,) root of the summed log frequencies of the different content words.
    """
    found = [frozenset(content_words(text)) for text in texts]
    spread = Counter(word for row in found for word in row)
    return np.array([np.sqrt(sum(np.log(spread[word]) for word in row)) for row in found])


def centrality(vectors: Floats) -> Floats:
    """Inner product (n,) of each sentence vector with the mean of the pool."""
    return np.asarray(vectors @ vectors.mean(axis=0))


def standardised(values: Floats) -> Floats:
    """Values with mean 0 and standard deviation 1 (all 0 when they do not vary)."""
    spread = float(values.std())
    return np.zeros_like(values) if spread < 1e-9 else np.clip((values - values.mean()) / spread, -3, 3)


def expectations(texts: Sequence[str], vectors: Floats) -> Floats:
    """The two measures, standardised on the pool, as (n, 2)."""
    return np.column_stack([standardised(shared_content(texts)), standardised(centrality(vectors))])
