"""Resident identity numbers (GB 11643): 18 places, and the 15 of before 1999."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.spans import Span

_FIRST_CODES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
_PROVINCES = frozenset(str(code) for first, last in _FIRST_CODES for code in range(first, last + 1))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z.])[1-9](?:[ \-]{0,2}[0-9]){16}[ \-]{0,2}[0-9Xx×*](?![0-9A-Za-z])")
_FIFTEEN = re.compile(r"(?<![0-9A-Za-z.])[1-9](?:[ \-]?[0-9]){14}(?![0-9A-Za-z]|\.[0-9])")
_ASKED = re.compile(r"身份证?|公民身份|证件号|证号|居民证|ID ?(?:card|no|number)|identity", re.IGNORECASE)
_QUANTITY = re.compile(r" ?(?:[÷×*/=+<>^]|千?米|千?克|元|吨|人|次|个|年|km|kg|m\b)")
_SEPARATORS = str.maketrans("×*", "XX", " -")


def check_digit(first_seventeen: str) -> str:
    """The eighteenth place that belongs to the first seventeen digits.

    Source: GB 11643-1999, MOD 11-2; the standard's example 11010519491231002 gives X.
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def is_plausible(number: str) -> bool:
    """Whether province and birth date of an 18- or 15-place number can exist; the checksum is not asked."""
    if number[:2] not in _PROVINCES:
        return False
    month_at = 10 if len(number) == 18 else 8
    month, day = int(number[month_at : month_at + 2]), int(number[month_at + 2 : month_at + 4])
    century_fits = len(number) == 15 or number[6:8] in {"18", "19", "20"}
    return century_fits and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def find_citizen_ids(folded: str) -> Iterator[Span]:
    """Numbers with and without a valid checksum; the checksum raises confidence and never decides.

    Args:
        folded: text after :func:`folding.fold`.
    """
    for match in _EIGHTEEN.finditer(folded):
        number = match[0].translate(_SEPARATORS).upper()
        asked = _is_asked(folded, match.start())
        if is_plausible(number):
            valid = check_digit(number[:17]) == number[17]
            rule = "citizen_id: 18 places, checksum " + ("valid" if valid else "invalid")
            yield Span(match.start(), match.end(), "citizen_id", 0.99 if valid or asked else 0.9, rule)
        elif asked:
            yield Span(match.start(), match.end(), "citizen_id", 0.8, "citizen_id: 18 places after its label")
    for match in _FIFTEEN.finditer(folded):
        number = match[0].translate(_SEPARATORS)
        asked = _is_asked(folded, match.start())
        counted = _QUANTITY.match(folded, match.end()) is not None
        if is_plausible(number) and (asked or not counted):
            confidence = 0.95 if asked else 0.7
            yield Span(match.start(), match.end(), "citizen_id", confidence, "citizen_id: 15 places")


def _is_asked(folded: str, start: int) -> bool:
    return _ASKED.search(folded, max(0, start - 14), start) is not None
