"""Blocks of a document into passages of about 300 characters, cut at sentences, with their headings and pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhiwei.engines.documents import Block
from zhiwei.engines.retrieval.values import Passage
from zhiwei.engines.text import sentences

BETWEEN = "\n"
USUAL = 320
"""Characters of a passage; English ones may be twice as long (words, not signs, carry meaning there)."""
HEADING_JOIN = " › "
_MOST_HEADING = 300


def document_text(blocks: Sequence[Block]) -> str:
    """Return the text that passages point into."""
    return BETWEEN.join(block.text for block in blocks)


def passages_of(blocks: Sequence[Block], *, usual: int = USUAL) -> list[Passage]:
    """Return passages in order; every letter of running text is in exactly one of them.

    A passage never reaches over a heading; a paragraph longer than ``usual`` is cut at its sentences.
    """
    found: list[Passage] = []
    trail: dict[int, str] = {}
    waiting: list[tuple[int, int, int]] = []
    text = document_text(blocks)
    at = 0
    for block in blocks:
        end = at + len(block.text)
        if block.level:
            _close(found, waiting, text, trail)
            trail = {level: name for level, name in trail.items() if level < block.level}
            trail[block.level] = block.text.strip()
        elif block.text.strip():
            for start, stop in _pieces(block.text, _limit(block.text, usual)):
                _add(found, waiting, (at + start, at + stop, block.page), text, trail, usual)
        at = end + len(BETWEEN)
    _close(found, waiting, text, trail)
    return found


def _limit(text: str, usual: int) -> int:
    return usual if sum(char > "\u2e80" for char in text) * 3 > len(text) else 2 * usual


def _pieces(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Cut a paragraph into runs of sentences of at most ``limit`` characters (one sentence may be cut too)."""
    if len(text) <= limit:
        yield 0, len(text)
        return
    starts = [span.start for span in sentences(text)[1:]]
    begin = 0
    while len(text) - begin > limit:
        cut = max((one for one in starts if begin < one <= begin + limit), default=begin + limit)
        yield begin, cut
        begin = cut
    yield begin, len(text)


def _add(
    found: list[Passage],
    waiting: list[tuple[int, int, int]],
    piece: tuple[int, int, int],
    text: str,
    trail: dict[int, str],
    usual: int,
) -> None:
    if waiting and piece[1] - waiting[0][0] > _limit(text[waiting[0][0] : piece[1]], usual):
        _close(found, waiting, text, trail)
    waiting.append(piece)


def _close(
    found: list[Passage], waiting: list[tuple[int, int, int]], text: str, trail: dict[int, str]
) -> None:
    if not waiting:
        return
    start, end, page = waiting[0][0], waiting[-1][1], waiting[0][2]
    heading = HEADING_JOIN.join(trail[level] for level in sorted(trail))[:_MOST_HEADING]
    found.append(Passage(text[start:end], heading, page, start, end))
    waiting.clear()
