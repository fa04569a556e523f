"""Differentially private counts and means with exact integer noise.

Floating point Laplace noise leaks through its low bits (Mironov 2012); here every draw uses
integers only, after Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy"
(2020), algorithms 1 and 2.
The random source is passed in: ``secrets.randbelow`` in production, a seeded one in tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

RandBelow = Callable[[int], int]
"""Called with n, gives a uniform integer from 0 to n-1."""


def draw_discrete_laplace(scale: Fraction, randbelow: RandBelow) -> int:
    """An integer x with probability proportional to exp(-|x|/scale).

    Args:
        scale: positive; sensitivity over epsilon.
        randbelow: a secure source.

    Raises:
        ValueError: the scale is not positive.

    The variance is 2q/(1-q)² with q = exp(-1/scale).
    """
    if scale <= 0:
        raise ValueError(f"the scale is {scale}; it must be positive")
    top, bottom = scale.numerator, scale.denominator
    while True:
        remainder = randbelow(top)
        if not _happens(Fraction(remainder, top), randbelow):
            continue
        turns = 0
        while _happens(Fraction(1), randbelow):
            turns += 1
        size = (remainder + top * turns) // bottom
        negative = randbelow(2) == 1
        if not (negative and size == 0):
            return -size if negative else size


def _happens(gamma: Fraction, randbelow: RandBelow) -> bool:
    """True with probability exp(-gamma), 0 ≤ gamma ≤ 1, by von Neumann's alternating series."""
    turn = 1
    while randbelow(gamma.denominator * turn) < gamma.numerator:
        turn += 1
    return turn % 2 == 1


@dataclass(frozen=True)
class NoisyMean:
    """A private mean and the private parts it was made from, each at half the budget."""

    mean: float
    count: int
    total: int


def private_count(count: int, epsilon: Fraction, randbelow: RandBelow) -> int:
    """A count with epsilon-differential privacy when one person adds or takes one (sensitivity 1)."""
    _check_budget(epsilon)
    return count + draw_discrete_laplace(1 / epsilon, randbelow)


def private_mean(
    values: Sequence[int], lowest: int, highest: int, epsilon: Fraction, randbelow: RandBelow
) -> NoisyMean:
    """A mean of whole-numbered values with epsilon-differential privacy.

    Values are clamped first; half the budget goes to the count, half to the sum, which one person moves by at
    most max(|lowest|, |highest|). The bounds must not be read off the data.

    Raises:
        ValueError: the bounds are crossed or the budget is not positive.
    """
    _check_budget(epsilon)
    if lowest > highest:
        raise ValueError(f"the lowest value {lowest} is above the highest {highest}")
    half = epsilon / 2
    reach = max(abs(lowest), abs(highest), 1)
    total = sum(min(max(value, lowest), highest) for value in values)
    noisy_total = total + draw_discrete_laplace(reach / half, randbelow)
    noisy_count = private_count(len(values), half, randbelow)
    mean = min(max(noisy_total / max(1, noisy_count), lowest), highest)
    return NoisyMean(mean, noisy_count, noisy_total)


def _check_budget(epsilon: Fraction) -> None:
    if epsilon <= 0:
        raise ValueError(f"epsilon is {epsilon}; it must be positive")
