"""Whether a quantity is the right one, and if not, what kind of mistake it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from .reading import Quantity

_EXACT = 1e-9
_NEAR = 0.02


class Outcome(StrEnum):
    """How an answer relates to the right one."""

    RIGHT = "right"
    FIGURES = "significant_figures"
    UNIT_MISSING = "unit_missing"
    UNIT_WRONG = "unit_wrong"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_OTHER = "unit_other"
    PERCENT_MISSING = "percent_missing"
    POWER_OF_TEN = "power_of_ten"
    SIGN = "sign"
    NEAR = "near"
    WRONG = "wrong"


NUMBER_RIGHT = frozenset({Outcome.UNIT_MISSING, Outcome.UNIT_WRONG, Outcome.UNIT_UNKNOWN, Outcome.UNIT_OTHER})
"""Outcomes in which the number is right and only the unit is not."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as right.

    Attributes:
        absolute: allowed difference, in the unit of the reference.
        relative: allowed difference as a share of the reference.
        figures: significant figures asked for; the value is then compared at that precision.
        unit_required: a missing unit is a mistake.
        unit_exact: the answer must be in the unit of the reference.
    """

    absolute: float = 0.0
    relative: float = 0.0
    figures: int | None = None
    unit_required: bool = True
    unit_exact: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and the power of ten by which a value is out (0 unless that is the mistake)."""

    outcome: Outcome
    power: int = 0


def compare(answer: Quantity, reference: Quantity, rules: Rules | None = None) -> Verdict:
    """What ``answer`` is to ``reference``; the first that holds, from right to wrong."""
    rules = rules or Rules()
    if answer.number.percent != reference.number.percent and reference.number.percent:
        bare = answer.number.value / 100
        if answer.unit is None and _equal(bare, reference.number.value, rules, 1.0):
            return Verdict(Outcome.PERCENT_MISSING)
    if reference.unit is None:
        return _value(answer.number.value, answer, reference.number.value, rules, 1.0)
    if answer.unit is None:
        return _without_unit(answer, reference, rules)
    return _with_unit(answer, reference, rules)


def _without_unit(answer: Quantity, reference: Quantity, rules: Rules) -> Verdict:
    verdict = _value(answer.number.value, answer, reference.number.value, rules, 1.0)
    if verdict.outcome is Outcome.RIGHT and answer.unknown_unit:
        return Verdict(Outcome.UNIT_UNKNOWN)
    if verdict.outcome is Outcome.RIGHT and rules.unit_required:
        return Verdict(Outcome.UNIT_MISSING)
    return verdict


def _with_unit(answer: Quantity, reference: Quantity, rules: Rules) -> Verdict:
    assert answer.unit is not None
    assert reference.unit is not None
    if answer.unit.dimension != reference.unit.dimension:
        alike = _equal(answer.number.value, reference.number.value, rules, 1.0)
        if alike and reference.unit.is_counter and answer.unit.is_counter:
            return Verdict(Outcome.RIGHT)
        return Verdict(Outcome.UNIT_WRONG if alike else Outcome.WRONG)
    verdict = _value(answer.base_value, answer, reference.base_value, rules, reference.unit.factor)
    same_unit = (
        math.isclose(answer.unit.factor, reference.unit.factor)
        and answer.unit.offset == reference.unit.offset
    )
    if verdict.outcome is Outcome.RIGHT:
        return Verdict(Outcome.UNIT_OTHER) if rules.unit_exact and not same_unit else verdict
    if not same_unit and _equal(answer.number.value, reference.number.value, rules, 1.0):
        return Verdict(Outcome.UNIT_WRONG)
    return verdict


def _value(value: float, answer: Quantity, right: float, rules: Rules, scale: float) -> Verdict:
    if _equal(value, right, rules, scale):
        low, high = answer.number.figures or (rules.figures or 0, rules.figures or 0)
        exact = rules.figures is None or low <= rules.figures <= high
        return Verdict(Outcome.RIGHT if exact else Outcome.FIGURES)
    if _equal(-value, right, rules, scale) and value:
        return Verdict(Outcome.SIGN)
    power = _power(value, right, rules, scale)
    if power:
        return Verdict(Outcome.POWER_OF_TEN, power)
    near = bool(right) and abs(value - right) <= _NEAR * abs(right)
    return Verdict(Outcome.NEAR if near else Outcome.WRONG)


def _equal(value: float, right: float, rules: Rules, scale: float) -> bool:
    allowed = max(rules.absolute * scale, rules.relative * abs(right))
    if rules.figures is not None and right:
        place = math.floor(math.log10(abs(right))) - rules.figures + 1
        allowed = max(allowed, 0.5 * 10.0**place)
    return abs(value - right) <= allowed * (1 + _EXACT) + _EXACT * abs(right)


def _power(value: float, right: float, rules: Rules, scale: float) -> int:
    """By which power of ten ``value`` is out; 0 when that is not what is wrong."""
    if not value or not right or (value < 0) != (right < 0):
        return 0
    power = round(math.log10(value / right))
    if not power or abs(power) > 30:
        return 0
    relative = Rules(relative=max(rules.relative, rules.absolute * scale / abs(right)), figures=rules.figures)
    return power if _equal(value / 10.0**power, right, relative, scale) else 0
