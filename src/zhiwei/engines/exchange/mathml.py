"""Presentation MathML as LaTeX: what can be said, and an error for what cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.values import NotUnderstoodError

DEEPEST = 40
_SIGNS = {
    "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "÷": r"\div", "−": "-", "–": "-", "±": r"\pm", "∓": r"\mp",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto",
    "→": r"\to", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↔": r"\leftrightarrow", "∞": r"\infty",
    "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset",
    "∠": r"\angle", "△": r"\triangle", "⊥": r"\perp", "∥": r"\parallel", "°": r"^{\circ}", "′": "'", "″": "''",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∂": r"\partial", "∇": r"\nabla", "√": r"\surd", "…": r"\ldots",
    "⋯": r"\cdots", "∀": r"\forall", "∃": r"\exists", "∴": r"\therefore", "∵": r"\because", "∗": "*", "∣": "|",
    "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "⟨": r"\langle", "⟩": r"\rangle", "⇌": r"\rightleftharpoons",
    "‖": r"\|", "℃": r"^{\circ}\mathrm{C}", "Ω": r"\Omega", "∆": r"\Delta", "µ": r"\mu", "\u2062": "", "\u2061": "",
    "\u2063": "", "\u2064": "", "\u00a0": r"\ ", "\u200b": "", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#",
    "&": r"\&", "_": r"\_", "$": r"\$", "~": r"\sim ", "\\": r"\backslash",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "ϕ": "phi", "ϑ": "vartheta", "ϵ": "varepsilon",
}  # fmt: skip
_NAMED = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg",
    "exp", "lim", "max", "min", "gcd", "det",
})  # fmt: skip
_ACCENTS = {"¯": "overline", "‾": "overline", "_": "overline", "→": "vec", "⃗": "vec", "^": "hat", "ˆ": "hat",
            "~": "tilde", "˜": "tilde", "˙": "dot", "¨": "ddot", "⏞": "overbrace", "⏜": "overparen"}  # fmt: skip
_THROUGH = {"mrow", "mstyle", "mpadded", "math", "mtd"}
_PLAIN = re.compile(r"[A-Za-z0-9.,:;!?'\"()\[\]|<>=+*/ -]")


def to_latex(element: Element) -> str:
    """Return the LaTeX of a ``math`` element, without dollars.

    Raises:
        NotUnderstoodError: It has an element or a sign that LaTeX of school formulas has no word for.
    """
    return re.sub(r"\s+", " ", _say(element, 0)).strip()


def _say(element: Element, depth: int) -> str:
    name = str(element.tag).rsplit("}", 1)[-1].lower()
    if depth > DEEPEST:
        raise NotUnderstoodError("has a formula nested too deep")
    if name in _THROUGH:
        return _all(element, depth)
    say = _WORDS.get(name)
    if say is None:
        raise NotUnderstoodError(f"has a formula with '{name[:30]}', which is not read")
    return say(element, depth)


def _all(element: Element, depth: int) -> str:
    return " ".join(filter(None, (_say(one, depth + 1) for one in element)))


def _parts(element: Element, number: int, depth: int) -> list[str]:
    found = [_say(one, depth + 1) for one in element]
    if len(found) != number:
        raise NotUnderstoodError(f"has a formula whose '{element.tag}' has {len(found)} parts")
    return found


def _name(element: Element, depth: int) -> str:
    del depth
    text = "".join(element.itertext()).strip()
    if text.startswith("{{"):
        return text
    if text in _NAMED:
        return f"\\{text}"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9]+", text):
        return rf"\mathrm{{{text}}}"
    return _spelled(text)


def _number(element: Element, depth: int) -> str:
    del depth
    text = "".join(element.itertext()).strip()
    return text if text.startswith("{{") else _spelled(text)


def _words(element: Element, depth: int) -> str:
    del depth
    text = re.sub(r"\s+", " ", "".join(element.itertext())).replace("\u00a0", " ")
    safe = re.sub(r"([%#&_$])", r"\\\1", text)
    return rf"\text{{{safe}}}" if text.strip() else r"\ "


def _spelled(text: str) -> str:
    return "".join(_sign(one) for one in text).strip()


def _sign(one: str) -> str:
    if one in _GREEK:
        return f"\\{_GREEK[one]} "
    if one in _SIGNS:
        return f"{_SIGNS[one]} " if _SIGNS[one].startswith("\\") else _SIGNS[one]
    if _PLAIN.fullmatch(one):
        return one
    if one.isspace():
        return " "
    if one.isalpha():
        return rf"\text{{{one}}}"
    raise NotUnderstoodError(f"has a formula with the sign '{one}' (U+{ord(one):04X}), which is not read")


def _fraction(element: Element, depth: int) -> str:
    top, bottom = _parts(element, 2, depth)
    if str(element.get("linethickness", "1")).startswith("0"):
        return rf"\binom{{{top}}}{{{bottom}}}"
    return rf"\frac{{{top}}}{{{bottom}}}"


def _scripts(marks: str) -> Callable[[Element, int], str]:
    def say(element: Element, depth: int) -> str:
        base, *scripts = _parts(element, len(marks) + 1, depth)
        whole = base if re.fullmatch(r"\\?[A-Za-z]+|\d+|\W", base) else f"{{{base}}}"
        return whole + "".join(f"{mark}{{{script}}}" for mark, script in zip(marks, scripts, strict=True))

    return say


def _over(element: Element, depth: int) -> str:
    base, above = element[0], element[1] if len(element) == 2 else None
    if above is None:
        raise NotUnderstoodError("has a formula with something missing above")
    accent = _ACCENTS.get("".join(above.itertext()).strip())
    inside = _say(base, depth + 1)
    if accent == "vec" and len(inside) > 1:
        accent = "overrightarrow"
    return rf"\{accent}{{{inside}}}" if accent else rf"\overset{{{_say(above, depth + 1)}}}{{{inside}}}"


def _fenced(element: Element, depth: int) -> str:
    marks = re.sub(r"\s", "", element.get("separators", ",")) or ","
    inside = [_say(one, depth + 1) for one in element]
    joined = f"{_spelled(marks[0])} ".join(inside)
    return rf"\left{_fence(element.get('open', '('))}{joined}\right{_fence(element.get('close', ')'))}"


def _fence(given: str) -> str:
    return _spelled(given.strip()) or "."


def _table(element: Element, depth: int) -> str:
    rows = []
    for row in element:
        if str(row.tag).rsplit("}", 1)[-1] not in {"mtr", "mlabeledtr"}:
            raise NotUnderstoodError("has a formula with a table of another kind")
        rows.append(" & ".join(_all(cell, depth + 2) for cell in row))
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _first(element: Element, depth: int) -> str:
    if not len(element):
        raise NotUnderstoodError("has an empty formula")
    return _say(element[0], depth + 1)


_WORDS: Mapping[str, Callable[[Element, int], str]] = {
    "mi": _name, "mn": _number, "mo": _number, "mtext": _words, "ms": _words, "mfrac": _fraction,
    "mspace": lambda element, depth: r"\ ", "semantics": _first,
    "msup": _scripts("^"), "msub": _scripts("_"), "msubsup": _scripts("_^"),
    "munder": _scripts("_"), "munderover": _scripts("_^"), "mover": _over, "mfenced": _fenced, "mtable": _table,
    "msqrt": lambda element, depth: rf"\sqrt{{{_all(element, depth)}}}",
    "mroot": lambda element, depth: r"\sqrt[{1}]{{{0}}}".format(*_parts(element, 2, depth)),
}  # fmt: skip
