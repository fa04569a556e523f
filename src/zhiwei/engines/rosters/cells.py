"""Single values: numbers that lost digits, dates in every spelling, sex, grade, phone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$")
_NUMBER = re.compile(r"^[0-9A-Za-z_\-./]{1,40}$")
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?$"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_PHONE = re.compile(r"^\+?[0-9\-]{5,20}$")
_SEXES = {
    "男": "1", "男性": "1", "1": "1", "m": "1", "male": "1",
    "女": "2", "女性": "2", "2": "2", "f": "2", "female": "2",
    "0": "9", "9": "9", "未知": "9", "未说明": "9", "未说明的性别": "9", "other": "9", "unspecified": "9",
}  # fmt: skip
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_STAGES = (("小学", 0), ("小", 0), ("初中", 6), ("初", 6), ("高中", 9), ("高", 9))
PRECISE_DIGITS = 15


class UnusableValueError(ValueError):
    """A value cannot be used; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number_of(text: str, *, numeric: bool) -> str:
    """Return a pupil or staff number as text.

    Raises:
        UnusableValueError: Digits were lost (more than 15 kept as a number, or written as 1.2E+18), or signs
            that no number has.
    """
    value = text.strip().lstrip("'").strip()
    if not value:
        return ""
    if _SCIENTIFIC.match(value) or (numeric and len(value.split(".")[0].lstrip("-")) > PRECISE_DIGITS):
        raise UnusableValueError("number_precision")
    if value.endswith(".0") and value[:-2].isdigit():
        value = value[:-2]
    if not _NUMBER.match(value):
        raise UnusableValueError("number_signs")
    return value


def date_of(text: str, *, from_1904: bool = False, today: date) -> date | None:
    """Return a day from ``2012-03-04``, ``2012/3/4``, ``2012年3月4日``, ``20120304`` or an Excel serial number.

    Raises:
        UnusableValueError: No such day, or not between 1900 and ``today``.
    """
    value = text.strip()
    if not value:
        return None
    found = _spelled_date(value) or _serial_date(value, from_1904=from_1904)
    if found is None:
        raise UnusableValueError("date")
    if not date(1900, 1, 1) <= found <= today:
        raise UnusableValueError("date_range")
    return found


@lru_cache(maxsize=8192)
def _spelled_date(value: str) -> date | None:
    match = _DATE.match(value) or _COMPACT.match(value)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise UnusableValueError("date") from None


def _serial_date(value: str, *, from_1904: bool) -> date | None:
    """Days since 1899-12-30 (Excel counts a 29 February 1900 that never was) or since 1904-01-01."""
    whole = value.partition(".")[0]
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", value) or not 61 <= int(whole) <= 80000:
        return None
    return (date(1904, 1, 1) if from_1904 else date(1899, 12, 30)) + timedelta(days=int(whole))


def sex_of(text: str) -> str | None:
    """Return the code of GB/T 2261.1; ``None`` when empty.

    Raises:
        UnusableValueError: A word that is no sex.
    """
    value = text.strip().lower().removesuffix(".0")
    if not value:
        return None
    if value not in _SEXES:
        raise UnusableValueError("sex")
    return _SEXES[value]


def phone_of(text: str, *, numeric: bool) -> str | None:
    """Return a phone number; ``None`` when empty.

    Raises:
        UnusableValueError: Digits were lost, or it is no phone number.
    """
    value = text.strip().lstrip("'").replace(" ", "").replace("－", "-")
    if not value:
        return None
    if _SCIENTIFIC.match(value):
        raise UnusableValueError("number_precision")
    if numeric:
        value = value.removesuffix(".0")
    if not _PHONE.match(value):
        raise UnusableValueError("phone")
    return value


@lru_cache(maxsize=1024)
def grade_of(text: str) -> int | None:
    """Return the grade 1–12 named by ``八年级``, ``初二``, ``高一``, ``8`` or ``08``; ``None`` when there is none."""
    value = text.strip().removesuffix("级").removesuffix("年").removesuffix(".0")
    if value.isascii() and value.isdigit():
        return int(value) if 1 <= int(value) <= 12 else None
    for stage, before in _STAGES:
        if value.startswith(stage):
            rest = value.removeprefix(stage)
            step = _DIGITS.get(rest) or (int(rest) if rest.isascii() and rest.isdigit() else 0)
            return before + step if 1 <= step <= (6 if before == 0 else 3) else None
    if value.startswith("十") and len(value) <= 2:
        return 10 + _DIGITS.get(value[1:], 0) if value[1:] in {"", "一", "二"} else None
    return _DIGITS.get(value)


GRADE_NAMES = (
    "", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级",
    "高一", "高二", "高三",
)  # fmt: skip


@lru_cache(maxsize=4096)
def class_name(grade: int | None, text: str) -> str:
    """Return a class's full name: ``八年级1班`` from grade 8 and ``1``, ``1班`` or ``八年级1班``."""
    value = re.sub(r"\s+", "", text).replace("（", "(").replace("）", ")").removesuffix(".0")
    inner = re.fullmatch(r"\(?(\d{1,2})\)?班?", value)
    if inner is None:
        return value
    return f"{GRADE_NAMES[grade] if grade else ''}{int(inner.group(1))}班"
