"""Word and name statistics: how likely a stretch of text is as words, and how likely as a person's name.

Words and their counts come from the dictionary inside the ``jieba`` package (MIT); its entries for people
give the character statistics of given names. Surnames, modern given-name characters and the names of famous
people are our own lists in ``data/``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, log

LONGEST_WORD = 5
UNSEEN_CHAR = -17.0
_KNOWN_WORD = 60
"""A "person" counted oftener is a famous one or a plain word with a wrong tag: it stays a word."""
_MODERN_COUNT = 900.0
_MODERN_DECAY = 170.0


@dataclass(frozen=True)
class Lexicon:
    """Natural log probabilities.

    Attributes:
        words: word to log probability; names of people are left out.
        tags: word to part of speech (``ns`` places, ``p`` prepositions …).
        surnames: surname (one or two characters) to log share.
        first: first character of a two-character given name to log share.
        second: second character of one.
        only: the character of a one-character given name.
        famous: names never taken for a pupil's without a strong sign.
    """

    words: Mapping[str, float]
    tags: Mapping[str, str]
    surnames: Mapping[str, float]
    first: Mapping[str, float]
    second: Mapping[str, float]
    only: Mapping[str, float]
    famous: frozenset[str]

    def as_words(self, text: str) -> float:
        """Log probability of the best cutting of ``text`` into dictionary words."""
        find = self.words.get
        best = [0.0]
        for end, char in enumerate(text, start=1):
            value = best[-1] + find(char, UNSEEN_CHAR)
            for start in range(max(0, end - LONGEST_WORD), end - 1):
                weight = find(text[start:end])
                if weight is not None and best[start] + weight > value:
                    value = best[start] + weight
            best.append(value)
        return best[-1]

    def cut(self, text: str) -> list[str]:
        """The best cutting itself."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            options = [(best[end - 1][0] + self.words.get(text[end - 1], UNSEEN_CHAR), end - 1)]
            for start in range(max(0, end - LONGEST_WORD), end - 1):
                weight = self.words.get(text[start:end])
                if weight is not None:
                    options.append((best[start][0] + weight, start))
            best.append(max(options))
        pieces: list[str] = []
        end = len(text)
        while end:
            start = best[end][1]
            pieces.append(text[start:end])
            end = start
        return pieces[::-1]

    def as_given(self, given: str) -> float:
        """Log probability of a given name of one or two characters, among all given names."""
        if len(given) == 1:
            return -2.9 + self.only.get(given, -11.5)
        return -0.16 + self.first.get(given[0], -12.0) + self.second.get(given[1], -12.0)


def _read_list(name: str) -> str:
    lines = (files("zhiwei.engines.privacy") / "data" / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def _read_surnames() -> dict[str, float]:
    common, rest = _read_list("surnames.txt").removeprefix("[common]\n").split("[rare]\n")
    rare, compound = rest.split("[compound]\n")
    weights = {name: (rank + 1.2) ** -1.05 for rank, name in enumerate(common.replace("\n", ""))}
    weights |= dict.fromkeys(rare.replace("\n", ""), 0.0004)
    weights |= dict.fromkeys(compound.split(), 0.0012)
    total = sum(weights.values())
    return {name: log(weight / total) for name, weight in weights.items()}


def _read_dictionary() -> Iterator[tuple[str, int, str]]:
    with (files("jieba") / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, tag = line.split(" ")
            yield word, int(count), tag.strip()


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {char: log(count / total) for char, count in counts.items()}


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Build the statistics once per process (about a second, 60 MB)."""
    surnames = _read_surnames()
    counts: dict[str, int] = {}
    tags: dict[str, str] = {}
    first, second, only = Counter[str](), Counter[str](), Counter[str]()
    for word, count, tag in _read_dictionary():
        is_person = (
            tag.startswith("nr") and 2 <= len(word) <= 4 and word[0] in surnames and count < _KNOWN_WORD
        )
        if is_person and len(word) == 3:
            first[word[1]] += 1
            second[word[2]] += 1
        elif is_person and len(word) == 2:
            only[word[1]] += 1
        if not is_person and len(word) <= LONGEST_WORD:
            counts[word] = max(1, count)
            tags[word] = tag
    _add_modern(first, second, only)
    total = sum(counts.values())
    words = {word: log(count / total) for word, count in counts.items()}
    famous = frozenset(_read_list("famous.txt").split())
    return Lexicon(words, tags, surnames, _shares(first), _shares(second), _shares(only), famous)


def _add_modern(*tables: Counter[str]) -> None:
    for rank, char in enumerate(dict.fromkeys(_read_list("given_modern.txt").replace("\n", ""))):
        for table in tables:
            table[char] += max(25, round(_MODERN_COUNT * exp(-rank / _MODERN_DECAY) * table.total() / 60000))
