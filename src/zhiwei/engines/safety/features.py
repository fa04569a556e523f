"""What the meaning part looks at: the encoder's vector of a text, and which runs of characters and words it holds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zhiwei.engines.safety.normalising import normalise
from zhiwei.engines.text import DIMENSIONS, encode, fold

Floats = npt.NDArray[np.float64]
BUCKETS = 4096
"""Runs are counted in so many buckets by their CRC-32."""
WIDTH = DIMENSIONS + BUCKETS
RUN_WEIGHT = 1.5
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z]+")
_LONGEST_RUN = 3


def runs_of(text: str) -> frozenset[str]:
    """Return the runs of one to three Chinese characters, English words and pairs of words in a text."""
    plain = fold(normalise(text).text)
    found = set[str]()
    words: list[str] = []
    for piece in _PIECE.findall(plain):
        if piece[0] > "z":
            for size in range(1, _LONGEST_RUN + 1):
                found.update(piece[at : at + size] for at in range(len(piece) - size + 1))
        else:
            words.append(piece)
    return frozenset(found | set(words) | {" ".join(pair) for pair in pairwise(words)})


def bucket(run: str) -> int:
    """Return the column of a run."""
    return DIMENSIONS + zlib.crc32(run.encode()) % BUCKETS


def features_of(texts: Sequence[str]) -> Floats:
    """Return one row of :data:`WIDTH` numbers a text: vector first, then buckets."""
    rows = np.zeros((len(texts), WIDTH))
    rows[:, :DIMENSIONS] = encode([normalise(text).text for text in texts])
    for row, text in zip(rows, texts, strict=True):
        runs = runs_of(text)
        for run in runs:
            row[bucket(run)] += RUN_WEIGHT / len(runs) ** 0.5
    return rows
