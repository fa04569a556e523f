"""Terms of a text and of a search, and their numbers in the index."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from zhiwei.engines.indexing.formulas import formula_terms
from zhiwei.engines.indexing.pinyin import initials, split_syllables, syllable
from zhiwei.engines.indexing.words import stem

LONGEST = 20_000
"""Characters of one text that are indexed."""
LONGEST_SEARCH = 200
_FORMULA = re.compile(r"\$\$?(.+?)\$\$?", re.DOTALL)
_SIGN = r"\^+*/=<>²³×÷≤≥√\\"
_PLAIN = re.compile(rf"[A-Za-z0-9(][A-Za-z0-9\-()_.{_SIGN}]*[{_SIGN}][A-Za-z0-9\-()_.{_SIGN}]*")
_HAN = re.compile("[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One piece of a search: a text fits when it has all terms of at least one of the ways."""

    ways: tuple[frozenset[str], ...]


def terms_of(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """Return every term by which a text is found.

    Args:
        text: Stem and what else is searched; formulas between ``$``; at most 20,000 characters count.
        names: Names of its knowledge points: found by word, pinyin and pinyin initials.
    """
    text = text[:LONGEST]
    found = set[str]()
    for formula in _FORMULA.findall(text):
        found.update(formula_terms(formula))
    rest = _FORMULA.sub(" ", text)
    for plain in _PLAIN.findall(rest):
        found.update(formula_terms(plain))
    found.update(_word_terms(_folded(rest)))
    for name in names:
        found.update(name_terms(name))
    return frozenset(found)


def wanted_terms(search: str) -> tuple[Wanted, ...]:
    """Return what a search asks for, piece by piece (pieces stand between spaces; all must fit).

    A piece with formula signs is a formula; Chinese is matched by character pairs; letters are a word in any
    inflected form, pinyin (``fangcheng``) or the pinyin initials of a knowledge point's name (``yyycfc``).
    """
    search = search[:LONGEST_SEARCH].strip()
    pieces = [*_FORMULA.findall(search), *_FORMULA.sub(" ", search).split()]
    wanted = [_wanted(piece) for piece in pieces]
    return tuple(one for one in wanted if one.ways)


def name_terms(name: str) -> frozenset[str]:
    """Return the terms of a knowledge point's name: words, pinyin and pinyin initials."""
    return frozenset({*_word_terms(_folded(name)), "i:" + initials(name)})


def codes(terms: Iterable[str]) -> frozenset[int]:
    """Return the terms' numbers: CRC-32 as signed 32-bit integers, so that an index holds no readable text."""
    return frozenset(zlib.crc32(term.encode()) - (1 << 31) for term in terms)


def _wanted(piece: str) -> Wanted:
    if re.search(r"[\^_=+<>\\²³×÷≤≥√]|\d[a-zA-Z]|[a-zA-Z]\d", piece):
        found = frozenset(formula_terms(piece))
        longest = frozenset(term for term in found if _size(term) == max(map(_size, found)))
        return Wanted((longest,) if longest else ())
    folded = _folded(piece)
    ways = [frozenset(_precise(folded))]
    if stem(folded):
        ways.append(frozenset({"s:" + stem(folded)}))
    if folded.isascii() and folded.isalpha():
        syllables = split_syllables(folded)
        ways += [frozenset(_pinyin_terms(syllables))] if syllables else []
        ways += [frozenset({"i:" + folded})] if len(folded) > 1 else []
    return Wanted(tuple(way for way in ways if way))


def _size(term: str) -> int:
    return len(re.findall(r"\\[A-Za-z]+|\d+(?:\.\d+)?|.", term[2:]))


def _precise(folded: str) -> Iterator[str]:
    """Terms of a search: single characters only where no pair can be had."""
    for run in _HAN.findall(folded):
        if len(run) == 1:
            yield "w:" + run
        for first, second in pairwise(run):
            yield f"w:{first}{second}"
    for word in _WORD.findall(folded):
        yield "w:" + word


def _word_terms(folded: str) -> Iterator[str]:
    for run in _HAN.findall(folded):
        for one in run:
            yield "w:" + one
        yield from (f"w:{first}{second}" for first, second in pairwise(run))
        yield from _pinyin_terms(tuple(map(syllable, run)), all_singles=True)
    for word in _WORD.findall(folded):
        yield "w:" + word
        if stem(word):
            yield "s:" + stem(word)


def _pinyin_terms(syllables: tuple[str, ...], *, all_singles: bool = False) -> Iterator[str]:
    if all_singles or len(syllables) == 1:
        yield from ("p:" + one for one in syllables if one)
    yield from (f"p:{first}{second}" for first, second in pairwise(syllables))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
