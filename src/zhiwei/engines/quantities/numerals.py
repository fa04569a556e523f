"""Chinese numerals: 三百二十一, 三点一四, 四分之三, 百分之五, 二又三分之一, 叁佰, 负五."""

from __future__ import annotations

import re

_DIGITS = {
    c: n
    for n, cs in enumerate(
        ("零〇", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in cs
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_ALL = "".join([*_DIGITS, *_SMALL, *_LARGE, "廿卅"])
WHOLE = f"[{_ALL}]+"
RUN = re.compile(
    rf"[负負]?(?:百分之|千分之)?(?:[半{_ALL}]+又)?[半{_ALL}]+(?:点[{''.join(_DIGITS)}]+)?(?:分之[{_ALL}]+)?(?:点[{''.join(_DIGITS)}]+)?"
)
MAX_CHARS = 40


def chinese_number(text: str) -> float | None:
    """The value of a text that is wholly a Chinese numeral; ``None`` when it is not one.

    >>> chinese_number("三百二十一"), chinese_number("二又三分之一"), chinese_number("百分之五")
    (321.0, 2.3333333333333335, 0.05)
    """
    if not text or len(text) > MAX_CHARS:
        return None
    if text[0] in "负負":
        value = chinese_number(text[1:])
        return None if value is None else -value
    for prefix, divisor in (("百分之", 100.0), ("千分之", 1000.0)):
        if text.startswith(prefix):
            value = _decimal(text.removeprefix(prefix))
            return None if value is None else value / divisor
    whole, _, part = text.rpartition("又")
    if part and "分之" in part:
        return _mixed(whole, part)
    return 0.5 if text == "半" else _decimal(text)


def _mixed(whole: str, part: str) -> float | None:
    below, _, above = part.partition("分之")
    base, bottom, top = (_whole(whole) if whole else 0), _whole(below), _decimal(above)
    if base is None or not bottom or top is None:
        return None
    return float(base + top / bottom)


def _decimal(text: str) -> float | None:
    whole, point, rest = text.partition("点")
    value = _whole(whole)
    if value is None or not point:
        return None if value is None else float(value)
    if not rest or any(c not in _DIGITS for c in rest):
        return None
    return value + float(sum(_DIGITS[c] / 10**n for n, c in enumerate(rest, 1)))


def _whole(text: str) -> int | None:
    """A whole number, written out (三百二十一), as digits (三二一), or in short (三百二 for 320)."""
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    total, section, digit, last, largest = 0, 0, -1, 1, 1
    for c in text:
        if c in _DIGITS:
            digit, last = _DIGITS[c], 10 if c in "零〇" else last
        elif c in _SMALL:
            if digit < 0 and (section or c not in "十拾"):
                return None
            section, digit, last = section + (1 if digit < 0 else digit) * _SMALL[c], -1, _SMALL[c]
        elif c in _LARGE:
            section += max(digit, 0)
            if not section and not total:
                return None
            larger = _LARGE[c] > largest
            total = (total + section) * _LARGE[c] if larger else total + section * _LARGE[c]
            section, digit, last, largest = 0, -1, _LARGE[c], max(largest, _LARGE[c])
        else:
            return None
    return total + section + max(digit, 0) * (last // 10 if last >= 100 else 1)
