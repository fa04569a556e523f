"""A bank prepared for adaptive testing: everything the choice of an item needs, on a grid of abilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.psychometrics import Items, information, probabilities

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CatSettings:
    """How a test runs and ends.

    Attributes:
        length: Most items.
        least: Fewest items before an early end.
        stop_error: End when the posterior deviation is at most this (0: never early).
        stop_change: End when the estimate moved by less than this (0: never early).
        top: Choose at random among this many best items (randomesque; 1: always the best).
    """

    length: int = 20
    least: int = 1
    stop_error: float = 0.0
    stop_change: float = 0.0
    top: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.length or self.top < 1:
            raise ValueError("a test needs 1 ≤ least ≤ length and top ≥ 1")


@dataclass(frozen=True, slots=True)
class Pool:
    """Items with what adaptive choice needs.

    Attributes:
        items: The bank.
        content: (J,) content area of each item.
        target: (A,) share of the test each area should have; empty: no balance.
        admit: (J,) Sympson–Hetter probability that a chosen item is given.
        grid: (G,) abilities.
        prior: (G,) log prior weights.
        log_p: (J, C, G) log category probabilities.
        information: (G, J) item information.
    """

    items: Items
    content: Integers
    target: Floats
    admit: Floats
    grid: Floats
    prior: Singles
    log_p: Singles
    information: Singles

    def __len__(self) -> int:
        return len(self.content)

    def admitting(self, admit: Floats) -> Pool:
        """Return the pool with other admission probabilities."""
        return Pool(
            self.items, self.content, self.target, admit, self.grid, self.prior, self.log_p, self.information
        )


def prepare(
    items: Items, *, content: Sequence[int] | None = None, target: Sequence[float] = (), nodes: int = 61
) -> Pool:
    """Prepare a bank.

    Args:
        items: Calibrated items, dichotomous or polytomous.
        content: Area code of each item, from 0.
        target: Share of each area; made to sum to one. Empty: no content balance.
        nodes: Grid points from −4.5 to 4.5.

    Raises:
        ValueError: Areas and shares do not fit each other, or the bank is empty.
    """
    areas = np.zeros(len(items), np.int64) if content is None else np.asarray(content, np.int64)
    share = np.asarray(target, float)
    if not len(items) or len(areas) != len(items):
        raise ValueError("an adaptive test needs a bank, and one content area an item")
    if len(share) and (areas.max() >= len(share) or share.min() < 0 or share.sum() <= 0):
        raise ValueError("content shares must be non-negative, one for each area that occurs")
    grid = np.linspace(-4.5, 4.5, nodes)
    log_p = np.log(np.maximum(probabilities(items, grid), 1e-30)).transpose(0, 2, 1)
    return Pool(
        items, areas, share / share.sum() if len(share) else share, np.ones(len(items)), grid,
        (-(grid**2) / 2).astype(np.float32), np.ascontiguousarray(log_p, np.float32),
        np.ascontiguousarray(information(items, grid).T, np.float32),
    )  # fmt: skip
