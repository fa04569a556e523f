"""Numbers and handles that name an account: cards, QQ, WeChat, mail, pupil and student numbers, plates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from zhiwei.engines.privacy.spans import Span

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}(?:@| ?[\[(](?:at|AT)[\])] ?| @ |#at#)"
    r"(?:[A-Za-z0-9\-]{1,63}(?:\.| ?[\[(](?:dot|DOT)[\])] ?)){1,4}[A-Za-z]{2,12}(?![A-Za-z0-9])"
)
_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9.\-]+(?::[0-9]+)?(/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?")
_URL_PERSON = re.compile(
    r"(?i:[?&#/](?:u|uid|id|user|userid|user_id|stu|student|sid|xh|openid|account|"
    r"phone|mobile|name|token)[=/])|/[~@][A-Za-z0-9]|/[0-9]{5,}"
)
_IPV4 = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z]|\.[0-9])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:.])")
_OCTETS = re.compile(r"\.[0-9]{1,3}\.")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_VERSION = re.compile(r"(?:版本|version|ver\.?|v|第) ?$", re.IGNORECASE)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])[Qq]{2}|扣扣|企鹅号)(?:群|号|号码|群号|邮箱)?[ ]*(?:是|"
    r"为|:|→|加|,|\()?[ ]*([1-9][0-9]{4,10})(?![0-9@A-Za-z])"
)
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|徽信|v信|V信|wechat|WeChat|Wechat|WECHAT|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|加[Vv]))"
    r"(?:账号|帐号|ID|id|号)?(?:是|为|叫|换成|改成)?[ :→(,]{0,3}([A-Za-z][A-Za-z0-9_\-]"
    r"{5,19})(?![A-Za-z0-9_@])"
)
_WXID = re.compile(r"(?<![A-Za-z0-9_])wxid_[a-z0-9]{8,20}(?![A-Za-z0-9_])")
_CARD = re.compile(r"(?<![0-9A-Za-z.])[1-9][0-9]{3}(?:[ \-]?[0-9]){9,17}(?![0-9A-Za-z]|\.[0-9])")
_CARD_ASKED = re.compile(
    r"卡号|银行|账号|账户|帐号|帐户|储蓄|信用卡|借记|工资卡|这张卡|卡[:： ]|开户|转账|打款|汇款|card|account",
    re.IGNORECASE,
)
_PUPIL = re.compile(
    r"(?<![0-9A-Za-z])[GLJgl][ ]?[0-9]{6}[ ]?(?:19|20)[0-9]{6}[ ]?[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_PUPIL_ASKED = re.compile(
    r"(?:学籍(?:辅|主)?号|学籍编号|学籍)(?:码|号)?(?:是|为)?[: ]{0,3}([A-Za-z]?[0-9]{8"
    r",20}[Xx]?)(?![0-9A-Za-z])"
)
_STUDENT = re.compile(
    r"(?:学号|考号|准考证号?|考生号|报名号|学生编号|学生证号?|校园卡号?|一卡通号?|"
    r"报名序号|(?i:student (?:no\.?|id|number)))"
    r"(?:码)?(?:是|为|is)?[: .]{0,3}([A-Za-z]{0,3}[0-9]{2,16})(?![0-9A-Za-z]|\.[0-9])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Za-hj-np-z][ ·.\-]?"
    r"(?=[A-HJ-NP-Za-hj-np-z]{0,5}[0-9])(?:[A-HJ-NP-Za-hj-np-z0-9]{4,5}[挂学警港澳使领"
    r"]|[A-HJ-NP-Za-hj-np-z0-9]{5,6})(?![A-Za-z0-9])"
)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])(?:[EeGgDdSsPpHh]|1[45])[A-Za-z]?[ ]?[0-9]{7,8}(?![0-9A-Za-z])")
_PERMIT = re.compile(r"(?<![0-9A-Za-z])[CWHMTcwhmt][A-Za-z]?[0-9]{7,10}(?![0-9A-Za-z])")
_TRAVEL = re.compile(r"护照|passport", re.IGNORECASE)
_CROSSING = re.compile(r"通行证|回乡证|台胞证|往来港澳|来往大陆")


def passes_luhn(digits: str) -> bool:
    """The mod-10 check of ISO/IEC 7812; 79927398713 passes."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_accounts(folded: str) -> Iterator[Span]:
    """Accounts, handles and document numbers other than the citizen id.

    Args:
        folded: text after :func:`folding.fold`.
    """
    yield from _plain(_EMAIL, folded, "email", 0.98)
    yield from _find_addresses_of_machines(folded)
    yield from _group(_QQ, folded, "qq", 0.95)
    yield from _group(_WECHAT, folded, "wechat", 0.93)
    yield from _plain(_WXID, folded, "wechat", 0.97)
    yield from _plain(_PUPIL, folded, "pupil_number", 0.97)
    yield from _group(_PUPIL_ASKED, folded, "pupil_number", 0.93)
    yield from _group(_STUDENT, folded, "student_number", 0.92)
    yield from _plain(_PLATE, folded, "plate", 0.95)
    yield from _near(_PASSPORT, folded, "passport", _TRAVEL)
    yield from _near(_PERMIT, folded, "travel_permit", _CROSSING)
    yield from _find_cards(folded)


def _plain(pattern: re.Pattern[str], folded: str, kind: str, confidence: float) -> Iterator[Span]:
    for match in pattern.finditer(folded):
        yield Span(match.start(), match.end(), kind, confidence, f"{kind}: its form")


def _group(pattern: re.Pattern[str], folded: str, kind: str, confidence: float) -> Iterator[Span]:
    for match in pattern.finditer(folded):
        yield Span(match.start(1), match.end(1), kind, confidence, f"{kind}: after its label")


def _near(pattern: re.Pattern[str], folded: str, kind: str, label: re.Pattern[str]) -> Iterator[Span]:
    if label.search(folded) is None:
        return
    for match in pattern.finditer(folded):
        if label.search(folded, max(0, match.start() - 20), match.start()):
            yield Span(match.start(), match.end(), kind, 0.95, f"{kind}: its form after its label")


def _find_addresses_of_machines(folded: str) -> Iterator[Span]:
    for match in _URL.finditer(folded) if "http" in folded or "www." in folded else ():
        if match[1] and _URL_PERSON.search(match[1]):
            end = match.start() + len(match[0].rstrip(",.;:!?)"))
            yield Span(match.start(), end, "url", 0.9, "url: names a person in its path or query")
    for match in _IPV4.finditer(folded) if _OCTETS.search(folded) else ():
        fits = all(int(part) < 256 for part in match[0].split("."))
        if fits and not _VERSION.search(folded, max(0, match.start() - 9), match.start()):
            yield Span(match.start(), match.end(), "ip", 0.93, "ip: four octets")
    for match in _IPV6.finditer(folded) if _COLONS.search(folded) else ():
        if _is_ipv6(match[0]):
            yield Span(match.start(), match.end(), "ip", 0.9, "ip: version 6")


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return any(char in "abcdefABCDEF" for char in text) or "::" in text or text.count(":") == 7


def _find_cards(folded: str) -> Iterator[Span]:
    for match in _CARD.finditer(folded):
        digits = match[0].replace(" ", "").replace("-", "")
        asked = _CARD_ASKED.search(folded, max(0, match.start() - 14), match.start()) is not None
        confidence = _card_confidence(match[0], digits, asked=asked)
        if confidence:
            yield Span(match.start(), match.end(), "bank_card", confidence, "bank_card: issuer, length, Luhn")


def _card_confidence(written: str, digits: str, *, asked: bool) -> float:
    luhn = passes_luhn(digits)
    grouped = re.fullmatch(r"(?:[0-9]{4}[ \-]){3,4}[0-9]{1,4}", written) is not None
    issued = (digits[:2] == "62" and 16 <= len(digits) <= 19) or (digits[0] in "45" and len(digits) == 16)
    if asked and 14 <= len(digits) <= 21:
        return 0.97 if luhn else 0.85
    if issued and luhn:
        return 0.95
    return 0.8 if issued and (grouped or len(digits) == 19) else 0.0
