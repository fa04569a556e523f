"""Undo what hides words: full-width letters, zero-width characters, blanks and stars between, digits for letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e")
_FILLERS = frozenset(" *._-~|/\\+^#'`·、\u200b")
_LEET = str.maketrans("013457@$", "oieastas")
_SPELT = re.compile(r"(?<![a-z0-9@$])(?:[a-z0-9@$][ ._*\-]){3,}[a-z0-9@$](?![a-z0-9@$])")
_TOKEN = re.compile(r"[a-z0-9@$]+")


@dataclass(frozen=True)
class Normalised:
    """A plain text and, for each of its characters, the place in the original."""

    text: str
    places: tuple[int, ...]

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that a range of the plain text came from."""
        return self.places[start], self.places[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Lower case, compatibility forms, nothing invisible, words spelt out joined, leetspeak read."""
    plain = [_plain(char) for char in text]
    places = [place for place, one in enumerate(plain) for _ in one]
    chars = list("".join(plain))
    chars, places = _join_spelt(chars, places)
    chars, places = _join_han(chars, places)
    return Normalised(_read_leet("".join(chars)), tuple(places))


@lru_cache(maxsize=16384)
def _plain(char: str) -> str:
    return "" if char in _INVISIBLE else unicodedata.normalize("NFKC", char).lower()


def _join_spelt(chars: list[str], places: list[int]) -> tuple[list[str], list[int]]:
    """``i g n o r e`` becomes ``ignore``."""
    dropped = {
        at for match in _SPELT.finditer("".join(chars)) for at in range(match.start() + 1, match.end(), 2)
    }
    if not dropped:
        return chars, places
    kept = [at for at in range(len(chars)) if at not in dropped]
    return [chars[at] for at in kept], [places[at] for at in kept]


def _join_han(chars: list[str], places: list[int]) -> tuple[list[str], list[int]]:
    """Drop up to two fillers between Han characters."""
    if _FILLERS.isdisjoint(chars):
        return chars, places
    kept: list[int] = []
    for at, char in enumerate(chars):
        if char in _FILLERS and kept and _is_han(chars[kept[-1]]):
            following = next((c for c in chars[at : at + 3] if c not in _FILLERS), "")
            if following and _is_han(following):
                continue
        kept.append(at)
    return [chars[at] for at in kept], [places[at] for at in kept]


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _read_leet(text: str) -> str:
    """Digits inside words become letters; numbers and formulas with few letters stay."""

    def read(match: re.Match[str]) -> str:
        token = match[0]
        letters = sum(char.isalpha() for char in token)
        return token.translate(_LEET) if letters >= 2 and letters < len(token) else token

    return _TOKEN.sub(read, text)
