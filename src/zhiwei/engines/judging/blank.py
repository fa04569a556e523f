"""Fill in the blanks: each blank a text, a number or an expression; some may be exchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .blank_rules import Blank, Graded, grade_blank, key_of, read_blanks
from .closed import ClosedGrader, Finding, full_answers, unknown
from .protocol import Grader
from .values import Item, Marked, Response, scored_point, text_of

_STRONG, _WEAK = re.compile(r"[；;\n|]"), re.compile(r"[,，、\s]+")


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for blanks. Answers the teacher gave full marks widen what each blank accepts."""
    del seed  # nothing is drawn at random
    taught = full_answers(item, marked)
    blanks, groups = read_blanks(item, max((len(_given(r)) for r in taught), default=0))
    count = len(blanks)
    for response in taught:
        parts = split(response, count, [blank.id for blank in blanks])
        if len(groups) == 0:
            blanks = [b.also(part) for b, part in zip(blanks, parts, strict=True)]
    judge = _Judge(item, tuple(blanks), groups)
    return ClosedGrader(item, marked, judge.find, judge.key, {"blanks": count})


def _given(response: Response) -> list[str]:
    if isinstance(response.value, dict):
        return [text_of(part) for part in response.value.values()]
    if isinstance(response.value, list) and not response.text:
        return [text_of(part) for part in response.value]
    return [part for part in _STRONG.split(response.answer()) if part.strip()]


def split(response: Response, count: int, ids: Sequence[str] = ()) -> list[str]:
    """The answer of each of ``count`` blanks; missing ones are empty, a surplus is joined to the last."""
    if isinstance(response.value, dict) and not response.text:
        by_id = {key: text_of(part) for key, part in response.value.items()}
        parts = [by_id.get(name, "") for name in ids] if set(by_id) & set(ids) else list(by_id.values())
    elif isinstance(response.value, list) and not response.text:
        parts = [text_of(part) for part in response.value]
    elif count == 1:
        parts = [response.answer()]
    else:
        parts = _STRONG.split(response.answer().strip())
        weak = _WEAK.split(response.answer().strip())
        parts = weak if len(parts) != count == len(weak) else parts
    joined = [*parts[: count - 1], "；".join(parts[count - 1 :])] if len(parts) > count else parts
    return joined + [""] * (count - len(joined))


@dataclass(frozen=True, slots=True)
class _Judge:
    item: Item
    blanks: tuple[Blank, ...]
    groups: tuple[tuple[int, ...], ...]

    def key(self, response: Response) -> str:
        """Equal for answers that are the same in every blank."""
        return "\n".join(key_of(part) for part in self._parts(response))

    def find(self, response: Response) -> Finding:
        """What each blank earned, exchangeable blanks taken in the order that earns most."""
        if not any(blank.accepts for blank in self.blanks):
            return unknown(self.item)
        parts = self._parts(response)
        places = self._best_places(parts)
        graded = [grade_blank(blank, parts[places[n]]) for n, blank in enumerate(self.blanks)]
        spans = _spans(response.answer(), parts)
        return Finding(
            points=tuple(
                scored_point(b.id, g.score, b.score) for b, g in zip(self.blanks, graded, strict=True)
            ),
            reasons=tuple(why for g in graded for why in g.reasons),
            confidence=min(g.confidence for g in graded),
            evidence=tuple(
                (*spans[places[n]], blank.id) for n, blank in enumerate(self.blanks) if spans[places[n]][1]
            ),
        )

    def _parts(self, response: Response) -> list[str]:
        return split(response, len(self.blanks), [blank.id for blank in self.blanks])

    def _best_places(self, parts: Sequence[str]) -> list[int]:
        """Which part answers which blank."""
        places = list(range(len(self.blanks)))
        for group in self.groups:
            scores = [[self._worth(n, parts[m]) for m in group] for n in group]
            for row, column in _assign(scores):
                places[group[row]] = group[column]
        return places

    def _worth(self, blank: int, part: str) -> float:
        graded: Graded = grade_blank(self.blanks[blank], part)
        return graded.score + 1e-6 * graded.confidence * bool(graded.score)


def _assign(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.asarray(scores), maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def _spans(answer: str, parts: Sequence[str]) -> list[tuple[int, int]]:
    """Where each part stands in the answer; (0, 0) for what is not there."""
    spans, cursor = [], 0
    for part in parts:
        start = answer.find(part, cursor) if part.strip() else -1
        spans.append((start, start + len(part)) if start >= 0 else (0, 0))
        cursor = spans[-1][1] or cursor
    return spans
