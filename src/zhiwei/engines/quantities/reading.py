"""A quantity from a pupil's words: the number, its unit, or why it cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .numbers import Number, scan_number
from .tidying import tidy
from .units import Unit, read_unit

MAX_CHARS = 400
_LEAD = re.compile(
    r"^\s*(?:答案?|解|所以|∴|因此|约等?于?|大约|大概|等于|是|为|≈|=|about|approximately|answer|is|[:\s,])+",
    re.I,
)
_BOTH_SIGNS = re.compile(r"±|∓|\\pm\b|\\mp\b|正负\s*(?=[\d零一二两三四五六七八九十])|\+/-")
_BARS = re.compile(r"\||｜|\\[lr]?vert\b")
_TAIL = re.compile(r"[\s。.,;!?、]*$")
_NUMBER_START = re.compile(r"(?<![A-Za-z_\d.])[-+]?\s*(?:\d|\.\d|√|π|[零一二两三四五六七八九十百半负])")
_JOINED = re.compile(r"(?<=[零一二两三四五六七八九十])([千百毫分])(?=[米克瓦帕焦牛伏升赫卡安])")
_WORDS = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z/*\u4e00-\u9fff ]{0,11}")
_UNIT_RUN = re.compile(r"[A-Za-zµΩ°′¥$€£%\u4e00-\u9fff][A-Za-zµΩ°′0-9*/^()+\-·\u4e00-\u9fff ]{0,38}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit (``None`` when none is written; ``unknown_unit`` holds words that are no unit)."""

    number: Number
    unit: Unit | None
    unknown_unit: str = ""

    @property
    def base_value(self) -> float:
        """The amount in base units of its dimension; the bare number without a unit."""
        if self.unit is None:
            return self.number.value
        return self.number.value * self.unit.factor + self.unit.offset


@dataclass(frozen=True, slots=True)
class Unread:
    """Why no single quantity could be read: ``nothing``, ``several`` or ``too_long``."""

    why: str


def read_quantity(text: str) -> Quantity | Unread:
    """The one quantity ``text`` states.

    The whole text is tried first, then what follows the last ``=``, then a sentence around a single quantity.
    A text that states several different ones (``±5`` states two) is not guessed at.
    """
    if len(text) > MAX_CHARS:
        return Unread("too_long")
    if _BOTH_SIGNS.search(text):
        return Unread("several")
    if _BARS.search(text):
        return Unread("nothing")
    plain = _TAIL.sub("", _LEAD.sub("", tidy(text)))
    candidates = [plain]
    if re.search(r"[=≈]", plain):
        candidates.append(_LEAD.sub("", re.split(r"[=≈]", plain)[-1]))
    for candidate in candidates:
        whole = _whole(candidate)
        if whole is not None:
            return whole
    return _inside(candidates[-1])


def _whole(text: str) -> Quantity | None:
    """A quantity that fills the text; parts like 3小时20分 are added up."""
    money = re.match(r"^[¥$€£]", text)
    if money:
        text = text[1:] + text[0]
    first = _one(text, 0)
    if first is None:
        return None
    quantity, at = first
    while at < len(text) and quantity.unit is not None:
        more = _one(text, at)
        if more is None or more[0].unit is None or more[0].unit.dimension != quantity.unit.dimension:
            return None
        smaller, at = more
        extra = smaller.number.value * more[0].unit.factor / quantity.unit.factor
        quantity = replace(
            quantity, number=replace(quantity.number, value=quantity.number.value + extra, figures=None)
        )
    return quantity if at >= len(text) else None


def _one(text: str, at: int) -> tuple[Quantity, int] | None:
    number = scan_number(text, at)
    if number is None:
        split = _JOINED.search(text, at)
        number = scan_number(text[: split.start(1)], at) if split else None
    if number is None:
        return None
    for stop in _stops(text, at, number):
        shorter = scan_number(text[:stop], at) if stop < number.end else number
        if shorter is None or shorter.end != stop:
            continue
        rest = text[stop:].strip()
        if not rest:
            return Quantity(shorter, None), len(text)
        unit = read_unit(rest)
        if unit is not None:
            return Quantity(shorter, unit), len(text)
        compound = re.match(
            r"\s*([A-Za-z°′\u4e00-\u9fff]+?)(?=\s*(?:\d|[零一二两三四五六七八九十]+[^零一二两三四五六七八九十]))",
            text[stop:],
        )
        unit = read_unit(compound[1]) if compound else None
        if compound and unit is not None:
            return Quantity(shorter, unit), stop + compound.end()
    words = text[number.end :].strip()
    return (Quantity(number, None, words), len(text)) if _WORDS.fullmatch(words) else None


def _stops(text: str, at: int, number: Number) -> list[int]:
    """Where the number may end: 三千克 is 三 of 千克 as well as 三千 of 克."""
    stops = [number.end]
    if text[number.end - 1 : number.end] in {"千", "百"}:
        stops.append(number.end - 1)
    return stops


def _inside(text: str) -> Quantity | Unread:
    """The one quantity in a sentence; the same one said twice is one."""
    found: dict[float, Quantity] = {}
    at = 0
    while (start := _NUMBER_START.search(text, at)) is not None:
        number = scan_number(text, start.start())
        if number is None or number.end <= start.start():
            at = start.end()
            continue
        quantity = _with_longest_unit(text, number)
        found.setdefault(quantity.base_value, quantity)
        at = number.end
        if len(found) > 1:
            return Unread("several")
    return next(iter(found.values())) if found else Unread("nothing")


def _with_longest_unit(text: str, number: Number) -> Quantity:
    run = _UNIT_RUN.match(text[number.end :].lstrip())
    words = run[0] if run else ""
    for size in range(min(len(words), 12), 0, -1):
        unit = read_unit(words[:size])
        if unit is not None and not _goes_on(words, size):
            return Quantity(number, unit)
    return Quantity(number, None)


def _goes_on(words: str, size: int) -> bool:
    """Whether the unit is cut off by ending at ``size``: ``J`` of ``J/x``, ``m`` of ``mph``."""
    after = words[size : size + 1]
    return after in {"/", "*", "^"} or (words[size - 1].isascii() and after.isascii() and after.isalpha())
