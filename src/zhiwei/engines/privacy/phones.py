"""Mobile and landline numbers of the mainland, also written in Chinese digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.folding import fold_chinese_digits
from zhiwei.engines.privacy.spans import Span

_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.+])((?:(?:\+|00)86|\(\+?86\)|86(?=[ \-]?1[3-9]))[ \-]{0,2})?"
    r"(1[3-9][0-9](?:[ \-._]{1,2}[0-9]{4}[ \-._]{1,2}[0-9]{4}|[ \-]?[0-9]{3}[ \-]?[0-9]{2}[ \-]?[0-9]{3}"
    r"|[0-9]{8}|(?:[ \-]?[0-9]){8})|1(?:[ \-]{1,2}[0-9]){10})(?![0-9A-Za-z]|\.[0-9])"
)
_DIGITS = re.compile(r"[0-9][0-9 \-._()]{5,}[0-9]")
_LABELLED = re.compile(r"(?i:tel|phone|mobile|cell|call|wechat|vx|wx|v)[:：. ]{0,2}(1[3-9][0-9]{9})(?![0-9])")
_SPOKEN_RUN = re.compile(r"[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两0-9]{11}")
_SPOKEN = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_AREA = r"(?:010|02[0-57-9]|0[3-9][0-9]{2})"
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:\+|00)86[ \-]?)?(?:\(" + _AREA + r"\)[ \-]{0,2}|" + _AREA + r"[ \-]{0,3})"
    r"[2-9](?:[0-9]{3}[ \-]?[0-9]{4}|[0-9]{2}[ \-]?[0-9]{4}|[0-9]{6,7})"
    r"(?:(?:-|转| ?ext\.? ?)[0-9]{1,5})?(?![0-9A-Za-z]|\.[0-9])"
)
_LOCAL = re.compile(
    r"(?:座机|电话|家电|宅电|固话|传真|热线|办公室号码|(?i:tel|fax|phone))(?:号码?)?(?:是|为)?[: ]{0,3}"
    r"([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?:(?:-|转)[0-9]{1,5})?(?![0-9])"
)
_CALLING = re.compile(
    r"电话|手机|联系|号码|拨打|致电|来电|打给|打这个|短信|热线|微信|支付宝|tel|phone|mobile|call",
    re.IGNORECASE,
)
_CODED = re.compile(r"订单|单号|编号|条码|序列号|流水号|编码|ISBN|货号|批号|[=÷×*+/<>√^] ?$", re.IGNORECASE)
_QUANTITY = re.compile(
    r" ?(?:[÷×=+<>^%℃]|[*/](?=[ 0-9])|千?米|千?克|公里|吨|[元人次秒年](?![0-9一-龥]*[，"
    r",]?电话)|个|分之|亿|万|km|kg|mL|m/s)"
)


def find_phones(text: str, folded: str) -> Iterator[Span]:
    """Every phone number.

    Args:
        text: the original, for Chinese digits.
        folded: the same after :func:`folding.fold`.
    """
    yield from _find_spoken(text)
    if _DIGITS.search(folded) is None:
        return
    yield from _find_mobiles(folded)
    for match in _LANDLINE.finditer(folded):
        if not _is_other_number(folded, match.start(), match.end()):
            yield Span(match.start(), match.end(), "landline", 0.95, "landline: area code")
    for match in _LOCAL.finditer(folded):
        yield Span(match.start(1), match.end(), "landline", 0.85, "landline: after its label")


def _find_mobiles(folded: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(folded):
        separators = sum(char in " -" for char in match[2])
        asked = _CALLING.search(folded, max(0, match.start() - 12), match.start()) is not None
        if separators > 4 and not asked:
            continue
        if asked or not _is_other_number(folded, match.start(), match.end()):
            confidence = 0.99 if asked or match[1] else 0.93
            yield Span(match.start(), match.end(), "mobile", confidence, "mobile: 11 digits from 13 to 19")
    for match in _LABELLED.finditer(folded):
        yield Span(match.start(1), match.end(1), "mobile", 0.97, "mobile: after its label")


def _find_spoken(text: str) -> Iterator[Span]:
    if _SPOKEN_RUN.search(text) is None:
        return
    digits = fold_chinese_digits(text)
    for match in _SPOKEN.finditer(digits):
        if not match[0].isascii() or text[match.start() : match.end()] != match[0]:
            yield Span(match.start(), match.end(), "mobile", 0.92, "mobile: in Chinese digits")


def _is_other_number(folded: str, start: int, end: int) -> bool:
    coded = _CODED.search(folded, max(0, start - 9), start) is not None
    return coded or _QUANTITY.match(folded, end) is not None
