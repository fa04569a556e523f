"""From text to an answer: separators, words between parts, chains, and how it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.grammar import Grammar
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
    return Reading(node, tuple(grammar.notes), tuple(grammar.units), plain)
