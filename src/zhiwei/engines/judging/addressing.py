"""Words meant for the marker instead of the question, in many languages and disguises.

The text is read as a reader sees it: widths, invisible characters, spacing, look-alike letters and digits for
letters are undone first, and every character remembers where it stood, so that what is found can be blanked
out of the answer without moving anything else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from .plain import simple

_LOOKALIKE = str.maketrans("аеорсухіјѕԁһӏαεορνκτι", "aeopcyxijsdhlaeopvkti")
_DIGIT_LETTERS = str.maketrans("013457@$!|", "oieastasil")
_SCRIPTS = re.compile(
    "[a-zа-яё0-9@$!|:=/%\u03ac-\u03ce\u05d0-\u05ea\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
_CLAUSE_END = "，,;；。.!！?？\n：:"
_LONGER = 2.5
_EAST = "\u2e80"
Span = tuple[int, int]


def addressing_spans(text: str) -> list[Span]:
    """Where ``text`` talks to the marker; each span is the clause around it, or just the words."""
    letters, places = _compact(text)
    if len(letters) < 4:
        return []
    clauses: dict[Span, Span] = {}
    for view in _views(letters):
        clause: Span = (0, 0)
        for match in _pattern().finditer(view):
            start, end = places[match.start()], places[match.end() - 1] + 1
            if not clause[0] <= start < end <= clause[1]:
                clause = _clause(text, start, end)
            first, last = clauses.get(clause, (start, end))
            clauses[clause] = (min(first, start), max(last, end))
    return sorted(_extent(clause, words) for clause, words in clauses.items())


def _compact(text: str) -> tuple[str, list[int]]:
    """Letters and digits only, in lower case and one width, with the place of each in ``text``."""
    letters: list[str] = []
    places: list[int] = []
    ascii_text = text.isascii()
    for place, char in enumerate(text):
        seen = char if ascii_text else unicodedata.normalize("NFKD" if char < _EAST else "NFKC", char)
        for letter in seen.lower():
            if _SCRIPTS.match(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


def _views(letters: str) -> list[str]:
    """The text as it stands and with its disguises undone; all of one length."""
    views = [letters]
    if not letters.isascii():
        flat = "".join(map(_flat, letters))
        views += [flat, letters.translate(_LOOKALIKE)]
    if re.search(r"[a-z]", letters) and re.search(r"[013457@$!|]", letters):
        views.append(letters.translate(_LOOKALIKE).translate(_DIGIT_LETTERS))
    return list(dict.fromkeys(views))


@lru_cache(maxsize=16384)
def _flat(letter: str) -> str:
    """One letter in simplified characters; itself when that is not one letter."""
    flat = simple(letter)
    return flat if len(flat) == 1 else letter


@cache
def _pattern() -> re.Pattern[str]:
    patterns: list[str] = json.loads(files(__package__).joinpath("addressing.json").read_text("utf-8"))
    return re.compile("|".join(patterns))


def _clause(text: str, start: int, end: int) -> Span:
    """The clause (or the run of clauses) that holds ``text[start:end]``."""
    while start > 0 and text[start - 1] not in _CLAUSE_END:
        start -= 1
    while end < len(text) and text[end] not in _CLAUSE_END:
        end += 1
    return start, end


def _extent(clause: Span, words: Span) -> Span:
    """The whole clause, unless the words found are only a small part of it."""
    return clause if clause[1] - clause[0] <= _LONGER * (words[1] - words[0]) else words
