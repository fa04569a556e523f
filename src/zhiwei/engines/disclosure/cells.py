"""What was measured of each group, before and after it is made safe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sketch = NDArray[np.uint16]


@dataclass(frozen=True)
class Measured:
    """One figure of one group as it is (level 3: never leaves the platform).

    Attributes:
        rows: How many rows have a value.
        total: Their sum.
        squares: The sum of their squares.
        most_rows: Rows of the person with the most.
        most: The largest contribution of one person to ``total``, as an amount.
        amount: The sum of such amounts over all people.
        most_squares: The largest contribution to ``squares``.
        contributing: People who contribute something other than 0.
        people: People with any value.
        sketch: See :mod:`plan`.
    """

    rows: float
    total: float
    squares: float
    most_rows: float
    most: float
    amount: float
    most_squares: float
    contributing: int
    people: int
    sketch: Sketch


@dataclass(frozen=True)
class Cell:
    """One group: its values, how many people, its figures (the first counts rows)."""

    values: tuple[str | None, ...]
    people: int
    figures: tuple[Measured, ...]


@dataclass(frozen=True)
class Figure:
    """A figure that may be told: disturbed rows, sum and sum of squares, and the people behind it.

    Attributes:
        scale: How far ``total`` is disturbed (the scale of the noise).
        earlier: It is an earlier answer told again, as too few people make the difference.
    """

    rows: float
    total: float
    squares: float
    people: float
    scale: float
    earlier: bool = False
