"""Named measures of how richly an essay is worded: kinds of words, how rare and how long, how they join."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.text import fold, has_han, is_chinese, sentences, word_count, words

from .lexicon import phrases

Floats = NDArray[np.float64]
_LATIN = re.compile(r"(?<![@\w])[a-z]+(?:'[a-z]+)?")
KINDS = ("kinds_root", "pair_kinds", "spread_of_words", "size_root")
WORDING = (
    "long_kinds",
    "longest_kinds",
    "rare_kinds_45",
    "rare_kinds_40",
    "rare_kinds_35",
    "kinds_rarity",
    "kinds_rarity_spread",
    "manner_kinds",
    "subordinators",
    "subordinator_rate",
    "prepositions",
    "preposition_rate",
    "determiner_rate",
    "modal_rate",
    "past_rate",
    "progressive_rate",
    "used_once",
    "word_length_spread",
    "longest_sentence",
    "short_sentences",
    "comma_rate",
)
SPELLING = ("never_met", "seldom_met", "seldom_met_rate", "apostrophes", "names", "stops_a_sentence")


@lru_cache(maxsize=65_536)
def zipf(word: str) -> float:
    """How common a word is (Zipf scale: 7 for the commonest, 0 when never met)."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "zh" if has_han(word) else "en"))


def word_is_known(word: str) -> bool:
    """Whether an English word is met in ordinary text at all."""
    return zipf(word) >= 1.5


def measure_wording(text: str) -> dict[str, float]:
    """The measures :data:`KINDS`, :data:`WORDING` and :data:`SPELLING` of one essay; roots and logs dampen counts."""
    plain = fold(text)
    chinese = is_chinese(text)
    found = [w for w in words(text) if has_han(w)] if chinese else _LATIN.findall(plain)
    kinds = sorted(set(found))
    common = np.array([zipf(word) for word in kinds] or [5.0])
    return {
        **_kinds(found, kinds),
        **_rarity(kinds, common, chinese=chinese),
        **_joining(found),
        **_shape(text, plain, found),
        **_spelling(text, plain, common, chinese=chinese),
    }


def _kinds(found: list[str], kinds: list[str]) -> dict[str, float]:
    shares = np.array(list(Counter(found).values()) or [1]) / max(len(found), 1)
    return {
        "kinds_root": len(kinds) ** 0.25,
        "pair_kinds": len(set(itertools.pairwise(found))) ** 0.5,
        "spread_of_words": float(-(shares * np.log(shares)).sum()),
        "size_root": len(found) ** 0.25,
    }


def _rarity(kinds: list[str], common: Floats, *, chinese: bool) -> dict[str, float]:
    sizes = [len(word) for word in kinds]
    long, longest = (3, 4) if chinese else (7, 9)
    met = common[common > 0]
    rare = {at: float(((common < at) & (common >= 2.0)).sum()) ** 0.5 for at in (4.5, 4.0, 3.5)}
    manner = sum(word.endswith(("ly", "地")) for word in kinds)
    return {
        "long_kinds": sum(size >= long for size in sizes) ** 0.5,
        "longest_kinds": sum(size >= longest for size in sizes) ** 0.5,
        "rare_kinds_45": rare[4.5],
        "rare_kinds_40": rare[4.0],
        "rare_kinds_35": rare[3.5],
        "kinds_rarity": float(-met.mean()) if len(met) else -5.0,
        "kinds_rarity_spread": float(common.std()),
        "manner_kinds": manner**0.5,
    }


def _joining(found: list[str]) -> dict[str, float]:
    size = max(len(found), 1)
    count = {name: sum(map(frozenset(phrases(name)).__contains__, found)) for name in _CLASSES}
    return {
        "subordinators": count["subordinators"] ** 0.5,
        "subordinator_rate": count["subordinators"] / size,
        "prepositions": count["prepositions"] ** 0.5,
        "preposition_rate": count["prepositions"] / size,
        "determiner_rate": count["determiners"] / size,
        "modal_rate": count["modals"] / size,
        "past_rate": sum(word.endswith(("ed", "了", "过")) for word in found) / size,
        "progressive_rate": sum(word.endswith(("ing", "着")) for word in found) / size,
        "used_once": sum(n == 1 for n in Counter(found).values()) / size,
        "word_length_spread": float(np.std([len(word) for word in found] or [0])),
    }


_CLASSES = ("subordinators", "prepositions", "determiners", "modals")


def _shape(text: str, plain: str, found: list[str]) -> dict[str, float]:
    sizes = np.array([word_count(part.text) for part in sentences(text)] or [1])
    return {
        "longest_sentence": float(np.log1p(sizes.max())),
        "short_sentences": float((sizes < 6).mean()),
        "comma_rate": plain.count(",") / max(len(found), 1),
    }


def _spelling(text: str, plain: str, common: Floats, *, chinese: bool) -> dict[str, float]:
    never, seldom = ((common == 0).sum(), (common < 2.0).sum()) if not chinese else (0, 0)
    return {
        "never_met": float(np.log1p(never)),
        "seldom_met": float(np.log1p(seldom)),
        "seldom_met_rate": float(seldom) / len(common),
        "apostrophes": float(np.log1p(text.count("'"))),
        "names": len(re.findall(r"(?<=[a-z,] )[A-Z][a-z]", text)) ** 0.5,
        "stops_a_sentence": plain.count(".") / max(len(sentences(text)), 1),
    }
