"""The guard every answer passes: length, words to the marker, the question pasted back, the answer negated.

What is not an answer is blanked out (with spaces, so that nothing moves) before the grader sees it: it can
neither gain nor lose. What remains is judged as it is. Nothing here raises on any input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .addressing import Span, addressing_spans
from .protocol import Grader
from .reasons import reason
from .resemblance import contradicted_spans, is_salad, pasted_spans, same_text
from .values import MAX_ANSWER_CHARS, Flag, Item, ItemType, Json, Judgement, Marked, Reason, Response

OPEN_TYPES = frozenset({ItemType.SHORT_ANSWER, ItemType.ESSAY})
DOUBTED = frozenset(
    {Flag.ADDRESSES_MARKER, Flag.REPEATS_QUESTION, Flag.CONTRADICTS, Flag.KEYWORD_SALAD, Flag.TOO_LONG}
)


@dataclass(frozen=True, slots=True)
class Screened:
    """A response made safe to judge, and what was noticed."""

    response: Response
    flags: frozenset[Flag]
    reasons: tuple[Reason, ...]


class Guarded:
    """A grader behind the guard."""

    def __init__(self, item: Item, inner: Grader, marked: Sequence[Marked] = ()) -> None:
        self._item = item
        self._inner = inner
        self._lists_count = _lists_count(item, marked)

    def judge(self, response: Response) -> Judgement:
        """Judge one response."""
        return self.judge_many([response])[0]

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many, in order."""
        lists = self._lists_count
        screened = [screen(self._item, response, lists_count=lists) for response in responses]
        judged = self._inner.judge_many([one.response for one in screened])
        return [_noted(raw, seen, made) for raw, seen, made in zip(responses, screened, judged, strict=True)]


def _lists_count(item: Item, marked: Sequence[Marked]) -> bool:
    """Whether a bare row of words is an answer here: a reference is one, or a teacher gave marks for one."""
    known = [*item.reference_texts(), *(mark.response.answer() for mark in marked if mark.score > 0)]
    return item.type in OPEN_TYPES and any(map(is_salad, known))


def screen(item: Item, response: Response, *, lists_count: bool = False) -> Screened:
    """Cut, blank out and flag what should not be judged; ``lists_count``: rows of words are answers here."""
    cut = _shortened(response)
    answer = cut.answer()
    noticed = {flag: spans for flag, spans in _found(item, answer, lists_count).items() if spans is not None}
    spans = [span for found in noticed.values() for span in found]
    flags = set(noticed) | ({Flag.TOO_LONG} if cut is not response else set())
    return Screened(
        _without(cut, spans) if spans else cut,
        frozenset(flags),
        tuple(reason(f"guard.{flag.value}", limit=str(MAX_ANSWER_CHARS)) for flag in sorted(flags)),
    )


def _found(item: Item, answer: str, lists_count: bool) -> dict[Flag, list[Span] | None]:
    """What was noticed, each with what to blank out; ``None`` for what was not noticed."""
    addressed = addressing_spans(answer)
    found: dict[Flag, list[Span] | None] = {Flag.ADDRESSES_MARKER: addressed or None}
    if item.type in OPEN_TYPES:
        references = item.reference_texts()
        found[Flag.REPEATS_QUESTION] = pasted_spans(answer, item.stem) or None
        found[Flag.CONTRADICTS] = contradicted_spans(answer, references) or None
        found[Flag.COPIED] = [] if any(same_text(answer, reference) for reference in references) else None
        if is_salad(_blanked(answer, addressed)):
            found[Flag.KEYWORD_SALAD] = (
                [] if lists_count or item.type is ItemType.ESSAY else [(0, len(answer))]
            )
    return found


def _shortened(response: Response) -> Response:
    if len(response.answer()) <= MAX_ANSWER_CHARS:
        return response
    if response.text or not response.steps:
        return replace(response, text=response.answer()[:MAX_ANSWER_CHARS], value=None)
    kept, left = [], MAX_ANSWER_CHARS
    for step in response.steps:
        if left <= 0:
            break
        kept.append(step[:left])
        left -= len(step) + 1
    return replace(response, steps=tuple(kept))


def _without(response: Response, spans: Sequence[Span]) -> Response:
    """The response with ``spans`` of its answer replaced by spaces; line breaks stay."""
    text = _blanked(response.answer(), spans)
    if response.text:
        return replace(response, text=text)
    if response.steps:
        return replace(response, steps=_recut(text, response.steps))
    return replace(response, value=_refilled(response.value, text))


def _blanked(text: str, spans: Sequence[Span]) -> str:
    answer = list(text)
    for start, end in spans:
        answer[start:end] = [c if c == "\n" else " " for c in answer[start:end]]
    return "".join(answer)


def _recut(text: str, steps: Sequence[str]) -> tuple[str, ...]:
    cut, at = [], 0
    for step in steps:
        cut.append(text[at : at + len(step)])
        at += len(step) + 1
    return tuple(cut)


def _refilled(value: Json, text: str) -> Json:
    if isinstance(value, str):
        return text
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return list(_recut(text, [str(part) for part in value]))
    return value


def _noted(raw: Response, seen: Screened, made: Judgement) -> Judgement:
    """The judgement with flags and reasons of the guard, its evidence read from the raw answer."""
    if not seen.flags and seen.response is raw:
        return made
    answer = raw.answer()
    evidence = tuple(replace(span, text=answer[span.start : span.end]) for span in made.evidence)
    return replace(
        made,
        evidence=tuple(span for span in evidence if span.text),
        flags=made.flags | seen.flags,
        reasons=(*made.reasons, *seen.reasons),
        defer=made.defer or bool(seen.flags & DOUBTED),
    )
