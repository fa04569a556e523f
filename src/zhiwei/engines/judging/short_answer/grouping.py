"""Answers that mean the same, so that a teacher marks a group at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.values import Response
from zhiwei.engines.text import content_words, encode, fold, is_chinese, negations, opposite_words, word_count

Floats = NDArray[np.float64]
_LOOSE = re.compile(r"[\s\"'。.,，、；;：:！!？?（）()“”]+")
_FORMULA = re.compile(r"[=+\-*/^<>≤≥√π\\]|\d")
_NEAR = 0.86
_SHARED = 0.5
_LONG = 60


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers of one meaning: ids in the order given, and the answer most like all the others."""

    ids: tuple[str, ...]
    example: str

    def __len__(self) -> int:
        return len(self.ids)


def group_answers(responses: Sequence[Response]) -> list[AnswerGroup]:
    """Group answers of the same meaning, largest group first; blank answers form one group.

    Cautious by design: a wrong member costs a pupil marks, a split group costs a teacher a click. Answers
    join when they are the same but for spelling, or when both meaning and words are near and numbers,
    negation and opposites agree. Formulas join only when equal after tidying.

    Cost: one encoding of the different answers, then O(n²) products: about 5 s for 3,000 short answers.
    """
    keys = [_key(response.answer()) for response in responses]
    places: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    merged = _merge(
        [responses[rows[0]].answer() for rows in places.values()], [len(r) for r in places.values()]
    )
    rows = list(places.values())
    groups = [
        AnswerGroup(
            tuple(responses[at].id for at in sorted(at for member in members for at in rows[member])),
            responses[rows[members[0]][0]].answer(),
        )
        for members in merged
    ]
    return sorted(groups, key=lambda group: -len(group))


def _key(answer: str) -> str:
    plain = fold(answer)
    if _is_formula(plain):
        return (
            re.sub(r"[\s。；;，]+|\\(?:left|right|,|;)", "", plain)
            .replace("\\times", "*")
            .replace("×", "*")
            .replace("·", "*")
            .replace("÷", "/")
        )
    return _LOOSE.sub(" " if not is_chinese(plain) else "", plain).strip()


def _is_formula(plain: str) -> bool:
    return _FORMULA.search(plain) is not None and not re.search(
        r"[a-z]{4,}|[\u3400-\u9fff]{3,}", plain.replace("\\frac", "").replace("\\sqrt", "")
    )


def _merge(answers: list[str], sizes: list[int]) -> list[list[int]]:
    """Groups of places: each answer joins the first larger group whose first member means the same."""
    vectors = encode(answers)
    order = sorted(range(len(answers)), key=lambda at: (-sizes[at], at))
    heads: list[int] = []
    groups: dict[int, list[int]] = {}
    for at in order:
        head = _home(at, heads, answers, vectors)
        if head is None:
            heads.append(at)
            groups[at] = [at]
        else:
            groups[head].append(at)
    return list(groups.values())


def _home(at: int, heads: list[int], answers: list[str], vectors: Floats) -> int | None:
    if not heads or _is_formula(fold(answers[at])) or word_count(answers[at]) > _LONG:
        return None
    near = vectors[heads] @ vectors[at]
    for place in np.argsort(-near)[:5]:
        if near[place] < _NEAR:
            return None
        if _agree(answers[at], answers[heads[int(place)]]):
            return heads[int(place)]
    return None


def _agree(one: str, other: str) -> bool:
    mine, theirs = set(content_words(one)), set(content_words(other))
    numbers = {w for w in mine ^ theirs if w[0].isdigit()}
    if numbers or not (mine | theirs) or negations(one) % 2 != negations(other) % 2:
        return False
    return len(mine & theirs) / len(mine | theirs) >= _SHARED and not opposite_words(one, other)
