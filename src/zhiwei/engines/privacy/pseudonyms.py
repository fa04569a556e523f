"""Names and tokens that stand for a person within one release, and for nobody across releases."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date, timedelta

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
_FIRST = (
    "子明文思佳雨晨志建国海晓天宇嘉俊欣诗静雅慧丽秀春永德世家立一书若安承启远景向光学正清心可知云星月如以"
)
_SECOND = "轩涵怡然杰辉宁琪峰敏华强平伟芳玲悦成林欣博源凯颖洁瑶婷超鑫磊航睿豪霖芸彤萱妍菲航毅恒朗澄溪禾"
_DATE = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})(?P<a>[^0-9]{0,3})(?P<m>[0-9]{1,2})(?P<b>[^0-9]{0,3})(?P"
    r"<d>[0-9]{1,2})(?P<c>.*)",
    re.DOTALL,
)
LARGEST_SHIFT_DAYS = 180
SHORTEST_KEY = 16
_CROWDED = 40


class Pseudonyms:
    """Keyed, repeatable stand-ins.

    The same value under the same key always becomes the same stand-in; distinct names met in one object
    become distinct stand-ins (a clash is resolved by trying the next value of the keyed stream). Without the
    key a stand-in cannot be recomputed from a guessed name.
    """

    def __init__(self, key: bytes, person: str = "") -> None:
        """Args: key, 16 bytes or more from a secure source; person, whose dates shift together.

        Raises:
            ValueError: the key is shorter than :data:`SHORTEST_KEY`.
        """
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"the key has {len(key)} bytes; at least {SHORTEST_KEY} are needed")
        self._key = key
        self._person = person
        self._chosen: dict[str, str] = {}
        self._owners: dict[str, str] = {}

    def name_for(self, name: str) -> str:
        """A plausible Chinese name of two or three characters; blanks and dots in the name do not matter."""
        plain = re.sub(r"[\s·•]", "", name).casefold()
        attempt = 0
        while plain not in self._chosen:
            stand_in = self._draw_name(plain, attempt)
            if stand_in != plain and self._owners.setdefault(stand_in, plain) == plain:
                self._chosen[plain] = stand_in
            attempt += 1
        return self._chosen[plain]

    def token_for(self, kind: str, value: str) -> str:
        """``kind_`` and twelve hexadecimal digits."""
        return f"{kind}_{self._digest(kind, re.sub(r'[^0-9A-Za-z一-龥]', '', value).casefold()).hex()[:12]}"

    def shift_date(self, value: str) -> str | None:
        """The date moved by the person's own shift (1 to 180 days, either way), in the same form.

        Returns None when the text holds no full date.
        """
        found = _DATE.fullmatch(value)
        if found is None:
            return None
        try:
            moved = date(int(found["y"]), int(found["m"]), int(found["d"])) + timedelta(days=self.shift_days)
        except ValueError:
            return None
        month, day = str(moved.month).zfill(len(found["m"])), str(moved.day).zfill(len(found["d"]))
        return f"{moved.year}{found['a']}{month}{found['b']}{day}{found['c']}"

    @property
    def shift_days(self) -> int:
        """The days every date of this person moves by; never zero."""
        draw = int.from_bytes(self._digest("shift", self._person)[:8], "big") % (2 * LARGEST_SHIFT_DAYS)
        return draw - LARGEST_SHIFT_DAYS if draw < LARGEST_SHIFT_DAYS else draw - LARGEST_SHIFT_DAYS + 1

    def for_person(self, person: str) -> Pseudonyms:
        """The same key and names for another person's dates."""
        other = Pseudonyms(self._key, person)
        other._chosen, other._owners = self._chosen, self._owners
        return other

    def _digest(self, purpose: str, value: str) -> bytes:
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()

    def _draw_name(self, plain: str, attempt: int) -> str:
        stream = int.from_bytes(self._digest("name", f"{plain}\0{attempt}"), "big")
        stream, surname = divmod(stream, len(_SURNAMES))
        stream, first = divmod(stream, len(_FIRST))
        stream, second = divmod(stream, len(_SECOND))
        tail = "" if attempt < _CROWDED else str(attempt)
        return (
            _SURNAMES[surname]
            + _FIRST[first]
            + (_SECOND[second] if attempt or len(plain) != 2 else "")
            + tail
        )
