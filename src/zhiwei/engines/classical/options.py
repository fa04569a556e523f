"""Options of a choice question: who takes which, and whether a distractor works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from zhiwei.engines.classical.errors import ClassicalError
from zhiwei.engines.classical.items import TAIL
from zhiwei.engines.classical.matrix import Floats, correlation

IDLE_BELOW = 0.05
"""A distractor that fewer take does not distract (Haladyna & Downing 1993)."""


class OptionVerdict(StrEnum):
    """What to think of an option."""

    KEY = "key"
    WEAK_KEY = "weak_key"
    WORKS = "works"
    IDLE = "idle"
    DRAWS_THE_STRONG = "draws_the_strong"


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: how many took it, of the best and weakest 27 %, and how it goes with the rest of the test."""

    option: str
    is_key: bool
    count: int
    share: float
    upper: float | None
    lower: float | None
    correlation: float | None
    verdict: OptionVerdict


def option_figures(
    chosen: Sequence[frozenset[str]], rest: ArrayLike, options: Sequence[str], keys: frozenset[str]
) -> tuple[OptionFigures, ...]:
    """Return the figures of every option.

    Args:
        chosen: What each person chose; empty for no answer.
        rest: ``(persons,)`` share or sum earned on the other items; NaN when unknown.
        options: Names of the options, in order.
        keys: The right ones.

    Raises:
        ClassicalError: The lengths differ or a key is not among the options.
    """
    others = np.asarray(rest, dtype=float)
    if others.shape != (len(chosen),):
        raise ClassicalError(f"{len(chosen)} answers but {others.shape} sums")
    if not keys <= set(options):
        raise ClassicalError(f"keys {sorted(keys - set(options))} are no options")
    return tuple(_option(name, name in keys, chosen, others) for name in options)


def _option(name: str, is_key: bool, chosen: Sequence[frozenset[str]], rest: Floats) -> OptionFigures:
    taken = np.array([name in one for one in chosen], dtype=float)
    count = int(taken.sum())
    share = count / len(chosen) if chosen else 0.0
    upper, lower = _tails(taken, rest)
    related = correlation(taken, rest)
    return OptionFigures(name, is_key, count, share, upper, lower, related, _verdict(is_key, share, related))


def _tails(taken: Floats, rest: Floats) -> tuple[float | None, float | None]:
    known = ~np.isnan(rest)
    ordered = taken[known][np.argsort(rest[known], kind="stable")]
    size = round(TAIL * ordered.size)
    if size < 1 or ordered.size < 4:
        return None, None
    return float(ordered[-size:].mean()), float(ordered[:size].mean())


def _verdict(is_key: bool, share: float, related: float | None) -> OptionVerdict:
    if is_key:
        return OptionVerdict.WEAK_KEY if related is not None and related < 0 else OptionVerdict.KEY
    if share < IDLE_BELOW:
        return OptionVerdict.IDLE
    if related is not None and related > 0.1:
        return OptionVerdict.DRAWS_THE_STRONG
    return OptionVerdict.WORKS
