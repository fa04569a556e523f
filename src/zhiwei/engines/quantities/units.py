"""Units as pupils write them, in Chinese or symbols, to a dimension and a factor.

Names are looked up in ``units.json`` (its keys are units of pint, or atoms of ``atoms.json`` that pint does
not have: money, counters, angles); any other single name is asked of pint, which also gives every factor. The
grammar of products, quotients and powers is our own: nothing a pupil writes reaches a parser of Python.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol, cast

Dimension = tuple[tuple[str, float], ...]
MAX_UNIT_CHARS = 40
_POWER = re.compile(r"\^?\s*\(?\s*([+-]?\d)\s*\)?")
_RAISED = re.compile(r"\^\s*\(?\s*([+-]?\d)\s*\)?")
_PER_SECOND_SQUARED = re.compile("[每/](?:二次方|平方)秒")
_LATIN = re.compile(r"[A-Za-zµΩ°′]+")
_JOIN = re.compile(r"\s*([*/·]|每|\s)\s*")
_AREA: Dimension = (("[length]", 2.0),)
_COUNT = "[count]"


@dataclass(frozen=True, slots=True)
class Unit:
    """``amount`` of the unit is ``amount * factor + offset`` in base units of ``dimension``."""

    text: str
    dimension: Dimension
    factor: float
    offset: float = 0.0

    @property
    def is_counter(self) -> bool:
        """Whether it only counts things (个, 人, 本)."""
        return self.dimension == ((_COUNT, 1.0),)


class _Registry(Protocol):
    def get_base_units(self, name: str) -> tuple[float, object]: ...
    def get_dimensionality(self, name: str) -> dict[str, float]: ...


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit | None:
    """The unit that tidied ``text`` names in full; ``None`` when it names none.

    >>> read_unit("千米/时").factor == read_unit("km/h").factor
    True
    """
    text = _PER_SECOND_SQUARED.sub("/s^2", text.strip())
    if not text or len(text) > MAX_UNIT_CHARS:
        return None
    single = _atom(text)
    if single is not None:
        return Unit(text, *single)
    factors = _factors(text)
    return _product(text, factors) if factors else None


def _factors(text: str) -> list[tuple[str, int]] | None:
    """``kg*m/s^2`` as [(kg, 1), (m, 1), (s, -2)]; after one ``/`` a bracket holds the whole denominator."""
    found: list[tuple[str, int]] = []
    at, sign, closing = 0, 1, False
    text = text.replace("（", "(").replace("）", ")")
    while at < len(text):
        if text[at] == "(" and not closing:
            closing, at = True, at + 1
        name = _longest_name(text, at)
        if name is None:
            return None
        at += len(name)
        power = (_POWER if name[-1].isascii() else _RAISED).match(text, at)
        found.append((name, sign * int(power[1] if power else 1)))
        at = power.end() if power else at
        if closing and at < len(text) and text[at] == ")":
            closing, at = False, at + 1
        join = _JOIN.match(text, at)
        if join and join.end() < len(text):
            sign = -1 if join[1] in {"/", "每"} or (closing and sign < 0) else 1
            at = join.end()
        elif at < len(text) and not text[at].isascii():
            sign = 1 if not closing else sign
        elif at < len(text):
            return None
    return None if closing else found


def _longest_name(text: str, at: int) -> str | None:
    latin = _LATIN.match(text, at)
    if latin and _atom(latin[0]) is not None:
        return latin[0]
    sizes = range(min(6, len(text) - at), 0, -1)
    return next((text[at : at + n] for n in sizes if text[at : at + n] in _names()), None)


def _product(text: str, factors: list[tuple[str, int]]) -> Unit | None:
    dimension: Counter[str] = Counter()
    total = 1.0
    for name, power in factors:
        atom = _atom(name)
        if atom is None:
            return None
        for base, exponent in atom[0]:
            dimension[base] += cast(int, exponent * power)
        total *= atom[1] ** power
    return Unit(text, _sorted(dict(dimension)), total)


@lru_cache(maxsize=4096)
def _atom(name: str) -> tuple[Dimension, float, float] | None:
    """Dimension, factor and offset of one name."""
    known = _names().get(name)
    if known in _atoms():
        base, factor, *offset = _atoms()[known]
        if base == "[area]":
            return _AREA, float(factor), 0.0
        return ((str(base), 1.0),), float(factor), float(offset[0]) if offset else 0.0
    if known is None and not (name.isascii() and name.isalpha() and 1 < len(name) <= 12):
        return None
    return _from_pint(known or name)


def _from_pint(name: str) -> tuple[Dimension, float, float] | None:
    registry = _registry()
    try:
        dimension, (factor, _) = registry.get_dimensionality(name), registry.get_base_units(name)
    except Exception:  # noqa: BLE001 - pint raises many kinds for a name it does not know
        return None
    return _sorted(dict(dimension)), float(factor), 0.0


@cache
def _registry() -> _Registry:
    from pint import UnitRegistry

    return cast(_Registry, UnitRegistry())


@cache
def _names() -> dict[str, str]:
    table: dict[str, list[str]] = json.loads(files(__package__).joinpath("units.json").read_text("utf-8"))
    names = {key: key for key in table if not key.startswith("[")}
    return names | {alias: key for key, aliases in table.items() for alias in aliases}


@cache
def _atoms() -> dict[str | None, list[str | float]]:
    table: dict[str | None, list[str | float]] = json.loads(
        files(__package__).joinpath("atoms.json").read_text("utf-8")
    )
    return table


def _sorted(dimension: dict[str, float]) -> Dimension:
    return tuple(sorted((base, float(power)) for base, power in dimension.items() if power))
