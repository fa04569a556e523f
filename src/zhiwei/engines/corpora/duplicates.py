"""Copies among long answers: equal after folding, or sharing most of their character triples (MinHash)."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import fold

PERMUTATIONS = 96
BANDS = 24
_ROWS = PERMUTATIONS // BANDS
_PRIME = np.uint64((1 << 31) - 1)
_NOT_WORD = re.compile(r"[^\w]+")
_FULLEST_BUCKET = 200
_MIX = np.random.default_rng(20240611)
_A = _MIX.integers(1, int(_PRIME), PERMUTATIONS, dtype=np.uint64)
_B = _MIX.integers(0, int(_PRIME), PERMUTATIONS, dtype=np.uint64)


def plain(text: str) -> str:
    """Return a text without what copying changes: width, case, blanks, punctuation."""
    return _NOT_WORD.sub("", fold(text))


def text_hash(text: str) -> str:
    """Return the hash under which copies are equal."""
    return hashlib.sha256(plain(text).encode()).hexdigest()


def shingles(text: str, size: int = 3) -> frozenset[str]:
    """Return the character triples of a folded text."""
    whole = plain(text)
    return frozenset(whole[at : at + size] for at in range(max(1, len(whole) - size + 1)))


def signature(pieces: Iterable[str]) -> NDArray[np.uint64]:
    """Return the MinHash signature of a set (96 values; Broder 1997)."""
    values = np.array(
        [int.from_bytes(hashlib.blake2b(one.encode(), digest_size=4).digest(), "big") for one in pieces],
        dtype=np.uint64,
    )
    mixed = (values[:, None] % _PRIME * _A + _B) % _PRIME
    lowest: NDArray[np.uint64] = mixed.min(axis=0)
    return lowest


def clusters(texts: Sequence[str], *, threshold: float, long_from: int) -> list[int]:
    """Return for each text the place of the first text it is a copy of (its own place when of none).

    Only texts of ``long_from`` folded characters or more can be copies: short answers are alike by nature.
    Candidates come from MinHash bands and are confirmed by their true Jaccard similarity. Copies of copies join.

    Cost:
        Linear in the texts but for confirmed candidates; buckets of more than 200 are compared with their first.
    """
    parent = list(range(len(texts)))
    long = [place for place, text in enumerate(texts) if len(plain(text)) >= long_from]
    sets = {place: shingles(texts[place]) for place in long}
    for first, second in _candidates({place: signature(sets[place]) for place in long}):
        if _root(parent, first) != _root(parent, second) and _alike(sets[first], sets[second]) >= threshold:
            one, other = sorted((_root(parent, first), _root(parent, second)))
            parent[other] = one
    return [_root(parent, place) for place in range(len(texts))]


def _candidates(signatures: dict[int, NDArray[np.uint64]]) -> Iterable[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, values in signatures.items():
            buckets[values[band * _ROWS : (band + 1) * _ROWS].tobytes()].append(place)
        for members in buckets.values():
            crowded = len(members) > _FULLEST_BUCKET
            for at, first in enumerate(members[:1] if crowded else members):
                for second in members[at + 1 :]:
                    if (first, second) not in seen:
                        seen.add((first, second))
                        yield first, second


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place
