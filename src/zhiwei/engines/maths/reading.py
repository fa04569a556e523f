"""From text to an answer: separators, words between parts, chains, and how it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.grammar import Grammar
from zhiwei.engines.maths.limits import MAX_NESTING
from zhiwei.engines.maths.nodes import Node, Op, Sym
from zhiwei.engines.maths.normalise import normalise
from zhiwei.engines.maths.show import show
from zhiwei.engines.maths.tokens import tokenise


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was read as.

    Attributes:
        node: the tree. Parts separated by commas at the top become ``Op("items", …)``.
        notes: codes of choices made where the writing allows several readings.
        units: unit words that were left out.
    """

    node: Node
    notes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    text: str = field(default="")

    @property
    def shown(self) -> str:
        """The reading in plain linear notation, for “I read this as …”."""
        return show(self.node)


_TIME = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?\s*", re.IGNORECASE)


def read(text: str) -> Reading:
    """Read one answer.

    Args:
        text: LaTeX, typed plain text or Chinese notation, at most 2,000 characters.

    Raises:
        UnreadableError: with a stable ``code`` and the position.
    """
    plain = normalise(text)
    clock = _TIME.fullmatch(plain)
    if clock:
        half = (clock.group(4) or "").lower().replace(".", "")
        return Reading(
            Op("time", tuple(Sym(part or "0") for part in (*clock.groups()[:3], half))), text=plain
        )
    try:
        return _parsed(plain)
    except RecursionError:
        raise UnreadableError("too_deep", len(plain)) from None


def _parsed(plain: str) -> Reading:
    grammar = Grammar(tokenise(plain), latex="\\" in plain)
    parts = [grammar.expression()]
    while grammar.peek().kind == "op" and grammar.peek().text in {",", ";", "\\\\"}:
        grammar.take()
        if grammar.peek().kind != "end":
            parts.append(grammar.expression())
    token = grammar.peek()
    if token.kind == "close":
        raise UnreadableError("extra_bracket", token.at, token.text)
    if token.kind != "end":
        raise UnreadableError("unexpected_symbol", token.at, token.text)
    node = parts[0] if len(parts) == 1 else Op("items", tuple(parts))
    if _depth(node) > MAX_NESTING:
        raise UnreadableError("too_deep", len(plain))
    return Reading(node, tuple(grammar.notes), tuple(grammar.units), plain)


def _depth(node: Node) -> int:
    """Levels of a tree, counted without recursion."""
    level, deepest = [node], 0
    while level:
        deepest += 1
        level = [inner for one in level if isinstance(one, Op) for inner in one.args]
    return deepest
