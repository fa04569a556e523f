"""Write a tree back in one linear notation, so that a reader sees how an answer was understood."""

from __future__ import annotations

from fractions import Fraction

from zhiwei.engines.maths.nodes import Node, Num, Op, Sym

_INFIX = {
    "add": ("+", 20),
    "sub": ("-", 20),
    "pm": ("±", 20),
    "mp": ("∓", 20),
    "mul": ("*", 30),
    "div": ("/", 30),
    "pow": ("^", 40),
    "=": ("=", 12),
    "!=": ("≠", 12),
    "<": ("<", 12),
    "<=": ("≤", 12),
    ">": (">", 12),
    ">=": ("≥", 12),
    "and": (" and ", 8),
    "or": (" or ", 5),
    "union": (" ∪ ", 16),
    "intersect": (" ∩ ", 17),
    "setminus": (" \\ ", 17),
    "in": (" ∈ ", 12),
    "ratio": (":", 14),
    "implies": (" ⇒ ", 3),
    "xor": (" xor ", 4),
    "xnor": (" xnor ", 4),
    "iff": (" ⇔ ", 2),
    "define": (":=", 12),
    "perp": ("⊥", 12),
    "parallel": ("∥", 12),
    "mixed": ("+", 20),
}
_NAMES = {"inf": "∞", "empty": "∅", "pi": "π"}
_BRACKETS = {
    "tuple": "()",
    "set": "{}",
    "list": "[]",
    "interval_oo": "()",
    "interval_oc": "(]",
    "interval_co": "[)",
    "interval_cc": "[]",
    "row": "[]",
}
_POSTFIX = {"factorial": "!", "percent": "%", "degree": "°", "prime": "'"}


def show(node: Node) -> str:
    """Linear text of ``node`` with only the brackets that are needed."""
    return _show(node, 0)


def _show(node: Node, level: int) -> str:
    if isinstance(node, Num):
        return _number(node, level)
    if isinstance(node, Sym):
        return _NAMES.get(node.name, node.name)
    if node.head in _INFIX:
        return _infix(node, level)
    return _other(node, level)


def _number(node: Num, level: int) -> str:
    if node.value.denominator == 1 and not (node.decimal and abs(node.value) >= 10**15):
        return str(node.value.numerator)
    text = _decimal(node.value) if node.decimal else None
    return text or (f"({node.value})" if level > 20 else str(node.value))


def _decimal(value: Fraction) -> str | None:
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1:
        return None
    if abs(value) < Fraction(1, 10**9) or abs(value) >= 10**15:
        digits = 0
        while (value * 10**digits).denominator != 1:
            digits += 1
        return f"{(value * 10**digits).numerator}e-{digits}"
    return f"{float(value):.15g}"


def _infix(node: Op, level: int) -> str:
    mark, power = _INFIX[node.head]
    if node.head in {"pm", "mp"} and isinstance(node.args[0], Num) and node.args[0].value == 0:
        text = mark + _show(node.args[1], 25)
        return f"({text})" if level > 20 else text
    right = power + 1 if node.head in {"sub", "div", "pow"} else power
    pieces = [_show(arg, power + 1 if node.head == "pow" else power) for arg in node.args[:1]]
    pieces += [_show(arg, right if node.head != "pow" else power) for arg in node.args[1:]]
    text = mark.join(pieces)
    return f"({text})" if level > power else text


def _other(node: Op, level: int) -> str:
    if node.head == "neg":
        text = "-" + _show(node.args[0], 25)
        return f"({text})" if level > 20 else text
    if node.head in _BRACKETS:
        marks = _BRACKETS[node.head]
        return f"{marks[0]}{_listed(node)}{marks[1]}"
    if node.head in _POSTFIX:
        return _show(node.args[0], 50) + _POSTFIX[node.head]
    if node.head == "abs":
        return f"|{_listed(node)}|"
    if node.head == "setof":
        return "{" + _show(node.args[0], 0) + " | " + _show(node.args[1], 0) + "}"
    if node.head == "items":
        return _listed(node)
    if node.head == "chain":
        return " and ".join(_show(arg, 8) for arg in node.args)
    if node.head == "time":
        return ":".join(_show(arg, 0) for arg in node.args[:2])
    return f"{node.head}({_listed(node)})"


def _listed(node: Op) -> str:
    return ", ".join(_show(arg, 0) for arg in node.args)
