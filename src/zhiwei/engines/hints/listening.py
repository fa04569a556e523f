"""What a pupil's words want: the answer itself, an open question of a work, or a misconception put right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiwei.engines.hints.values import WrongIdea
from zhiwei.engines.text import content_words, contradicts, encode, fold, sentences

_WANTS_ANSWER = re.compile(
    r"(?:直接|赶紧|快点?|就)?(?:把|给我|告诉我|说出?|发我?|报)?.{0,6}(?:答案|选哪个|选什么|填什么|结果)(?:是什么|是多少|告诉我|给我|发我|吧|呗|就行|$)"
    r"|帮我(?:写完|做完|做一下|写作业|写作文|写一篇)|替我(?:写|做)|代写"
    r"|(?:just |please )?(?:give|tell|send|show) me the (?:\w+ )?(?:answer|solution)s?|what(?:'s| is) the answer"
    r"|(?:do|write|solve) (?:it|my homework|this|my essay) for me",
    re.IGNORECASE,
)
ALIKE = 0.6
"""Share of a question's words found in a pupil's words, from which they are about that question."""
_LEAST_WORDS = 4
_HOLDS, _MEANING = 0.55, 0.6


def wants_answer(said: str) -> bool:
    """Tell whether somebody asks for the answer instead of for help."""
    return _WANTS_ANSWER.search(fold(said)) is not None


def alike(said: str, stems: Sequence[str]) -> int:
    """Return which question somebody's words repeat (most of its words, or most of theirs); -1 for none."""
    mine = set(content_words(said))
    best, place = ALIKE, -1
    for at, stem in enumerate(stems):
        words = set(content_words(stem))
        common = len(mine & words)
        if common < min(_LEAST_WORDS, max(ALIKE * len(words), 2)):
            continue
        share = max(common / max(len(words), 1), common / max(len(mine), 1))
        if share >= best:
            best, place = share, at
    return place


def held_wrong_idea(said: str, wrong_ideas: Sequence[WrongIdea]) -> WrongIdea | None:
    """Return the misconception that somebody's words state; a question about it states nothing."""
    spoken = [one.text for one in sentences(said) if not re.search(r"[?？吗呢]\s*$", one.text)]
    stated = [(idea, sign) for idea in wrong_ideas for sign in (idea.wrong, idea.description) if sign.strip()]
    if not spoken or not stated:
        return None
    meaning = encode(spoken) @ encode([sign for _idea, sign in stated]).T
    best, found = 0.0, None
    for row, sentence in zip(meaning, spoken, strict=True):
        for near, (idea, sign) in zip(row, stated, strict=True):
            share = _share(sentence, sign)
            if (
                share >= _HOLDS
                and near >= _MEANING
                and share + near > best
                and not contradicts(sentence, sign)
            ):
                best, found = share + float(near), idea
    return found


def _share(sentence: str, sign: str) -> float:
    mine, theirs = set(content_words(sentence)), set(content_words(sign))
    return len(mine & theirs) / max(min(len(mine), len(theirs)), 1)
