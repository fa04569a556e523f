"""One number as a pupil writes it: its value and the figures it was written with."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from .numerals import RUN, chinese_number

_PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_POWER = (
    r"(?:[eE][+-]?\d{1,4}(?![\d.])"
    r"|\s*\*\s*10\s*\^\s*(?:\(\s*[+-]?\d{1,4}\s*\)|[+-]?\d{1,4})|\s*\*\s*10[+-]\d{1,4})"
)
_DECIMAL = re.compile(rf"({_PLAIN})(\s*\.{{3,}}|…+)?({_POWER})?")
_TEN = re.compile(r"10\s*\^\s*(?:\(\s*([+-]?\d{1,4})\s*\)|([+-]?\d{1,4}))")
_MIXED = re.compile(r"(\d+)(?:\s+|\s*又\s*)(\d+)\s*/\s*(\d+)")
_FRACTION = re.compile(rf"({_PLAIN})\s*/\s*({_PLAIN})(?!\s*[\^eE])")
_HAN_FRACTION = re.compile(r"(?:(\d+)\s*又\s*)?(\d+)\s*分之\s*(\d+(?:\.\d+)?)")
_RATIO = re.compile(rf"({_PLAIN})\s*[:比]\s*({_PLAIN})")
_ROOTED = re.compile(rf"({_PLAIN})?\s*\*?\s*(√\s*\(?\s*({_PLAIN})\s*\)?|π)(?:\s*(π))?(?:\s*/\s*({_PLAIN}))?")
_SIGN = re.compile(r"\s*([+-]|负|負)?\s*")
_LARGE = re.compile(r"\s*(万亿|百万|千万|万|亿)(?!元)")
_LARGE_VALUES = {"百万": 1e6, "千万": 1e7, "万亿": 1e12, "万": 1e4, "亿": 1e8}
_SHARE = re.compile(r"\s*([%‰])")
MAX_DIGITS = 400


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from text.

    Attributes:
        value: finite.
        figures: least and most significant figures it can be said to have (1200 has 2 to 4);
            ``None`` when exact (a fraction, a root, a numeral in words).
        percent: written with % or ‰, already divided.
        end: where in the text it stopped.
    """

    value: float
    figures: tuple[int, int] | None
    percent: bool
    end: int


def scan_number(text: str, start: int = 0) -> Number | None:
    """The number that begins at ``start`` of tidied ``text`` (spaces and a sign may come first).

    >>> scan_number("-3.20*10^5 m")
    Number(value=-320000.0, figures=(3, 3), percent=False, end=10)
    """
    lead = _SIGN.match(text, start)
    begin = lead.end() if lead else start
    sign = -1.0 if lead and lead[1] in {"-", "负", "負"} else 1.0
    found = _unsigned(text, begin)
    if found is None or not math.isfinite(found.value):
        return None
    share = _SHARE.match(text, found.end)
    if share:
        divisor = 100 if share[1] == "%" else 1000
        return Number(sign * found.value / divisor, found.figures, True, share.end())
    large = _LARGE.match(text, found.end)
    if large:
        return Number(sign * found.value * _LARGE_VALUES[large[1]], found.figures, False, large.end())
    return Number(sign * found.value, found.figures, found.percent, found.end)


def _unsigned(text: str, at: int) -> Number | None:
    return _rooted(text, at) or _parted(text, at) or _decimal(text, at) or _chinese(text, at)


def _rooted(text: str, at: int) -> Number | None:
    found = _ROOTED.match(text, at)
    if found is None:
        return None
    value = _plain(found[1]) if found[1] else 1.0
    value *= math.sqrt(_plain(found[3])) if found[3] else math.pi
    value *= math.pi if found[4] else 1.0
    below = _plain(found[5]) if found[5] else 1.0
    return Number(value / below, None, False, found.end()) if below else None


def _parted(text: str, at: int) -> Number | None:
    """Mixed numbers, fractions and ratios."""
    if found := _MIXED.match(text, at):
        whole, top, bottom, end = *map(_plain, found.groups()), found.end()
    elif found := _HAN_FRACTION.match(text, at):
        whole, bottom, top, end = _plain(found[1] or "0"), _plain(found[2]), _plain(found[3]), found.end()
    elif found := _FRACTION.match(text, at) or _RATIO.match(text, at):
        whole, top, bottom, end = 0.0, _plain(found[1]), _plain(found[2]), found.end()
    else:
        return None
    return Number(whole + top / bottom, None, False, end) if bottom else None


def _decimal(text: str, at: int) -> Number | None:
    if found := _TEN.match(text, at):
        return (
            Number(10.0 ** min(int(found[1] or found[2]), 400), None, False, found.end())
            if (int(found[1] or found[2]) < 308)
            else None
        )
    found = _DECIMAL.match(text, at)
    if found is None or len(found[1]) > MAX_DIGITS:
        return None
    written = found[1].replace(",", "")
    value = float(f"{written}e{_exponent(found[3])}")
    return Number(value, _figures(written), False, found.end())


def _exponent(power: str | None) -> int:
    if not power:
        return 0
    after_ten = re.sub(r"^\s*\*\s*10|^[eE]", "", power)
    return int(after_ten.strip(" ^()"))


def _figures(written: str) -> tuple[int, int]:
    digits = written.replace(".", "").lstrip("0")
    most = max(len(digits), 1)
    return (most, most) if "." in written else (max(len(digits.rstrip("0")), 1), most)


def _chinese(text: str, at: int) -> Number | None:
    found = RUN.match(text, at)
    words = found[0] if found else ""
    value = chinese_number(words)
    if value is None and words[-1:] in {"千", "百"}:
        words = words[:-1]
        value = chinese_number(words)
    percent = words.lstrip("负負").startswith(("百分之", "千分之"))
    return None if value is None else Number(value, None, percent, at + len(words))


def _plain(digits: str) -> float:
    return float(digits.replace(",", "")) if len(digits) <= MAX_DIGITS else math.inf
