"""Birth dates: a date that the words around it make one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.spans import Span

_YEAR = r"(?:19[2-9][0-9]|20[0-4][0-9])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_CN = "〇零一二三四五六七八九"
_DATE = (
    rf"{_YEAR} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?|{_YEAR}(?P<s>[\-/.]){_MONTH}(?P=s"
    rf"){_DAY}|{_YEAR}[\-/.]{_MONTH}"
    rf"|{_YEAR}(?:1[0-2]|0[1-9])(?:3[01]|[12][0-9]|0[1-9])"
    rf"|[一二][{_CN}]{{3}}年(?:十[一二]?|[一二三四五六七八九])月(?:(?:[二三]?十[一二三四"
    rf"五六七八九]?|[一二三四五六七八九])[日号])?"
    rf"|{_MONTH} ?月 ?{_DAY} ?[日号]"
)
_FOUND = re.compile(rf"(?<![0-9.\-/])(?:{_DATE})(?![0-9\-/])")
_BEFORE = re.compile(
    r"(?:出生(?:年月日?|日期|时间|于|在|日|年月)?|生于|生日|诞辰|生辰|DOB|(?:date "
    r"of )?birth(?:day|date)?|born(?: (?:on|in))?)"
    r"(?:是|为|在|:|：|is|was|[(（|,，\s]){0,4}(?:公历|阳历|农历|阴历|每年(?:的)?)?[ ]?$",
    re.IGNORECASE,
)
_SEX_BEFORE = re.compile(r"[男女](?:性)?[,，、| \t]{1,3}(?:[一-龥]{1,4}族[,，、| \t]{1,3})?$")
_AFTER = re.compile(r" ?(?:出生|生(?:[，,。；;）)人于]|$)|是(?:我|他|她)的?生日|(?:过|的)?生日)")
_HISTORY = re.compile(r"先生|作家|诗人|科学家|院士|总统|皇帝|将军|主席|总理|诗仙|文学家|思想家|画家")


def find_birth_dates(folded: str, is_famous_before: frozenset[int] = frozenset()) -> Iterator[Span]:
    """Dates marked as a birth by the words before or after them.

    Args:
        folded: text after :func:`folding.fold`.
        is_famous_before: ends of famous names in the text; a date soon after one is history.
    """
    if "生" not in folded and not re.search(r"birth|born|dob|[男女]", folded, re.IGNORECASE):
        return
    for match in _FOUND.finditer(folded):
        start, end = match.span()
        window = max(0, start - 16)
        before = _BEFORE.search(folded, window, start)
        near = before or _AFTER.match(folded, end) or _SEX_BEFORE.search(folded, window, start)
        famous = any(position in is_famous_before for position in range(window, start + 1))
        if near and not famous and not _HISTORY.search(folded, window, start):
            yield Span(
                start, end, "birth_date", 0.95 if before else 0.85, "birth_date: a date marked as a birth"
            )
