"""The recognisers' word lists, kept as data so that people can read and extend them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


def vocabulary(section: str) -> frozenset[str]:
    """The words of one section of ``data/vocabulary.txt``."""
    return _sections()[section]


@lru_cache(maxsize=1)
def _sections() -> dict[str, frozenset[str]]:
    text = (files("zhiwei.engines.privacy") / "data" / "vocabulary.txt").read_text(encoding="utf-8")
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            current.update(word for word in line.split(",") if word)
    return {name: frozenset(words) for name, words in sections.items()}
