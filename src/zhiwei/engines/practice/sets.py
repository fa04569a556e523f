"""Choosing a practice set: success within a band, points due first, varied, within what the teacher allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Tier(StrEnum):
    """Tiers of practice and the success they aim at."""

    BASIC = "基础"
    RAISED = "提高"
    EXTENDED = "拓展"

    @property
    def band(self) -> tuple[float, float]:
        """The band of predicted success."""
        return {Tier.BASIC: (0.78, 0.90), Tier.RAISED: (0.70, 0.85), Tier.EXTENDED: (0.55, 0.75)}[self]


def tier_of(mastery: float) -> Tier:
    """Return the tier a mean mastery suggests; a teacher's choice comes before it."""
    if mastery < 0.6:
        return Tier.BASIC
    return Tier.RAISED if mastery < 0.82 else Tier.EXTENDED


@dataclass(frozen=True, slots=True)
class Bank:
    """Items to choose from: main point, type, minutes, one entry an item (J,)."""

    point: Integers
    kind: Integers
    minutes: Floats


@dataclass(frozen=True, slots=True)
class PupilView:
    """What is known of a pupil about the bank.

    Attributes:
        success: (J,) predicted success.
        mastery: (K,) mastery of each point.
        due: (K,) how overdue a point's review is, from 0 (not due) to 1 (about to be forgotten).
        days_since: (J,) days since the pupil last had the item; infinite when never.
        ready: (K,) whether the point's prerequisites are met.
    """

    success: Floats
    mastery: Floats
    due: Floats
    days_since: Floats
    ready: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a set must keep to.

    Attributes:
        count: Items wanted.
        minutes: Time there is.
        rest_days: An item may come again after so many days.
        kinds: Item types allowed; empty: all.
        points: Points allowed; empty: all that are ready.
        per_point: Most items on one point.
    """

    count: int = 8
    minutes: float = 30.0
    rest_days: float = 14.0
    kinds: frozenset[int] = field(default_factory=frozenset)
    points: frozenset[int] = field(default_factory=frozenset)
    per_point: int = 3

    def __post_init__(self) -> None:
        if self.count < 1 or self.minutes <= 0 or self.per_point < 1 or self.rest_days < 0:
            raise ValueError("a practice set needs at least one item, some time, and no negative rest")


@dataclass(frozen=True, slots=True)
class Practice:
    """The set: items in the order to be done, why each is there, predicted success, minutes; ``short`` says
    that fewer items than wanted could be found."""

    items: tuple[int, ...]
    reasons: tuple[str, ...]
    expected_success: float
    minutes: float
    short: bool


def practice_set(bank: Bank, pupil: PupilView, tier: Tier, constraints: Constraints) -> Practice:
    """Choose a practice set.

    Items within the tier's band are worth most, more when their point is due or weak; each further item on a
    point or of a type is worth less, which keeps the set varied. Easier items come first.

    Args:
        bank: The items.
        pupil: What is known of the pupil.
        tier: Which band of success is aimed at.
        constraints: What the set must keep to.

    Raises:
        ValueError: The pupil's arrays do not fit the bank.
    """
    if len(pupil.success) != len(bank.point) or len(pupil.days_since) != len(bank.point):
        raise ValueError("predicted success and days since must have one entry an item")
    open_ = _allowed(bank, pupil, constraints)
    worth = _worth(bank, pupil, tier)
    points, kinds = np.zeros(len(pupil.mastery)), np.zeros(int(bank.kind.max(initial=0)) + 1)
    chosen: list[int] = []
    left = constraints.minutes
    while len(chosen) < constraints.count:
        fits = open_ & (bank.minutes <= left) & (points[bank.point] < constraints.per_point)
        if not fits.any():
            break
        value = np.where(fits, worth - 0.25 * points[bank.point] - 0.08 * kinds[bank.kind], -np.inf)
        best = int(value.argmax())
        chosen.append(best)
        open_[best] = False
        left -= float(bank.minutes[best])
        points[bank.point[best]] += 1
        kinds[bank.kind[best]] += 1
    chosen.sort(key=lambda j: -float(pupil.success[j]))
    reasons = tuple(_reason(pupil, int(bank.point[j])) for j in chosen)
    mean = float(pupil.success[chosen].mean()) if chosen else 0.0
    return Practice(tuple(chosen), reasons, mean, constraints.minutes - left, len(chosen) < constraints.count)


def _allowed(bank: Bank, pupil: PupilView, constraints: Constraints) -> NDArray[np.bool_]:
    open_ = pupil.days_since >= constraints.rest_days
    if constraints.kinds:
        open_ &= np.isin(bank.kind, list(constraints.kinds))
    if constraints.points:
        return np.asarray(open_ & np.isin(bank.point, list(constraints.points)))
    return np.asarray(open_ & pupil.ready[bank.point])


def _worth(bank: Bank, pupil: PupilView, tier: Tier) -> Floats:
    low, high = tier.band
    outside = np.maximum(low - pupil.success, 0.0) + np.maximum(pupil.success - high, 0.0)
    weak = 1.0 - pupil.mastery[bank.point]
    return np.asarray(1.0 - 6.0 * outside + 0.8 * pupil.due[bank.point] + 0.3 * weak)


def _reason(pupil: PupilView, point: int) -> str:
    if pupil.due[point] >= 0.5:
        return "due"
    return "weak" if pupil.mastery[point] < 0.6 else "target"
