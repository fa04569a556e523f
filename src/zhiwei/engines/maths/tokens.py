"""Cut normalised text into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.limits import MAX_DIGITS, MAX_EXPONENT_10, MAX_TOKENS
from zhiwei.engines.maths.names import (
    CHINESE_WORDS,
    FUNCTIONS,
    GREEK,
    GREEK_LETTERS,
    UNITS_EN,
    UNITS_ZH,
    WORD_CONSTANTS,
    WORD_OPERATORS,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is num, name, function, const, op, open, close, command, unit, time or end."""

    kind: str
    text: str
    at: int
    value: Fraction = Fraction(0)
    spaced: bool = False


_NUMBER = re.compile(r"(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d{1,6}(?![\d.a-zA-Z]))?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,.])")
_SPACED_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?(?![\d,.])")
_RECURRING = re.compile(r"(\d+)\.(\d*)\\(?:dot|overline)\s*\{(\d+)\}")
_LETTERS = re.compile(r"%(?:pi|e|i)\b|[A-Za-z]+")
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_SYMBOLS = {
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "∪": "union",
    "∩": "intersect",
    "∈": "in",
    "∉": "notin",
    "∨": "or",
    "∧": "and",
    "¬": "not",
    "⇒": "implies",
    "√": "√",
    "∛": "∛",
    "±": "±",
    "∓": "∓",
    "°": "°",
    "≈": "≈",
    "∠": "angle",
    "⊥": "perp",
    "∥": "parallel",
    "⇔": "iff",
    "→": "to",
}
_TWO = {
    "<=": "<=",
    "=<": "<=",
    ">=": ">=",
    "=>": ">=",
    "!=": "!=",
    "<>": "!=",
    "/=": "!=",
    "**": "^",
    "==": "=",
    "\\{": "\\{",
    "\\}": "\\}",
    "\\\\": "\\\\",
    ":=": ":=",
    "&&": "and",
    "||": "||",
    "\\|": "|",
}
_WORDS = sorted([*FUNCTIONS, *GREEK, *WORD_CONSTANTS, "sqrt"], key=len, reverse=True)
_SPLITTABLE = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "ln",
        "lg",
        "log",
        "exp",
        "arcsin",
        "arccos",
        "arctan",
        "sqrt",
        "pi",
        "abs",
    ]
)


class Scanner:
    """One pass over the text; ``tokens()`` gives the list, ended by an ``end`` token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out: list[Token] = []
        self.depth = 0
        self.spaced = False

    def tokens(self) -> list[Token]:
        """Cut the whole text.

        Raises:
            UnreadableError: ``unknown_character``, ``unknown_word``, ``too_many_tokens`` or
            ``number_too_long``.
        """
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
                self.spaced = True
                continue
            self._next()
            if len(self.out) > MAX_TOKENS:
                raise UnreadableError("too_many_tokens", self.at)
        self._add("end", "", 0)
        return self.out

    def _add(self, kind: str, text: str, length: int, value: Fraction = Fraction(0)) -> None:
        self.out.append(Token(kind, text, self.at, value, self.spaced))
        self.at += length
        self.spaced = False
        self.depth += {"open": 1, "close": -1}.get(kind, 0)

    def _next(self) -> None:
        char = self.text[self.at]
        if char.isdigit() or (char == "." and self.text[self.at + 1 : self.at + 2].isdigit()):
            self._number()
        elif char.isascii() and (char.isalpha() or char == "%"):
            self._letters()
        elif self.text[self.at : self.at + 2] in _TWO:
            self._two()
        elif char == "\\":
            self._command()
        elif "\u4e00" <= char <= "\u9fff":
            self._chinese()
        else:
            self._symbol(char)

    def _two(self) -> None:
        found = self.text[self.at : self.at + 2]
        kind = {"\\{": "open", "\\}": "close"}.get(found, "op")
        if found == "||":
            self._add("op", "|", 1)
            return
        self._add(kind, _TWO[found], 2)

    def _number(self) -> None:
        recurring = _RECURRING.match(self.text, self.at)
        if recurring:
            self._add("num", recurring.group(), len(recurring.group()), _recurring(*recurring.groups()))
            return
        grouped = _THOUSANDS.match(self.text, self.at) if self.depth == 0 else None
        if grouped is None and self.depth == 0:
            grouped = _SPACED_THOUSANDS.match(self.text, self.at)
        match = grouped or _NUMBER.match(self.text, self.at)
        if match is None:
            raise UnreadableError("unknown_character", self.at, self.text[self.at])
        text = re.sub("[, ]", "", match.group())
        mantissa, _, power = text.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or abs(int(power or 0)) > MAX_EXPONENT_10:
            raise UnreadableError("number_too_long", self.at)
        self._add("num", text, len(match.group()), Fraction(text if not text.endswith(".") else text[:-1]))

    def _letters(self) -> None:
        match = _LETTERS.match(self.text, self.at)
        if match is None:
            self._add("op", "%", 1)
            return
        word = match.group()
        if word in _BOUNDS and self.text[match.end() : match.end() + 1] == "(":
            self._add("call", word, len(word))
            return
        known = self._known(word)
        if known:
            self._add(*known, len(word))
            return
        if (
            word.lower() in UNITS_EN
            and len(word) > 1
            and self.out
            and self.out[-1].kind == "num"
            and word != "deg"
        ):
            self._add("unit", word, len(word))
            return
        self._split(word)

    def _known(self, word: str) -> tuple[str, str] | None:
        low = word if len(word) == 1 else word.lower()
        if word in WORD_OPERATORS and (
            word in {"or", "and", "not", "implies", "xor", "xnor", "in"} or word.startswith("noun")
        ):
            return "op", WORD_OPERATORS[word]
        if word in {"OR", "AND", "NOT"}:
            return "op", word.lower()
        if word in WORD_CONSTANTS or (low in WORD_CONSTANTS and len(word) > 1):
            return "const", WORD_CONSTANTS.get(word) or WORD_CONSTANTS[low]
        if low in FUNCTIONS and len(word) > 1:
            return "function", FUNCTIONS[low]
        if word in GREEK:
            return "name", word
        if word in _CALLS:
            return "call", word
        return None

    def _split(self, word: str) -> None:
        """``sinx`` is a function and a letter; ``xy`` is a product of letters."""
        for length in range(len(word), 1, -1):
            head = word[:length]
            if head in _SPLITTABLE and length < len(word):
                known = self._known(head)
                if known:
                    self._add(*known, length)
                    return
        self._letter(word[0])

    def _letter(self, letter: str) -> None:
        if letter in {"e", "i"}:
            self._add("const", letter, 1)
            return
        digits = re.match(r"[A-Za-z](\d+)(?![\d.(])", self.text[self.at : self.at + 6])
        if digits:
            self._add("name", digits.group(), len(digits.group()))
            return
        self._add("name", letter, 1)

    def _command(self) -> None:
        match = re.match(r"\\([A-Za-z]+)\*?", self.text[self.at :])
        if match is None:
            raise UnreadableError("unknown_character", self.at, self.text[self.at : self.at + 2])
        name, length = match.group(1), len(match.group())
        if name in WORD_OPERATORS:
            text = WORD_OPERATORS[name]
            kind = {"\\{": "open", "\\}": "close", "[": "open", "]": "close", "(": "open", ")": "close"}.get(
                text, "op"
            )
            self._add(kind, text, length)
        elif name in WORD_CONSTANTS:
            self._add("const", WORD_CONSTANTS[name], length)
        elif name in FUNCTIONS and name not in {"gamma", "sqrt", "sum", "prod", "product"}:
            self._add("function", FUNCTIONS[name], length)
        elif name in GREEK:
            self._add(
                "name",
                {"varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta"}.get(name, name),
                length,
            )
        else:
            self._add("command", name, length)

    def _chinese(self) -> None:
        run = _CJK.match(self.text, self.at)
        words = run.group() if run else ""
        for length in range(min(6, len(words)), 0, -1):
            head = words[:length]
            if head in CHINESE_WORDS:
                self._chinese_word(CHINESE_WORDS[head], length)
                return
        for unit in UNITS_ZH:
            if (
                words.startswith(unit)
                and self.out
                and self.out[-1].kind in {"num", "close", "name", "const", "op"}
            ):
                self._add("unit", unit, len(unit))
                return
        raise UnreadableError("unknown_word", self.at, words[:12])

    def _chinese_word(self, meaning: str, length: int) -> None:
        if meaning == " ":
            self.at += length
        elif meaning in {"ℝ", "pi", "inf"}:
            self._add("const", meaning, length)
        elif meaning == "∅":
            self._add("const", "empty", length)
        elif meaning in {"+inf", "-inf"}:
            self._add("op", meaning[0], 0)
            self._add("const", "inf", length)
        elif meaning in {"²", "³"}:
            self._add("op", "^", 0)
            self._add("num", "2" if meaning == "²" else "3", length, Fraction(2 if meaning == "²" else 3))
        else:
            self._add("op", meaning, length)

    def _symbol(self, char: str) -> None:
        if char in "([{":
            self._add("open", char, 1)
        elif char in ")]}":
            self._add("close", char, 1)
        elif char in GREEK_LETTERS:
            self._add("name", GREEK_LETTERS[char], 1)
        elif char in WORD_CONSTANTS:
            self._add("const", WORD_CONSTANTS[char], 1)
        elif char in _SYMBOLS:
            self._add("op", _SYMBOLS[char], 1)
        elif char in "+-*/^_=<>|!%'&,;:~#":
            self._add("op", "!=" if char == "#" else char, 1)
        else:
            raise UnreadableError("unknown_character", self.at, char)


_CALLS = frozenset({"matrix", "ntuple"})
_BOUNDS = frozenset({"oo", "cc", "co", "oc", "union", "intersection"})


def _recurring(whole: str, fixed: str, repeat: str) -> Fraction:
    ahead = Fraction(int(whole + fixed or "0"), 10 ** len(fixed))
    return ahead + Fraction(int(repeat), (10 ** len(repeat) - 1) * 10 ** len(fixed))


def tokenise(text: str) -> list[Token]:
    """Cut normalised ``text``; see :meth:`Scanner.tokens`."""
    return Scanner(text).tokens()
