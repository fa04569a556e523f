"""Texts made comparable: width, case, spaces, punctuation, traditional characters, numerals, variants."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol, cast

from zhiwei.engines.quantities import chinese_number

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_HAN = re.compile("[\u3400-\u9fff]")
_PUNCTUATION = str.maketrans(
    {"、": ",", "。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "−": "-", "…": "..."}
)
_SPACE_BY_HAN = re.compile("(?<=[\u3400-\u9fff])\\s+|\\s+(?=[\u3400-\u9fff])")
_OUTER = " \t\n.,;:!?\"'()[]《》<>_·"
# A minus sign is part of the answer (-5, -x, OH-); a dash between words or before a list entry is not.
_DASH = re.compile("^-+(?=\\s*(?:-|[\u3400-\u9fff]|[A-Za-z]{2}|$))|(?<![A-Za-z0-9)\\]])-+$|--+$")
_JOINT = re.compile(r"(?<=[^\W\d]) ?- ?(?=[^\W\d]{2})|(?<=[^\W\d]{2}) ?- ?(?=[^\W\d])")
_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千万亿]+")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def simple(text: str, *, case: bool = False) -> str:
    """``text`` in one width and simplified characters, nothing invisible; lower case unless ``case``."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_PUNCTUATION)
    if _HAN.search(text):
        text = _SPACE_BY_HAN.sub("", _simplified(text))
    text = " ".join(text.split())
    return text if case else text.casefold()


@lru_cache(maxsize=16384)
def comparable(text: str, *, case: bool = False) -> str:
    """What two texts share when they are the same answer written in different ways.

    >>> comparable("（Ｐｈｏｔｏ synthesis ）。") == comparable("photo synthesis")
    True
    """
    text = _trimmed(simple(text, case=case))
    for standard, pattern in _variants():
        text = pattern.sub(standard, text)
    if _HAN.search(text):
        text = _NUMERAL.sub(_digits, text)
    han = bool(_HAN.search(text))
    bare = re.sub(r"[\s,.;:!?\"'()\[\]《》_·]+", "" if han else " ", _JOINT.sub("" if han else " ", text))
    return bare.strip() if bare.strip() and not re.search(r"\d", text) else text.replace(" ", "")


def _trimmed(text: str) -> str:
    """Without punctuation and dashes around it; signs stay."""
    while (shorter := _DASH.sub("", text.strip(_OUTER)).strip(_OUTER)) != text:
        text = shorter
    return text


def _digits(found: re.Match[str]) -> str:
    value = chinese_number(found[0])
    return found[0] if value is None else f"{value:.0f}"


@cache
def _variants() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = json.loads(files(__package__).joinpath("variants.json").read_text("utf-8"))
    return tuple(
        (standard, re.compile("|".join(map(re.escape, others)))) for standard, others in table.items()
    )


def _simplified(text: str) -> str:
    return _converter().convert(text)


@cache
def _converter() -> _Converter:
    from opencc import OpenCC

    return cast(_Converter, OpenCC("t2s"))
