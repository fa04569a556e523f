"""What the meaning part looks at: a text's vector, the runs of characters and words it holds, what it speaks of.

What it speaks of are concepts (``data/concepts.txt``: I, family, to hit, fear, …) and their pairs: "family" and
"to hit" together say more than either, in whatever words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from zhiwei.engines.safety.normalising import normalise
from zhiwei.engines.text import DIMENSIONS, encode, fold

Floats = npt.NDArray[np.float64]
BUCKETS = 4096
"""Runs are counted in so many buckets by their CRC-32."""
RUN_WEIGHT = 1.5
CONCEPT_WEIGHT = 0.6
PAIR_WEIGHT = 0.4
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


@lru_cache(maxsize=1)
def concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the concepts: name, and a pattern of its words (Latin ones whole, Chinese ones anywhere)."""
    text = (files("zhiwei.engines.safety") / "data" / "concepts.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((name, _words(words.split("|"))) for name, words in rows)


def _words(words: Sequence[str]) -> re.Pattern[str]:
    latin = "|".join(re.escape(one) for one in words if one.isascii())
    han = [re.escape(one) for one in words if not one.isascii()]
    return re.compile("|".join([*han, *([rf"(?<![a-z])(?:{latin})(?![a-z])"] if latin else [])]))


def concepts_in(text: str) -> tuple[int, ...]:
    """Return the numbers of the concepts that a text speaks of, in order."""
    plain = fold(normalise(text).text)
    return tuple(place for place, (_name, words) in enumerate(concepts()) if words.search(plain))


def width() -> int:
    """Return how many numbers describe a text: vector, buckets, concepts, pairs of concepts."""
    count = len(concepts())
    return concept_column(0) + count + count * (count - 1) // 2


def concept_column(concept: int) -> int:
    """Return the column of a concept."""
    return DIMENSIONS + BUCKETS + concept


def pair_column(first: int, second: int) -> int:
    """Return the column of two concepts, the smaller number first."""
    return concept_column(len(concepts())) + second * (second - 1) // 2 + first


def features_of(texts: Sequence[str]) -> Floats:
    """Return one row of :func:`width` numbers a text: vector, buckets, concepts, pairs."""
    rows = np.zeros((len(texts), width()))
    rows[:, :DIMENSIONS] = encode([normalise(text).text for text in texts])
    for row, text in zip(rows, texts, strict=True):
        runs, found = runs_of(text), concepts_in(text)
        for run in runs:
            row[bucket(run)] += RUN_WEIGHT / len(runs) ** 0.5
        for concept in found:
            row[concept_column(concept)] = CONCEPT_WEIGHT
        for pair in combinations(found, 2):
            row[pair_column(*pair)] = PAIR_WEIGHT
    return rows
