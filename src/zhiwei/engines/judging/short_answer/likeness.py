"""How an answer compares with reference answers: what it covers, adds, denies.

The measures are named and bounded, so that a teacher can be told why, and so that marks on other questions
can teach what they are worth on a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import (
    clauses,
    content_words,
    encode,
    has_han,
    negations,
    opposite_words,
    word_count,
    words,
)

Floats = NDArray[np.float64]
MEASURES = (
    "cover",
    "cover_new",
    "cover_rare",
    "precision",
    "outside",
    "characters",
    "order",
    "meaning",
    "meaning_clauses",
    "meaning_stem",
    "meaning_gain",
    "negation",
    "opposite",
    "numbers",
    "length",
    "length_ratio",
)


@lru_cache(maxsize=65_536)
def rarity(word: str) -> float:
    """How much a word tells: 0 for the commonest to about 7 for one never seen (Zipf scale, turned round)."""
    from wordfreq import zipf_frequency

    return float(max(0.3, 7.5 - zipf_frequency(word, "zh" if has_han(word) else "en")))


@lru_cache(maxsize=131_072)
def alike(one: str, other: str) -> float:
    """Likeness of two words, 0–1: forgives a slip in a long word, and shared characters of Chinese words."""
    if one == other:
        return 1.0
    if has_han(one) or has_han(other):
        shared = len(set(one) & set(other))
        return 0.7 * 2 * shared / (len(one) + len(other)) if shared and max(len(one), len(other)) > 1 else 0.0
    if min(len(one), len(other)) < 4 or one[0] != other[0]:
        return 0.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= 0.8 else 0.0


def coverage(wanted: Sequence[str], found: Sequence[str], *, weighted: bool = False) -> float:
    """Share of the wanted words that the found ones hold, slips forgiven; 0 when nothing is wanted."""
    if not wanted:
        return 0.0
    have = frozenset(found)
    weights = [rarity(word) if weighted else 1.0 for word in wanted]
    hits = [1.0 if w in have else max((alike(w, h) for h in have), default=0.0) for w in wanted]
    return float(np.dot(weights, hits) / np.sum(weights))


def _grams(text: str) -> set[str]:
    joined = " ".join(words(text))
    return {joined[at : at + 4] for at in range(max(1, len(joined) - 3))}


def _in_order(wanted: Sequence[str], found: Sequence[str]) -> float:
    if not wanted:
        return 0.0
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    return sum(piece.size for piece in matcher.get_matching_blocks()) / len(wanted)


def _numbers(text: str) -> set[str]:
    return {word for word in words(text) if word[0].isdigit()}


@lru_cache(maxsize=32_768)
def _lexical(answer: str, reference: str, stem: str) -> tuple[float, ...]:
    """The measures that need no encoder, of one answer against one reference."""
    mine, theirs, asked = content_words(answer), content_words(reference), set(content_words(stem))
    new = [word for word in theirs if word not in asked]
    known = set(theirs) | asked
    grams, wanted = _grams(answer), _grams(reference)
    numbers = _numbers(reference)
    return (
        coverage(theirs, mine),
        coverage(new or theirs, mine),
        coverage(new or theirs, mine, weighted=True),
        coverage(mine, theirs),
        1.0 - coverage(mine, sorted(known)) if mine else 1.0,
        2 * len(grams & wanted) / max(len(grams) + len(wanted), 1),
        _in_order(words(reference), words(answer)),
        float(negations(answer) % 2 != negations(reference) % 2),
        float(min(len(opposite_words(answer, reference)), 2)),
        len(numbers & _numbers(answer)) / len(numbers) if numbers else 0.5,
    )


@lru_cache(maxsize=16_384)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(span.text for span in clauses(text)) or (text,)


def _clause_meaning(answer: str, reference: str) -> float:
    """Mean over the reference's clauses of the best likeness among the answer's clauses."""
    return float((encode(_parts(reference)) @ encode(_parts(answer)).T).max(axis=1).mean())


def likeness(answers: Sequence[str], references: Sequence[str], stem: str) -> Floats:
    """Measures of answers against the reference each is most like.

    Args:
        answers: pupils' texts.
        references: at least one accepted answer.
        stem: the question; words it already gives away count less.

    Returns:
        Array (answers, len(MEASURES)).
    """
    vectors, targets = encode(answers), encode(references)
    _warm(answers, references)
    meaning = vectors @ targets.T
    asked = (vectors @ encode([stem]).T).ravel()
    return np.array(
        [_row(answer, references, stem, meaning[at], float(asked[at])) for at, answer in enumerate(answers)]
    ).reshape(len(answers), len(MEASURES))


def _warm(answers: Sequence[str], references: Sequence[str]) -> None:
    encode([part for text in (*answers, *references) for part in _parts(text)])


def _row(answer: str, references: Sequence[str], stem: str, meaning: Floats, asked: float) -> list[float]:
    lexical = np.array([_lexical(answer, reference, stem) for reference in references])
    near = int(np.argmax(lexical[:, 2] + lexical[:, 5] + meaning))
    row, size = lexical[near], word_count(answer)
    return [
        *(float(value) for value in np.maximum(row[:3], lexical[:, :3].max(axis=0))),
        *(float(value) for value in row[3:7]),
        float(meaning.max()),
        max(_clause_meaning(answer, reference) for reference in references[:6]),
        asked,
        float(meaning.max()) - asked,
        *(float(value) for value in row[7:]),
        float(np.log1p(size)),
        float(np.clip(np.log((size + 1) / (word_count(references[near]) + 1)), -3, 3)),
    ]
