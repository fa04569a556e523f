"""Drawing the numbers of a variant and putting them into the question."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from zhiwei.engines.variants.arithmetic import FormulaError, evaluate, holds

TRIES = 500
MOST_PARAMETERS = 20
MOST_STEPS = 100_000
DROPPED = ("parameters", "conditions", "derived")
_HOLE = re.compile(r"\{\{([^{}]{1,200})\}\}")


class VariantError(ValueError):
    """The question's parameters cannot be drawn or used; the message names which and why."""


def has_parameters(item: Mapping[str, Any]) -> bool:
    """Tell whether an item is a pattern with parameters."""
    return bool(item.get("parameters"))


def draw(item: Mapping[str, Any], seed: int) -> dict[str, Fraction]:
    """Return the numbers of one variant: parameters that fulfil all conditions, and what is derived from them.

    The same item and seed give the same numbers on every machine.

    Raises:
        VariantError: A parameter is malformed, or 500 draws fulfil no condition.
    """
    generator = random.Random(seed)  # noqa: S311 - variants must be repeatable, not secret
    parameters = _parameters(item)
    conditions = [str(one) for one in item.get("conditions") or []]
    try:
        for _try in range(TRIES):
            values = {name: generator.choice(choices) for name, choices in parameters}
            values |= _derived(item, values)
            if all(holds(condition, values) for condition in conditions):
                return values
    except FormulaError as error:
        raise VariantError(str(error)) from error
    raise VariantError(f"no numbers in {TRIES} draws fulfil: {'; '.join(conditions)}")


def variant(item: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the question of this seed: every ``{{name}}`` or ``{{formula}}`` replaced by its number.

    Items without parameters come back as they are. ``variant`` in the result keeps seed and numbers.

    Raises:
        VariantError: The numbers cannot be drawn, or a hole cannot be filled.
    """
    if not has_parameters(item):
        return dict(item)
    values = draw(item, seed)
    whole = {key: _filled(value, values) for key, value in item.items() if key not in DROPPED}
    return {
        **whole,
        "variant": {"seed": seed, "values": {name: written(one) for name, one in values.items()}},
    }


def written(value: Fraction) -> str:
    """Return a number as it stands in a question: whole, a short decimal, or a LaTeX fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value * 1000
    if scaled.denominator == 1:
        return f"{float(value):.3f}".rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _filled(value: Any, values: Mapping[str, Fraction]) -> Any:
    if isinstance(value, str):
        return _HOLE.sub(lambda hole: _fill(hole.group(1), values), value)
    if isinstance(value, Mapping):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(one, values) for one in value]
    return value


def _fill(source: str, values: Mapping[str, Fraction]) -> str:
    try:
        return written(evaluate(source.strip(), values))
    except FormulaError as error:
        raise VariantError(str(error)) from error


def _derived(item: Mapping[str, Any], values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Derived numbers in the order given, so that one may use those before it."""
    given = item.get("derived") or {}
    if not isinstance(given, Mapping):
        raise VariantError("derived must name formulas")
    found = dict(values)
    for name, source in given.items():
        found[str(name)] = evaluate(str(source), found)
    return found


def _parameters(item: Mapping[str, Any]) -> list[tuple[str, Sequence[Fraction]]]:
    given = item.get("parameters")
    if not isinstance(given, list) or len(given) > MOST_PARAMETERS:
        raise VariantError(f"parameters must be a list of at most {MOST_PARAMETERS}")
    return [_parameter(number, one) for number, one in enumerate(given, start=1)]


def _parameter(number: int, shape: Any) -> tuple[str, Sequence[Fraction]]:
    name = str(shape.get("name", "")) if isinstance(shape, Mapping) else ""
    if not re.fullmatch(r"[A-Za-z_]\w{0,30}", name) or name in {"and", "or"}:
        raise VariantError(f"parameter {number}: needs a name of letters, digits and _")
    try:
        if shape.get("choices"):
            return name, [Fraction(str(one)) for one in shape["choices"]]
        low, high, step = (Fraction(str(shape.get(key, default))) for key, default in
                           (("min", ""), ("max", ""), ("step", 1)))  # fmt: skip
    except (ValueError, ZeroDivisionError, TypeError) as error:
        raise VariantError(f"parameter {name}: needs numbers min and max, or choices") from error
    if step <= 0 or high < low or (high - low) / step > MOST_STEPS:
        raise VariantError(f"parameter {name}: min, max and step do not make a range")
    return name, [low + step * place for place in range(int((high - low) / step) + 1)]
