"""One spelling for what pupils write: widths, superscripts, LaTeX, the many signs for minus and times."""

from __future__ import annotations

import re
import unicodedata

_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LETTER_TIMES = re.compile(r"(?<=\d)\s*[xX]\s*(?=10\s*[\^⁰¹²³⁴⁵⁶⁷⁸⁹⁻+-])")
_SIGNS = str.maketrans(
    dict.fromkeys("−–—‐‑﹣－", "-")
    | dict.fromkeys("×·∙⋅•✕✖╳*・", "*")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad$", "")
    | {"÷": "/", "∕": "/", "⁄": "/", "，": ",", "：": ":", "。": "。", "μ": "µ", "Ω": "Ω", "′": "′"}
)
_KEPT = {
    "℃": "°C",
    "℉": "°F",
    "º": "°",
    "½": " 1/2",
    "⅓": " 1/3",
    "¼": " 1/4",
    "¾": " 3/4",
    "⅔": " 2/3",
    "‰": "‰",
}
_LATEX = [
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"(\1)/(\2)"),
    (re.compile(r"\\[dt]?frac\s*(\d)\s*(\d)"), r"\1/\2"),
    (re.compile(r"\\sqrt\s*\{([^{}]*)\}"), r"√(\1)"),
    (re.compile(r"\\(?:text|mathrm|rm|operatorname|mathit|unit|si)\s*\{([^{}]*)\}"), r" \1"),
    (re.compile(r"\\(?:times|cdot|ast)(?![a-zA-Z])"), "*"),
    (re.compile(r"\^\s*\{?\s*\\circ\s*\}?|\\degree"), "°"),
    (re.compile(r"\\(?:left|right|displaystyle|quad|qquad|[,;:!])"), " "),
    (re.compile(r"\\pi(?![a-zA-Z])"), "π"),
    (re.compile(r"\\(?:approx|simeq)(?![a-zA-Z])"), "≈"),
    (re.compile(r"\\(?:Omega)(?![a-zA-Z])"), "Ω"),
    (re.compile(r"\\(?:mu)(?![a-zA-Z])"), "µ"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\^\s*\{([^{}]*)\}"), r"^(\1)"),
    (re.compile(r"\((\d+(?:\.\d+)?)\)/\((\d+(?:\.\d+)?)\)"), r"\1/\2"),
]


def tidy(text: str) -> str:
    """``text`` in the one spelling the readers of this engine take."""
    text = _LETTER_TIMES.sub("*", text)
    if text.isascii() and "\\" not in text and "$" not in text:
        return text.strip()
    text = _RAISED.sub(lambda found: f"^({found[0].translate(_SUPER)})", text)
    for sign, plain in _KEPT.items():
        if sign in text:
            text = text.replace(sign, plain)
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).replace("⁄", "/")
    if "\\" in text or "{" in text:
        for pattern, plain in _LATEX:
            text = pattern.sub(plain, text)
    return text.strip()
