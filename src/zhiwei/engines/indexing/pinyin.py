"""Pinyin of single characters, and cutting typed pinyin into syllables."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

LONGEST_SYLLABLE = 6
"""Letters of the longest syllable (``zhuang``, ``shuang``)."""


@lru_cache(maxsize=16384)
def syllable(character: str) -> str:
    """Return the commonest reading without its tone (``方`` → ``fang``, ``女`` → ``nv``); "" when none."""
    reading = _readings().get(ord(character), "")
    return _bare(reading.split(",")[0]) if reading else ""


def initials(text: str) -> str:
    """Return the first letters of the readings (``一元一次方程`` → ``yyycfc``), other characters left out."""
    return "".join(syllable(one)[:1] for one in text)


@lru_cache(maxsize=1024)
def split_syllables(letters: str) -> tuple[str, ...]:
    """Cut typed pinyin into syllables (``fangcheng`` → ``fang``, ``cheng``); empty when it is not pinyin.

    Longest syllables are tried first, with going back where the rest cannot be cut.
    """
    if not letters:
        return ()
    known = _syllables()
    for length in range(min(LONGEST_SYLLABLE, len(letters)), 0, -1):
        head, rest = letters[:length], letters[length:]
        if head in known:
            if not rest:
                return (head,)
            tail = split_syllables(rest)
            if tail:
                return (head, *tail)
    return ()


@cache
def _readings() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@cache
def _syllables() -> frozenset[str]:
    common = range(0x4E00, 0x9FFF)
    found = {syllable(chr(code)) for code in common if code in _readings()}
    return frozenset(one for one in found if len(one) > 1 or one in {"a", "o", "e"})


def _bare(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    umlaut = parts.replace("u\u0308", "v")
    return "".join(one for one in umlaut if one.isascii() and one.isalpha()).lower()
