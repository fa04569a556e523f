"""Reading an essay before it is judged: repeats count once, noise is not an essay."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiwei.engines.judging.values import MAX_ANSWER_CHARS, Flag, Item, Response
from zhiwei.engines.text import content_words, fold, is_chinese, sentences, word_count, words

from .wording import word_is_known

_ENOUGH_WORDS = 30
_NOISE = 0.5
_OFF_TOPIC = 0.02


@dataclass(frozen=True, slots=True)
class Essay:
    """An essay as it is judged: ``text`` without repeated sentences, how many there were, and flags."""

    text: str
    repeated: int
    flags: frozenset[Flag]

    @property
    def readable(self) -> bool:
        """Whether there is anything to judge."""
        return not self.flags & {Flag.BLANK, Flag.UNREADABLE}


def read_essay(item: Item, response: Response) -> Essay:
    """Prepare one essay."""
    answer = response.answer()[:MAX_ANSWER_CHARS]
    if not any(map(str.isalnum, answer)):
        return Essay("", 0, frozenset({Flag.BLANK}))
    text, repeated = _once(answer)
    flags = set[Flag]()
    if _noise(text):
        flags.add(Flag.UNREADABLE)
    elif _off_topic(item.stem, text):
        flags.add(Flag.OFF_TOPIC)
    return Essay(text, repeated, frozenset(flags))


def _once(text: str) -> tuple[str, int]:
    """The text with every repeated sentence left out, and how many were."""
    seen, kept, at, repeated = set[str](), list[str](), 0, 0
    for part in sentences(text):
        key = fold(part.text)
        again = key in seen and word_count(part.text) >= 4
        kept.append(text[at : part.start] if again else text[at : part.end])
        repeated += again
        seen.add(key)
        at = part.end
    return ("".join([*kept, text[at:]]) if repeated else text), repeated


def _noise(text: str) -> bool:
    """Whether most words are no words: key mashing, or characters strewn at random."""
    if is_chinese(text):
        found = [word for word in words(text) if not word.isascii()]
        return len(found) >= _ENOUGH_WORDS and sum(len(word) > 1 for word in found) < 0.12 * len(found)
    found = re.findall(r"(?<![@\\w])[a-z]+", fold(text))
    known = sum(map(word_is_known, found))
    return len(found) >= 5 and known < _NOISE * len(found)


def _off_topic(stem: str, text: str) -> bool:
    """Whether next to nothing of a task's own words is taken up; needs a task of some length."""
    asked = set(content_words(stem))
    said = content_words(text)
    return (
        len(asked) >= 8
        and len(said) >= _ENOUGH_WORDS
        and sum(w in asked for w in said) < _OFF_TOPIC * len(said)
    )
