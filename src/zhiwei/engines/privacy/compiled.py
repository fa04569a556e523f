"""The counting at the heart of names, compiled: best cuttings into words, and every surname weighed at once.

Numbers are those of :class:`lexicon.Lexicon` to the last place (tests compare them); only the speed differs. Words sit
in an open hash table by a 64-bit mix of their characters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.privacy.lexicon import LONGEST_WORD, UNSEEN_CHAR, load_lexicon

SLOTS = 1 << 20
BASIC = 1 << 16
PRIOR = -4.0
REACH = 5
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
Floats = NDArray[np.float64]
Codes = NDArray[np.uint32]
LINKS = tuple(ord(char) for char in "、,;| \t和与及跟")
QUOTES = tuple(ord(char) for char in '“‘"「')
Words = tuple[NDArray[np.uint64], Floats]
"""Hashes and log probabilities of words."""
Characters = tuple[Floats, Floats, Floats, Floats]
"""By code point: surnames (NaN for none), first and second of a given name, the only one."""
F = TypeVar("F", bound=Callable[..., Any])


def _compiled(function: F) -> F:
    return cast("F", numba.njit(cache=True, error_model="numpy")(function))


@dataclass(frozen=True)
class Tables:
    """The lexicon as arrays; ``pairs`` are surnames of two characters."""

    words: Words
    pairs: Words
    chars: Characters


def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@lru_cache(maxsize=1)
def load_tables() -> Tables:
    """Build the arrays once per process."""
    lexicon = load_lexicon()
    pairs = {name: weight for name, weight in lexicon.surnames.items() if len(name) == 2}
    singles = {name: weight for name, weight in lexicon.surnames.items() if len(name) == 1}
    chars = (
        _by_code(singles, np.nan),
        _by_code(lexicon.first, -12.0),
        _by_code(lexicon.second, -12.0),
        _by_code(lexicon.only, -11.5),
    )
    return Tables(_hashed(lexicon.words, SLOTS), _hashed(pairs, 1 << 10), chars)


def _by_code(table: Any, absent: float) -> Floats:
    found = np.full(BASIC, absent)
    for char, weight in table.items():
        if len(char) == 1 and ord(char) < BASIC:
            found[ord(char)] = weight
    return found


def _hashed(table: Any, slots: int) -> tuple[NDArray[np.uint64], Floats]:
    words = list(table)
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    keys, values = np.zeros(slots, dtype=np.uint64), np.zeros(slots)
    _fill(codes_of("".join(words)), starts, np.array([table[word] for word in words]), keys, values)
    return keys, values


@_compiled
def _extended(key: np.uint64, code: np.uint32) -> np.uint64:
    mixed = (key ^ np.uint64(code)) * _MIX
    return mixed ^ (mixed >> _SHIFT)


@_compiled
def _fill(
    codes: Codes, starts: NDArray[np.int64], weights: Floats, keys: NDArray[np.uint64], values: Floats
) -> None:
    mask = np.uint64(len(keys) - 1)
    for word in range(len(weights)):
        key = np.uint64(1)
        for place in range(starts[word], starts[word + 1]):
            key = _extended(key, codes[place])
        slot = key & mask
        while keys[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = key
        values[slot] = weights[word]


@_compiled
def _weight(key: np.uint64, keys: NDArray[np.uint64], values: Floats) -> float:
    """A word's log probability; 1.0 (impossible for one) when it is none."""
    mask = np.uint64(len(keys) - 1)
    slot = key & mask
    while keys[slot] != 0:
        if keys[slot] == key:
            return float(values[slot])
        slot = (slot + np.uint64(1)) & mask
    return 1.0


@_compiled
def as_words(codes: Codes, start: int, end: int, keys: NDArray[np.uint64], values: Floats) -> float:
    """Log probability of the best cutting of a stretch; at most 64 characters."""
    best = np.full(65, -1e18)
    best[0] = 0.0
    size = end - start
    for place in range(size):
        key = np.uint64(1)
        here = best[place]
        for length in range(1, min(LONGEST_WORD, size - place) + 1):
            key = _extended(key, codes[start + place + length - 1])
            weight = _weight(key, keys, values)
            if weight > 0.5:
                if length > 1:
                    continue
                weight = UNSEEN_CHAR
            best[place + length] = max(best[place + length], here + weight)
    return float(best[size])


@_compiled
def _cut(codes: Codes, keys: NDArray[np.uint64], values: Floats) -> NDArray[np.int64]:
    """Where the word that ends at each place of the best cutting begins."""
    size = len(codes)
    best = np.full(size + 1, -1e18)
    best[0] = 0.0
    begins = np.zeros(size + 1, dtype=np.int64)
    for place in range(size):
        key = np.uint64(1)
        for length in range(1, min(LONGEST_WORD, size - place) + 1):
            key = _extended(key, codes[place + length - 1])
            weight = _weight(key, keys, values)
            if weight > 0.5:
                if length > 1:
                    continue
                weight = UNSEEN_CHAR
            if best[place] + weight >= best[place + length]:
                best[place + length] = best[place] + weight
                begins[place + length] = place
    return begins


def cut(text: str) -> list[str]:
    """The best cutting of a text into words, as :meth:`lexicon.Lexicon.cut` gives it."""
    if not text:
        return []
    tables = load_tables()
    begins = _cut(codes_of(text), tables.words[0], tables.words[1])
    pieces: list[str] = []
    end = len(text)
    while end:
        start = int(begins[end])
        pieces.append(text[start:end])
        end = start
    return pieces[::-1]


@_compiled
def is_han(code: np.uint32) -> bool:
    """Whether a code point is of the classes in :data:`folding.HAN`."""
    basic = code >= 0x4E00 and code <= 0x9FFF
    return bool(basic or (code >= 0x3400 and code <= 0x4DBF) or (code >= 0x20000 and code <= 0x3134F))


@_compiled
def windows(codes: Codes, start: int, end: int) -> tuple[int, int]:
    """Where the Han characters beside a stretch begin and end, five at most on each side."""
    first, last = start, end
    while first > 0 and first > start - REACH and is_han(codes[first - 1]):
        first -= 1
    while last < len(codes) and last < end + REACH and is_han(codes[last]):
        last += 1
    return first, last


@_compiled
def advantage(
    codes: Codes, start: int, end: int, keys: NDArray[np.uint64], values: Floats
) -> tuple[float, float]:
    """What the words beside a stretch are worth alone, and together with it."""
    first, last = windows(codes, start, end)
    beside = as_words(codes, first, start, keys, values) + as_words(codes, end, last, keys, values)
    return beside, as_words(codes, first, last, keys, values)


@_compiled
def _is_link(code: np.uint32) -> bool:
    """Whether names of a list may stand beside it."""
    for one in LINKS:  # noqa: SIM110 - compiled
        if code == one:
            return True
    return False


@_compiled
def _is_quote(code: np.uint32) -> bool:
    for one in QUOTES:  # noqa: SIM110 - compiled
        if code == one:
            return True
    return False


@_compiled
def _in_list(codes: Codes, start: int, end: int) -> bool:
    return start == 0 or _is_link(codes[start - 1]) or (end < len(codes) and _is_link(codes[end]))


@_compiled
def _most_signs(codes: Codes, start: int, end: int, loud: Floats, after: Floats, signs: Floats) -> float:
    """The most that all signs together can add to a candidate."""
    most = loud[start] + after[end] + signs[0]
    if start == 0 or not is_han(codes[start - 1]):
        most += signs[1]
    if end == len(codes) or not is_han(codes[end]):
        most += signs[2]
    if start > 0 and _is_quote(codes[start - 1]):
        most += signs[3]
    return float(most)


@_compiled
def _surname(codes: Codes, start: int, own: int, pairs: Words, chars: Characters) -> float:
    """Log share of the surname of one or two characters that begins here; 1.0 when there is none."""
    if own == 1:
        weight = chars[0][codes[start]]
        return 1.0 if np.isnan(weight) else float(weight)
    key = _extended(_extended(np.uint64(1), codes[start]), codes[start + 1])
    return _weight(key, pairs[0], pairs[1])


@_compiled
def _as_given(codes: Codes, start: int, end: int, chars: Characters) -> float:
    """As :meth:`lexicon.Lexicon.as_given`."""
    one = codes[start] if codes[start] < BASIC else np.uint32(0)
    if end - start == 1:
        return float(-2.9 + chars[3][one])
    two = codes[end - 1] if codes[end - 1] < BASIC else np.uint32(0)
    return float(-0.16 + chars[1][one] + chars[2][two])


@_compiled
def _begins(codes: Codes, start: int) -> bool:
    return bool(codes[start] < BASIC and is_han(codes[start]) and is_han(codes[start + 1]))


@_compiled
def weigh_all(
    codes: Codes, loud: Floats, after: Floats, signs: Floats, words: Words, pairs: Words, chars: Characters
) -> tuple[NDArray[np.int64], Floats]:
    """Every surname with one or two characters after it that its surroundings could still make a name.

    Args:
        loud: By position, what is said before it; ``after`` what is said after it.
        signs: The most that quiet signs add, what a beginning, an end and a quotation add, the least score that is
            of use, and the least in a list.

    Returns:
        Rows ``(start, end, length of surname)`` and rows ``(odds, score without signs)``.
    """
    room = 4 * len(codes)
    places, scores = np.empty((room, 3), dtype=np.int64), np.empty((room, 2))
    found = 0
    for start in range(len(codes) - 1):
        if not _begins(codes, start):
            continue
        for shape in range(4):
            own, end = 1 + shape // 2, start + 2 + shape // 2 + shape % 2
            if end > len(codes) or not is_han(codes[end - 1]) or not is_han(codes[end - 2]):
                continue
            surname = _surname(codes, start, own, pairs, chars)
            if surname > 0.5:
                continue
            likely = PRIOR + surname + _as_given(codes, start + own, end, chars)
            odds = likely - as_words(codes, start, end, words[0], words[1])
            most = _most_signs(codes, start, end, loud, after, signs)
            if odds + most < (signs[5] if _in_list(codes, start, end) else signs[4]):
                continue
            beside, whole = advantage(codes, start, end, words[0], words[1])
            if beside + likely - whole + most >= signs[5]:
                places[found, 0], places[found, 1], places[found, 2] = start, end, own
                scores[found, 0], scores[found, 1] = odds, beside + likely - whole
                found += 1
    return places[:found], scores[:found]
