"""Which answers a teacher should mark next, so that the machine learns most from few marks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.learning import pool_of
from zhiwei.engines.judging.learning.process import default_weights, mix
from zhiwei.engines.judging.values import Marked, Response

Floats = NDArray[np.float64]
_CANDIDATES = 600
_WATCHED = 800


def choose_next(
    responses: Sequence[Response], marked: Sequence[Marked] | Collection[str], k: int, *, seed: int = 0
) -> list[str]:
    """The ids of the ``k`` unmarked responses whose marks would remove most doubt about all the others.

    Greedy: each pick is the one that lowers the summed variance of the Gaussian process most, given those
    already marked. The text alone decides, so a whole round can be chosen before any of it is marked.

    Args:
        responses: all responses to the item, marked ones included.
        marked: what is marked already, as marks or as ids.
        k: how many to choose; fewer are returned when fewer are left.
        seed: which responses are looked at when there are very many.

    Cost: O(600 · 800) for each pick, plus one look at the pool.
    """
    done = {m.response.id if isinstance(m, Marked) else m for m in marked}
    known = [at for at, r in enumerate(responses) if r.id in done]
    rest = [at for at, r in enumerate(responses) if r.id not in done and r.answer().strip()]
    if not rest or k <= 0:
        return []
    rng = np.random.default_rng(seed)
    open_rows = np.sort(rng.permutation(rest)[:_CANDIDATES])
    watched = np.union1d(open_rows, np.sort(rng.permutation(len(responses))[:_WATCHED]))
    rows = np.union1d(watched, np.array(known, dtype=int))
    doubt = _doubt([responses[at].answer() for at in rows], seed)
    place = {int(row): at for at, row in enumerate(rows)}
    for row in known:
        doubt = _after(doubt, place[row])
    return [responses[int(rows[at])].id for at in _greedy(doubt, [place[int(r)] for r in open_rows], k)]


def _doubt(texts: list[str], seed: int) -> Floats:
    pool = pool_of(texts, seed)
    rows = np.arange(len(texts))
    return mix(default_weights(len(pool.blocks)), [view.gram(rows, rows) for view in pool.blocks])


def _after(doubt: Floats, at: int) -> Floats:
    noise = default_weights(1).noise
    return np.asarray(doubt - np.outer(doubt[:, at], doubt[at]) / (doubt[at, at] + noise))


def _greedy(doubt: Floats, open_places: list[int], k: int) -> list[int]:
    noise, chosen = default_weights(1).noise, list[int]()
    left = list(open_places)
    while left and len(chosen) < k:
        gain = (doubt[:, left] ** 2).sum(axis=0) / (doubt[left, left] + noise)
        best = left.pop(int(np.argmax(gain)))
        chosen.append(best)
        doubt = _after(doubt, best)
    return chosen
