"""Bring what was typed, pasted or written in LaTeX to one plain alphabet before it is cut into tokens."""

from __future__ import annotations

import re
import unicodedata

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.limits import MAX_CHARACTERS
from zhiwei.engines.maths.words import figures

_SUPER = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣⁱ", "0123456789+-()nxi", strict=True))
_SUB = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙₓ", "0123456789+-()nx", strict=True))
_VULGAR = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
    "⅚": (5, 6),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
}
_SUPER_RUN = re.compile(f"[{re.escape(''.join(_SUPER))}]+")
_SUB_RUN = re.compile(f"[{re.escape(''.join(_SUB))}]+")
_PUNCTUATION = str.maketrans(
    {
        "，": ",",
        "、": ",",
        "；": ";",
        "。": ".",
        "：": ":",
        "（": "(",
        "）": ")",
        "【": "[",
        "】": "]",
        "｛": "{",
        "｝": "}",
        "－": "-",
        "—": "-",
        "–": "-",
        "−": "-",
        "﹣": "-",
        "＋": "+",
        "＝": "=",
        "＜": "<",
        "＞": ">",
        "×": "*",
        "∗": "*",
        "·": "*",
        "⋅": "*",
        "•": "*",
        "∙": "*",
        "÷": "/",
        "∕": "/",
        "⁄": "/",
        "≤": "≤",
        "≦": "≤",
        "⩽": "≤",
        "≥": "≥",
        "≧": "≥",
        "⩾": "≥",
        "≠": "≠",
        "｜": "|",
        "∣": "|",
        "％": "%",
        "√": "√",
        "﹢": "+",
        "～": "~",
        "\u00a0": " ",
        "\u3000": " ",
        "“": '"',
        "”": '"',
        "’": "'",
        "′": "'",
        "º": "°",
        "˚": "°",
        "Ø": "∅",
        "ø": "∅",
        "Φ": "∅",
        "∖": "\\setminus ",
    }
)
_SLASHED = re.compile(r"(?<![\w.^)/{])(\d+)/(\d+)(?![\w.(/^{])")
"""A fraction of two plain numbers: beside ``÷`` the stroke binds tighter (3/4÷3/8 is 2)."""
_SPACING = re.compile(
    r"\\(?:[,;:! ]|quad\b|qquad\b|left(?![a-zA-Z])|right(?![a-zA-Z])|[bB]igg?[lr]?(?![a-zA-Z])|displaystyle\b"
    r"|textstyle\b|limits\b|mathop\b|placeholder\{\}|phantom\{[^{}]*\}|mleft|mright|bigl|bigr)"
)
_WRAPPER = re.compile(
    r"\\(?:mathrm|mathbf|mathit|operatorname\*?|bm|boldsymbol|vec|overrightarrow|mathcal|exponentialE)"
    r"(?![a-zA-Z])"
)
_NAMED = re.compile(r"\\(?:mathrm|mathbf|mathit|operatorname\*?)\s*\{([^{}]*)\}")
_TEXT = re.compile(r"\\(?:text|mbox|textbf|textrm|textit)\s*\{([^{}]*)\}")
_MEANING = re.compile(r"或者?|且|并且|和|与|无解|空集|(?:没有|无)实数?[根解]|全体实数|任意实数|一切实数")
_SETS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ"}
_MATH_SPAN = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.DOTALL)
_LEAD = re.compile(
    r"^\s*(?:解集[是为]?|解[得是为]?|答案?[是为]?|所以|故|因此|∴|则|即|得|原式|约等于|约为|约是|大约|≈|(?:the\s+)?(?:final\s+)?answer(?:\s+is)?|therefore|so|hence|thus)"
    r"\s*[::,，]?\s*",
    re.IGNORECASE,
)


def normalise(text: str) -> str:
    """Return ``text`` in the alphabet the tokeniser knows.

    Raises:
        UnreadableError: ``too_long`` above the limit, ``empty`` when nothing is left.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError("too_long", MAX_CHARACTERS)
    text = _inner(text.strip())
    text = _SUPER_RUN.sub(lambda run: "^{" + "".join(_SUPER[c] for c in run.group()) + "}", text)
    text = _SUB_RUN.sub(lambda run: "_{" + "".join(_SUB[c] for c in run.group()) + "}", text)
    for mark, (top, bottom) in _VULGAR.items():
        text = text.replace(mark, rf"\frac{{{top}}}{{{bottom}}}")
    if "÷" in text:
        text = _SLASHED.sub(r"(\1/\2)", text)
    text = text.translate(_PUNCTUATION)
    text = "".join(unicodedata.normalize("NFKC", c) if c not in "∅ℝℕℤℚ" else c for c in text)
    text = re.sub(r"\\\\\s*\[[^\]]*\]", r"\\\\", text)
    text = re.sub(r"\\(?:left|right)\s*\.", " ", text)
    text = _SPACING.sub(" ", text.replace("\\%", "%").replace("{,}", "").replace("&nbsp;", " "))
    text = re.sub(r"\\math(?:bb|bf|rm)\s*\{\s*([RNZQ])\s*\}", lambda match: _SETS[match.group(1)], text)
    text = _NAMED.sub(r" \1 ", text)
    text = _TEXT.sub(_plain_text, text).replace("%union", "union").replace("%intersection", "intersection")
    text = _WRAPPER.sub(" ", text.replace("\\exponentialE", " e ").replace("\\imaginaryI", " i "))
    text = figures(_strip_lead(text).strip().rstrip(".;,").strip())
    if not text:
        raise UnreadableError("empty")
    return text


def _plain_text(match: re.Match[str]) -> str:
    """Words that mean something stay, a unit or remark becomes a marked word without odd characters."""
    inside = match.group(1).strip()
    if inside.lower() in {"or", "and", "not", "in"} or _MEANING.fullmatch(inside):
        return f" {inside} "
    return " \\text{" + re.sub(r"[^A-Za-z/]", "", inside) + "}"


def _strip_lead(text: str) -> str:
    for _ in range(3):
        shorter = _LEAD.sub("", text, count=1)
        if shorter == text or not shorter.strip():
            break
        text = shorter
    return text


def _inner(text: str) -> str:
    """The boxed part when there is one; else the last formula between dollars in prose; else all of it."""
    start = text.rfind("\\boxed{")
    if start >= 0:
        return _braced(text, start + len("\\boxed{"))
    spans = [
        next(group for group in match.groups() if group is not None) for match in _MATH_SPAN.finditer(text)
    ]
    if not spans:
        return text.strip("$")
    outside = _MATH_SPAN.sub(" ", text)
    if re.search(r"或|or\b|and\b|且|,|，|;|；|[=<>∪∩]", outside):
        return _MATH_SPAN.sub(lambda match: " " + match.group().strip("$") + " ", text)
    return spans[-1]


def _braced(text: str, start: int) -> str:
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]
