"""Numbers and small calculations inside sentences, English or Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})(?P<percent>\s?%)?|(?P<mark>[-+*/=()×÷−–·xX✕≈])")
_BETWEEN = re.compile(r"^[^\d=+*/×÷]*$")
_WORDS: dict[str, int | Fraction] = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "dozen": 12,
    "half": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "third": Fraction(1, 3),
    "twice": 2,
    "double": 2,
    "triple": 3,
    "thrice": 3,
    "hundred": 100,
    "week": 7,
    "pair": 2,
    "couple": 2,
    "半": Fraction(1, 2),
    "一半": Fraction(1, 2),
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]")
_MARKS = {"×": "*", "x": "*", "X": "*", "✕": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "≈": "="}
_TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Calculation:
    """``left = right`` found in a line; ``value`` is what ``left`` really is (None when it is one bare
    number)."""

    operands: tuple[Fraction, ...]
    marks: tuple[str, ...]
    value: Fraction | None
    claimed: Fraction
    start: int
    end: int

    @property
    def right(self) -> bool:
        """Whether the claim holds, rounding to the digits shown allowed."""
        if self.value is None:
            return True
        return abs(self.value - self.claimed) <= max(_TOLERANCE, abs(self.value) / 200)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of working: all numbers, results claimed, and the calculations that were found."""

    text: str
    numbers: tuple[Fraction, ...]
    results: tuple[Fraction, ...]
    calculations: tuple[Calculation, ...]
    words: frozenset[str]

    @property
    def operands(self) -> tuple[Fraction, ...]:
        """Numbers on the left of any equality sign."""
        return tuple(value for calc in self.calculations for value in calc.operands)

    @property
    def marks(self) -> frozenset[str]:
        """Operations used."""
        return frozenset(mark for calc in self.calculations for mark in calc.marks)


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    value: Fraction
    start: int
    end: int


def number_of(text: str) -> Fraction:
    """The value of digits with optional thousands separators."""
    return Fraction(text.replace(",", "")) if text[0] != "." else Fraction("0" + text)


def read_line(text: str) -> Line:
    """Numbers and calculations of one line; never raises."""
    text = text[:2_000]
    pieces = _pieces(text)
    calculations = tuple(_calculations(text, pieces))
    numbers = tuple(piece.value for piece in pieces if piece.kind == "number")
    results = tuple(calc.claimed for calc in calculations)
    words = frozenset(_WORD.findall(text.lower()))
    return Line(text, numbers, results or numbers[-1:], calculations, words)


def values_in(text: str) -> frozenset[Fraction]:
    """All numbers of a text, number words and percentages (as parts of one) included."""
    found = {piece.value for piece in _pieces(text) if piece.kind == "number"}
    found |= {Fraction(_WORDS[word]) for word in _WORD.findall(text.lower()) if word in _WORDS}
    found |= {1 - value for value in found if 0 < value < 1}
    return frozenset(found)


def _pieces(text: str) -> list[_Piece]:
    found = []
    for match in _TOKEN.finditer(text):
        if match.group("number"):
            value = number_of(match.group("number"))
            scaled = value / 100 if match.group("percent") else value
            found.append(_Piece("number", scaled, match.start(), match.end()))
        elif _is_mark(text, match):
            mark = _MARKS.get(match.group("mark"), match.group("mark"))
            found.append(_Piece(mark, Fraction(0), match.start(), match.end()))
    return found


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """A letter x, a dash or a slash is an operation only between numbers, not inside words or units."""
    mark, start, end = match.group("mark"), match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if mark in "xX":
        return not before.isalpha() and not after.isalpha()
    if mark in "-−–":
        return not (before.isalpha() and after.isalpha())
    if mark == "/":
        return not (before.isalpha() and after.isalpha())
    return True


def _calculations(text: str, pieces: list[_Piece]) -> list[Calculation]:
    found: list[Calculation] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "=" or index + 1 >= len(pieces):
            continue
        left = _left_side(text, pieces, index)
        right = _right_side(text, pieces, index)
        if right is None:
            continue
        operands = tuple(item.value for item in left if item.kind == "number")
        marks = tuple(item.kind for item in left if item.kind in "+-*/")
        value = _value(left) if marks else None
        start = left[0].start if left else piece.start
        found.append(Calculation(operands, marks, value, right[0], start, right[1]))
    return found


def _left_side(text: str, pieces: list[_Piece], index: int) -> list[_Piece]:
    """Pieces before ``=`` that join into one expression: between them only units, currency signs and
    blanks."""
    found: list[_Piece] = []
    later = pieces[index]
    for piece in reversed(pieces[:index]):
        gap = text[piece.end : later.start]
        if piece.kind == "=" or len(gap) > 40 or re.search(r"[.;。；!?]\s|[。；]", gap):
            break
        if piece.kind == "number" and later.kind in {"number", "("}:
            break
        if len(gap.split()) > 4:
            break
        found.append(piece)
        later = piece
    return _balanced(found[::-1])


def _balanced(items: list[_Piece]) -> list[_Piece]:
    """Without leading operations and unmatched brackets."""
    while items and items[0].kind in {"+", "*", "/", ")"}:
        items = items[1:]
    while items and sum(item.kind == "(" for item in items) != sum(item.kind == ")" for item in items):
        items = items[1:]
    while items and items[0].kind in {"+", "*", "/", ")"}:
        items = items[1:]
    return items


def _right_side(text: str, pieces: list[_Piece], index: int) -> tuple[Fraction, int] | None:
    """The value after ``=``: a number, a signed number, or a further expression."""
    side: list[_Piece] = []
    for piece in pieces[index + 1 :]:
        if piece.kind == "=" or (side and side[-1].kind == "number" and piece.kind in {"number", "("}):
            break
        gap = text[(side[-1].end if side else pieces[index].end) : piece.start]
        if len(gap) > 14 or re.search(r"[,;:，。；]|\.\s|[a-zA-Z]{3,}\s+[a-zA-Z]{3,}", gap):
            break
        side.append(piece)
    while side and side[-1].kind != "number" and side[-1].kind != ")":
        side = side[:-1]
    value = _value(side) if side else None
    return None if value is None else (value, side[-1].end)


def _value(items: list[_Piece]) -> Fraction | None:
    """Exact value by the usual precedence; None when the pieces are no expression."""
    try:
        value, rest = _sum(items, 0)
    except (IndexError, ZeroDivisionError, ValueError):
        return None
    return value if rest == len(items) else None


def _sum(items: list[_Piece], at: int) -> tuple[Fraction, int]:
    value, at = _product(items, at)
    while at < len(items) and items[at].kind in "+-":
        other, after = _product(items, at + 1)
        value = value + other if items[at].kind == "+" else value - other
        at = after
    return value, at


def _product(items: list[_Piece], at: int) -> tuple[Fraction, int]:
    value, at = _factor(items, at)
    while at < len(items) and items[at].kind in {"*", "/"}:
        other, after = _factor(items, at + 1)
        value = value * other if items[at].kind == "*" else value / other
        at = after
    return value, at


def _factor(items: list[_Piece], at: int) -> tuple[Fraction, int]:
    item = items[at]
    if item.kind == "number":
        return item.value, at + 1
    if item.kind == "-":
        value, at = _factor(items, at + 1)
        return -value, at
    if item.kind == "(":
        value, at = _sum(items, at + 1)
        if items[at].kind != ")":
            raise ValueError("bracket")
        return value, at + 1
    raise ValueError(item.kind)
