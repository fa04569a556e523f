"""Statements inside lines of working: formulas between Chinese or English words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiwei.engines.maths.derivatives import resolve
from zhiwei.engines.maths.errors import UndecidedError, UnreadableError
from zhiwei.engines.maths.nodes import Node, Op, Sym
from zhiwei.engines.maths.reading import read
from zhiwei.engines.maths.shapes import kind_of, settle, solutions, solved

_LEADING = re.compile(
    r"^\s*(?:[(（]?\d{1,2}[)）.、]\s*(?=[^\d=])|[①②③④⑤⑥⑦⑧⑨]|步骤\d*[:：]?|step\s*\d+[:.]?)", re.IGNORECASE
)
_LABEL = re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]|[…⋯.]{2,}|……|--+>|→|⇒|=>(?=\s)|∴|∵")
_RUN = re.compile(r"[^\u4e00-\u9fff，。；：！？\n]+(?:\s*(?:或者?|且)\s*[^\u4e00-\u9fff，。；：！？\n]+)*")
_ENGLISH = re.compile(r"\b[A-Za-z]{3,}\b")
_KEEP = frozenset(
    re.findall(
        r"\w+",
        "sin cos tan cot sec csc log ln lg sqrt frac dfrac tfrac left right cdot times div leq geq neq pm "
        "begin end cases and abs pi alpha beta theta text array quad infty cup cap circ angle overline",
    )
)
_SAYS = re.compile(r"=|<|>|≤|≥|≠|\\le|\\ge|\\neq")


@dataclass(frozen=True, slots=True)
class Statement:
    """One formula in a line; ``continued`` when it starts with ``=`` and goes on from the line before."""

    node: Node
    text: str
    continued: bool = False


def statements(line: str) -> list[Statement]:
    """The formulas of a line that say something (equations, inequalities, chains); unreadable parts are
    left out."""
    text = _LABEL.sub(" ; ", _LEADING.sub("", line[:2_000]))
    found = []
    for match in _RUN.finditer(text):
        for part in re.split(r"[;；]", match.group()):
            statement = _statement(part.strip().strip(",.、 "))
            if statement is not None:
                found.append(statement)
    return _joined(found)


def _joined(found: list[Statement]) -> list[Statement]:
    """``x₁=2，x₂=3`` is one statement about x; ``x=3，y=2`` one about both."""
    if len(found) < 2 or any(item.continued or solved(item.node) is None for item in found):
        return found
    node = settle(Op("items", tuple(item.node for item in found)))
    listed = solutions(node)
    if listed is not None and len(listed[1]) > 1:
        node = Op("or", tuple(Op("=", (Sym(listed[0]), value)) for value in listed[1]))
    return [Statement(node, "; ".join(item.text for item in found))]


def _statement(text: str) -> Statement | None:
    if not _SAYS.search(text) or not re.search(r"[\dA-Za-zα-ω]", text):
        return None
    words = [word for word in _ENGLISH.findall(text) if word.lower() not in _KEEP]
    if words:
        return _after_words(text, words)
    continued = text.startswith("=")
    try:
        node = settle(resolve(read(text.lstrip("= ") if continued else text).node))
    except (UnreadableError, UndecidedError):
        return None
    return Statement(node, text, continued) if continued or _says(node) else None


def _after_words(text: str, words: list[str]) -> Statement | None:
    """Prose around a formula: take what follows the last word before the first relation sign."""
    sign = _SAYS.search(text)
    cut = max(
        (
            text.rfind(word, 0, sign.start()) + len(word)
            for word in words
            if sign and word in text[: sign.start()]
        ),
        default=0,
    )
    end = min(
        (at for word in words if (at := text.find(word, cut)) > (sign.start() if sign else 0)),
        default=len(text),
    )
    rest = text[cut:end].strip(" ,.:")
    if not rest or rest == text:
        return None
    return _statement(rest)


def _says(node: Node) -> bool:
    return kind_of(node) in {"equation", "inequality", "logic", "chain"} or (
        isinstance(node, Op) and node.head == "setof"
    )
