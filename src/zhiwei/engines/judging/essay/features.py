"""Named measures of an essay, each read as it is: no measure is learned, all can be shown to a pupil."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import (
    content_words,
    fold,
    has_han,
    is_chinese,
    paragraphs,
    sentences,
    word_count,
    words,
)

from .lexicon import phrases
from .wording import KINDS, SPELLING, WORDING, measure_wording, word_is_known, zipf

Floats = NDArray[np.float64]

TRAITS: dict[str, tuple[str, ...]] = {
    "content": (
        "length",
        "length_root",
        "different_words",
        "content_words",
        "numbers",
        "stem_cover",
        "stem_words",
        *KINDS,
    ),
    "structure": (
        "paragraphs",
        "paragraph_length",
        "paragraph_evenness",
        "sentences",
        "first_share",
        "last_share",
    ),
    "logic": (
        "connectives",
        "connective_kinds",
        "questions",
        "examples",
        "negation_turns",
        "first_last_overlap",
    ),
    "language": (
        "word_length",
        "rarity",
        "rare_words",
        "variety",
        "sentence_length",
        "sentence_length_spread",
        "quotations",
        "commas",
        "semicolons",
        "exclamations",
        "idioms",
        "parallel_starts",
        "first_person",
        "repeated_pairs",
        *WORDING,
    ),
    "conventions": (
        "unknown_words",
        "unknown_rate",
        "capital_slips",
        "doubled_marks",
        "mark_kinds",
        "long_sentences",
        *SPELLING,
    ),
}
NAMES = tuple(name for names in TRAITS.values() for name in names)


def essay_features(texts: Sequence[str], stem: str) -> Floats:
    """Measures of essays (n, len(NAMES)); counts are dampened so that one unit means the same at any length."""
    asked = frozenset(content_words(stem))
    return np.array([[row[name] for name in NAMES] for row in (_measure(t, asked) for t in texts)]).reshape(
        len(texts), len(NAMES)
    )


@lru_cache(maxsize=16_384)
def _measure(text: str, asked: frozenset[str]) -> dict[str, float]:
    found = words(text)
    meaning = content_words(text)
    return {
        **_content(text, found, meaning, asked),
        **_structure(text),
        **_logic(text),
        **_language(text, found, meaning),
        **_conventions(text),
        **measure_wording(text),
    }


def _content(text: str, found: list[str], meaning: list[str], asked: frozenset[str]) -> dict[str, float]:
    size = word_count(text)
    return {
        "length": float(np.log1p(size)),
        "length_root": float(size**0.5),
        "different_words": float(len(set(found)) ** 0.5),
        "content_words": float(np.log1p(len(set(meaning)))),
        "numbers": float(np.log1p(sum(word[0].isdigit() for word in found))),
        "stem_cover": len(asked & set(meaning)) / len(asked) if asked else 0.0,
        "stem_words": sum(word in asked for word in meaning) / max(len(meaning), 1),
    }


def _structure(text: str) -> dict[str, float]:
    sizes = np.array([word_count(p.text) for p in paragraphs(text)] or [0], dtype=float)
    whole = max(float(sizes.sum()), 1.0)
    return {
        "paragraphs": float(np.log1p(len(sizes))),
        "paragraph_length": float(np.log1p(sizes.mean())),
        "paragraph_evenness": float(sizes.std() / max(sizes.mean(), 1.0)),
        "sentences": float(np.log1p(len(sentences(text)))),
        "first_share": float(sizes[0] / whole),
        "last_share": float(sizes[-1] / whole),
    }


def _logic(text: str) -> dict[str, float]:
    plain = fold(text)
    used = Counter(name for name in phrases("connectives") for _ in range(_count(name, plain)))
    first, last = _ends(text)
    return {
        "connectives": float(np.log1p(used.total())),
        "connective_kinds": float(len(used) ** 0.5),
        "questions": float(np.log1p(plain.count("?"))),
        "examples": float(np.log1p(sum(_count(name, plain) for name in phrases("examples")))),
        "negation_turns": float(np.log1p(sum(_count(name, plain) for name in phrases("turns")))),
        "first_last_overlap": len(first & last) / max(min(len(first), len(last)), 1),
    }


def _count(phrase: str, plain: str) -> int:
    return plain.count(phrase) if has_han(phrase) else plain.count(f" {phrase} ") + plain.count(f" {phrase},")


def _ends(text: str) -> tuple[set[str], set[str]]:
    parts = sentences(text)
    size = max(1, len(parts) // 5)
    first, last = parts[:size], parts[-size:]
    return _meaning(p.text for p in first), _meaning(p.text for p in last)


def _meaning(parts: Iterable[str]) -> set[str]:
    return {word for part in parts for word in content_words(part)}


def _language(text: str, found: list[str], meaning: list[str]) -> dict[str, float]:
    plain = fold(text)
    sizes = np.array([word_count(s.text) for s in sentences(text)] or [0], dtype=float)
    raw = re.findall(r"[a-z]+", plain) if not is_chinese(text) else meaning
    common = np.array([zipf(word) for word in raw if zipf(word) > 0] or [5.0])
    pairs = Counter(itertools.pairwise(found))
    starts = Counter(fold(s.text)[:2] for s in sentences(text))
    size = max(len(found), 1)
    return {
        "word_length": float(np.mean([len(word) for word in raw] or [0])),
        "rarity": float(-common.mean()),
        "rare_words": float(np.log1p((common < 4.0).sum())),
        "variety": len(set(found)) / size**0.7,
        "sentence_length": float(np.log1p(sizes.mean())),
        "sentence_length_spread": float(np.log1p(sizes.std())),
        "quotations": float(np.log1p(plain.count('"') + plain.count("''") + text.count("《"))),
        "commas": float(np.log1p(plain.count(",") + text.count("、"))),
        "semicolons": float(np.log1p(plain.count(";") + plain.count(":"))),
        "exclamations": float(np.log1p(plain.count("!"))),
        "idioms": float(np.log1p(sum(len(word) == 4 and has_han(word) for word in found))),
        "parallel_starts": float(max(starts.values(), default=0)) / max(len(sizes), 1),
        "first_person": sum(word in {"i", "my", "me", "我", "我们"} for word in found) / size,
        "repeated_pairs": sum(n - 1 for n in pairs.values()) / size,
    }


def _conventions(text: str) -> dict[str, float]:
    plain = fold(text)
    latin = re.findall(r"(?<![@\w])[a-z]+(?:'[a-z]+)?", plain)
    unknown = 0 if is_chinese(text) else sum(not word_is_known(word) for word in latin)
    sizes = [word_count(s.text) for s in sentences(text)]
    slips = len(re.findall(r"[.!?]\s+[a-z]|\bi\b", text))
    return {
        "unknown_words": float(np.log1p(unknown)),
        "unknown_rate": unknown / max(len(latin), 1),
        "capital_slips": float(np.log1p(slips)),
        "doubled_marks": float(np.log1p(len(re.findall(r"[,.!?，。！？；]{2,}|\s[,.!?]", text)))),
        "mark_kinds": float(len(set(re.findall(r"[^\w\s]", text)))),
        "long_sentences": sum(size > 45 for size in sizes) / max(len(sizes), 1),
    }
