"""Where the sentences, clauses and paragraphs of a text stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。！？!?；;\n.]+(?:\.(?=\S)[^。！？!?；;\n.]*)*[。！？!?；;.…”\"'’）)]*")
_CLAUSE = re.compile(r"[^。！？!?；;，,、\n.]+(?:[.,](?=\d)[^。！？!?；;，,、\n.]*)*")
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim part of a text: ``text == whole[start:end]``."""

    start: int
    end: int
    text: str


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    found: list[Span] = []
    for match in pattern.finditer(text):
        part = match.group()
        lead = len(part) - len(part.lstrip())
        core = part.strip()
        if any(map(str.isalnum, core)):
            start = match.start() + lead
            found.append(Span(start, start + len(core), core))
    return found


def sentences(text: str) -> list[Span]:
    """Sentences in order, without the blank space around them.

    >>> [s.text for s in sentences("It is 3.5 m. 水沸腾了。")]
    ['It is 3.5 m.', '水沸腾了。']
    """
    return _spans(_SENTENCE, text)


def clauses(text: str) -> list[Span]:
    """Parts between commas and stops, in order; numbers such as 3,000 and 2.5 stay whole."""
    return _spans(_CLAUSE, text)


def paragraphs(text: str) -> list[Span]:
    """Lines that hold a letter or a digit."""
    return _spans(_PARAGRAPH, text)
