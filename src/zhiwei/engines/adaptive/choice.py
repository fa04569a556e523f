"""Choosing the next item for many examinees at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.adaptive.pool import CatSettings, Floats, Integers, Pool, Singles

Flags = NDArray[np.bool_]


def estimate(pool: Pool, log_posterior: Singles) -> tuple[Floats, Floats]:
    """Return posterior means and deviations (N,) of log-posteriors (N, G)."""
    weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    moments = weight @ np.stack([np.ones_like(pool.grid), pool.grid, pool.grid**2], axis=1).astype(np.float32)
    mean = moments[:, 1] / moments[:, 0]
    variance = np.maximum(moments[:, 2] / moments[:, 0] - mean**2, 1e-8)
    return mean.astype(float), np.sqrt(variance).astype(float)


def choose(
    pool: Pool,
    settings: CatSettings,
    theta: Floats,
    blocked: Flags,
    areas: Integers,
    *,
    rng: np.random.Generator,
) -> Integers:
    """Choose an item for each examinee; −1 where the bank is used up.

    Args:
        pool: The prepared bank.
        settings: How many of the best to choose among.
        theta: (N,) estimates.
        blocked: (N, J) items given before or set aside by exposure control; changed in place.
        areas: (N, A) how many items of each area were given.
        rng: Source of chance.

    Returns:
        (N,) item numbers.
    """
    step = pool.grid[1] - pool.grid[0]
    near = np.clip(np.rint((theta - pool.grid[0]) / step), 0, len(pool.grid) - 1).astype(np.int64)
    value = pool.information[near]
    np.putmask(value, blocked, -1.0)
    if len(pool.target):
        _keep_area(pool, value, areas)
    if (pool.admit < 1.0).any():
        picked = _admitted(pool, value, blocked, rng)
    elif settings.top == 1:
        picked = value.argmax(axis=1)
    else:
        picked = _one_of_best(value, settings.top, rng)
    return np.where(value[np.arange(len(value)), picked] < 0, -1, picked)


def _keep_area(pool: Pool, value: Singles, areas: Integers) -> None:
    """Leave only the area furthest behind its share that still has items (Kingsbury & Zara 1989)."""
    given = areas.sum(axis=1, keepdims=True)
    behind = pool.target * (given + 1) - areas
    for area in range(len(pool.target)):
        empty = value[:, pool.content == area].max(axis=1, initial=-1.0) < 0
        behind[empty, area] = -np.inf
    value[pool.content[None, :] != behind.argmax(axis=1)[:, None]] = -1.0


def _one_of_best(value: Singles, top: int, rng: np.random.Generator) -> Integers:
    top = min(top, value.shape[1])
    best = np.argpartition(value, -top, axis=1)[:, -top:]
    open_ = np.take_along_axis(value, best, axis=1) >= 0
    drawn = np.where(open_, rng.random(best.shape), -1.0).argmax(axis=1)
    return np.asarray(np.take_along_axis(best, drawn[:, None], axis=1)[:, 0])


def _admitted(pool: Pool, value: Singles, blocked: Flags, rng: np.random.Generator) -> Integers:
    """Go down the items from the best; each is given with its own probability, else set aside.

    Source: Sympson & Hetter (1985). When every open item is refused, the best one is given.
    """
    passes = rng.random(value.shape) < pool.admit
    allowed = np.where(passes, value, -1.0)
    picked = allowed.argmax(axis=1)
    rows = np.arange(len(value))
    none = allowed[rows, picked] < 0
    picked = np.where(none, value.argmax(axis=1), picked)
    reached = value > value[rows, picked][:, None]
    blocked |= reached & ~passes & ~none[:, None]
    return np.asarray(picked)
