"""Cut an answer into pieces by the spans that count as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiwei.ui.values import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of the answer, with the span they belong to, if any."""

    text: str
    span: Span | None = None


def split_by_spans(text: str, spans: Sequence[Span]) -> list[Piece]:
    """Pieces that join to exactly ``text``.

    Spans are taken by their start; one that begins inside another loses the shared letters, one outside the
    text or empty is left out.
    """
    pieces: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        start, end = max(span.start, at), min(span.end, len(text))
        if start >= end:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], span))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
