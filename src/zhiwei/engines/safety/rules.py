"""Patterns per class, kept as data; a hit names its pattern, so every verdict can be explained."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pypinyin import lazy_pinyin

from zhiwei.engines.safety.normalising import Normalised

LONGEST_FOR_SOUND = 400


@dataclass(frozen=True)
class Hit:
    """A pattern found: its class, weight (3 decides alone), and the range in the original text."""

    kind: str
    weight: float
    start: int
    end: int
    pattern: str


def find_hits(normalised: Normalised) -> tuple[Hit, ...]:
    """Every pattern hit; short texts are also heard aloud, so that homophones (紫砂 for 自杀) count."""
    hits = [
        Hit(kind, weight, *normalised.original_range(*match.span()), pattern.pattern)
        for kind, weight, pattern in _read_rules("rules.txt")
        for match in pattern.finditer(normalised.text)
        if match.end() > match.start()
    ]
    if len(normalised.text) <= LONGEST_FOR_SOUND:
        hits += _find_sounds(normalised)
    return tuple(hits)


def _find_sounds(normalised: Normalised) -> list[Hit]:
    sound = ""
    owners: list[int] = []
    for place, syllable in enumerate(map(_sound_of, normalised.text)):
        sound += syllable
        owners += [place] * len(syllable)
    return [
        Hit(
            kind,
            weight,
            *normalised.original_range(owners[m.start()], owners[m.end() - 1] + 1),
            pattern.pattern,
        )
        for kind, weight, pattern in _read_rules("sounds.txt")
        for m in pattern.finditer(sound)
    ]


@lru_cache(maxsize=8192)
def _sound_of(char: str) -> str:
    """One syllable without tone; letters sound as themselves, blanks not at all."""
    return "".join(lazy_pinyin(char)).strip()


@lru_cache(maxsize=2)
def _read_rules(name: str) -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    text = (files("zhiwei.engines.safety") / "data" / name).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((kind, float(weight), re.compile(pattern)) for kind, weight, pattern in rows)
