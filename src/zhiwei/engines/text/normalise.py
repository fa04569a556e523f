"""One spelling for what means the same: width, case, quotes, traditional characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol, cast

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002fa1f]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "`": "'", "´": "'", "“": '"', "”": '"', "。": ".", "、": ","})
_SPACE = re.compile(r"\s+")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    import opencc

    return cast(_Converter, opencc.OpenCC("t2s"))


def is_chinese(text: str) -> bool:
    """Whether a text is mainly Chinese: at least one Han character to three Latin words.

    >>> is_chinese("光合作用需要 light"), is_chinese("light and water")
    (True, False)
    """
    han = len(_HAN.findall(text))
    return han > 0 and han * 3 >= len(re.findall(r"[A-Za-z]+", text))


def has_han(text: str) -> bool:
    """Whether a text holds any Han character."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A text with width, case, quotes, blank space and traditional characters made one.

    Offsets are not kept: for evidence use the spans of :func:`zhiwei.engines.text.sentences`.

    >>> fold("　ＡＢＣ  “光”")
    'abc "光"'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
    plain = _SPACE.sub(" ", plain).strip()
    return _simplifier().convert(plain) if has_han(plain) else plain
