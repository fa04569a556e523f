"""Do two reviewers agree: kappa, quadratic weighted kappa with its interval, exact and close agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on ``n`` answers both have reviewed.

    Attributes:
        kappa: Cohen's kappa; ``None`` when both always gave one and the same value (nothing to agree on).
        qwk: Quadratic weighted kappa, ``None`` likewise; ``low`` and ``high`` its bootstrapped 95 % interval.
        exact: Share of equal values.
        close: Share of values at most one step apart.
    """

    n: int
    kappa: float | None
    qwk: float | None
    low: float | None
    high: float | None
    exact: float
    close: float


def agreement(
    first: Sequence[float], second: Sequence[float], *, step: float = 1.0, seed: int = 0
) -> Agreement:
    """Return how far two reviewers agree on the same answers.

    Args:
        step: Smallest difference between two values (half a mark: 0.5).
        seed: Of the bootstrap.

    Raises:
        ValueError: Different lengths, no answers, or ``step`` not positive.

    Source: Cohen 1960, 1968.
    """
    if len(first) != len(second) or not first or step <= 0:
        raise ValueError("two equally long, non-empty lists and a positive step are needed")
    a = np.rint(np.asarray(first, dtype=float) / step).astype(int)
    b = np.rint(np.asarray(second, dtype=float) / step).astype(int)
    draw = np.random.default_rng(seed)
    picks = draw.integers(0, a.size, size=(RESAMPLES, a.size))
    resampled = [one for one in (_kappa(a[pick], b[pick], power=2) for pick in picks) if one is not None]
    whole = _kappa(a, b, power=2)
    low, high = (
        (float(np.quantile(resampled, 0.025)), float(np.quantile(resampled, 0.975)))
        if whole is not None and len(resampled) > RESAMPLES // 2
        else (None, None)
    )
    gap = np.abs(a - b)
    return Agreement(
        int(a.size),
        _kappa(a, b, power=0),
        whole,
        low,
        high,
        float((gap == 0).mean()),
        float((gap <= 1).mean()),
    )


def _kappa(a: NDArray[np.int_], b: NDArray[np.int_], *, power: int) -> float | None:
    """1 - observed over expected disagreement; weights 0/1 (``power`` 0) or squared distance."""
    values, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    n, size = a.size, values.size
    left = np.bincount(codes[:n], minlength=size) / n
    right = np.bincount(codes[n:], minlength=size) / n
    distance = np.abs(values[:, None] - values[None, :])
    weights = (distance > 0).astype(float) if power == 0 else distance.astype(float) ** power
    table = np.zeros((size, size))
    np.add.at(table, (codes[:n], codes[n:]), 1.0 / n)
    expected = float((weights * np.outer(left, right)).sum())
    return None if expected < 1e-12 else 1.0 - float((weights * table).sum()) / expected
