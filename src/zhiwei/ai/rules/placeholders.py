"""Personal data on the way out and back: each value becomes one placeholder in a call and returns in the answer.

>>> veil = Veil()
>>> veil.hide("张小明的电话是13812345678", (Span(0, 3, "name", 1.0, ""), Span(7, 18, "mobile", 1.0, "")))
'【姓名1】的电话是【手机号1】'
>>> veil.restore("给【手机号1】打电话")
'给13812345678打电话'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiwei.engines.privacy import Span

LABELS = {
    "email": "邮箱", "url": "网址", "citizen_id": "证件号", "pupil_number": "学籍号", "travel_permit": "通行证",
    "passport": "护照", "ip": "网络地址", "bank_card": "银行卡", "mobile": "手机号", "landline": "电话",
    "wechat": "微信号", "qq": "QQ号", "student_number": "学号", "plate": "车牌", "birth_date": "生日",
    "address": "住址", "class": "班级", "school": "学校", "name": "姓名",
}  # fmt: skip
LONGEST = 12
"""Characters of the longest placeholder a stream waits for."""
_NAMES = "|".join(sorted(LABELS.values(), key=len, reverse=True))
_SHAPE = re.compile(rf"[【\[]\s*({_NAMES})\s*([0-9０-９]{{1,3}})\s*[】\]]")
_OPENING = re.compile(r"[【\[][^】\]]{0,12}$")


class Veil:
    """The placeholders of one call; equal values get equal ones, in all its messages."""

    def __init__(self) -> None:
        self._by_value: dict[tuple[str, str], str] = {}
        self._by_sign: dict[tuple[str, int], str] = {}
        self._taken: set[tuple[str, int]] = set()

    def avoid(self, text: str) -> None:
        """Never use a placeholder that stands in a text already."""
        self._taken.update(_sign(match) for match in _SHAPE.finditer(text))

    def hide(self, text: str, spans: Sequence[Span]) -> str:
        """Return a text with its spans (disjoint, in order) replaced."""
        pieces, place = [], 0
        for span in spans:
            pieces += [text[place : span.start], self._placeholder(span.kind, text[span.start : span.end])]
            place = span.end
        return "".join([*pieces, text[place:]])

    def restore(self, text: str) -> str:
        """Return a text with the call's own placeholders turned back; others stay."""
        if not self._by_sign:
            return text
        return _SHAPE.sub(lambda match: self._by_sign.get(_sign(match), match[0]), text)

    @property
    def replaced(self) -> int:
        """How many values were replaced."""
        return len(self._by_sign)

    def __bool__(self) -> bool:
        return bool(self._by_sign)

    def _placeholder(self, kind: str, value: str) -> str:
        label = LABELS[kind]
        known = self._by_value.get((label, value))
        if known is not None:
            return known
        number = 1
        while (label, number) in self._taken:
            number += 1
        self._taken.add((label, number))
        self._by_sign[label, number] = value
        made = self._by_value[label, value] = f"【{label}{number}】"
        return made


class Unveiling:
    """Turns placeholders back in a stream, also where one is cut by the border of two pieces."""

    def __init__(self, veil: Veil) -> None:
        self._veil = veil
        self._waiting = ""

    def feed(self, piece: str) -> str:
        """Return what can be said now; the beginning of a possible placeholder waits."""
        if not self._veil:
            return piece
        text = self._waiting + piece
        cut = _OPENING.search(text)
        ready, self._waiting = (text[: cut.start()], text[cut.start() :]) if cut else (text, "")
        return self._veil.restore(ready)

    def rest(self) -> str:
        """Return what still waits at the end."""
        text, self._waiting = self._waiting, ""
        return self._veil.restore(text)


def _sign(match: re.Match[str]) -> tuple[str, int]:
    return match[1], int(match[2])
