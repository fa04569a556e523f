"""Blotting one person out of texts: which words name them, and what a text is without those."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

BLOT = "○"
SHORTEST_NUMBER = 5
"""A number with fewer digits or letters is too common in texts to be taken for somebody's."""


@dataclass(frozen=True, slots=True)
class Blotter:
    """Finds and blots the terms of one person.

    Attributes:
        terms: What names the person, longest first.
        others: Longer names of other people that contain one of the terms (王芳 in 王芳芳): left as they are.
    """

    terms: tuple[str, ...]
    others: tuple[str, ...]
    pattern: re.Pattern[str]

    def text(self, text: str) -> str:
        """Return the text with each term blotted, of the same length."""
        return self.pattern.sub(lambda found: BLOT * len(found[0]) if found["term"] else found[0], text)

    def found(self, text: str) -> bool:
        """Tell whether the text names the person."""
        return any(found["term"] for found in self.pattern.finditer(text))

    def value(self, value: object, person_id: int) -> object:
        """Return a JSON value without the person: texts blotted, ``person_id`` keys emptied."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one, person_id) for one in value if one != person_id or isinstance(one, bool)]
        if isinstance(value, dict):
            return {self.text(str(key)): self._member(str(key), one, person_id) for key, one in value.items()}
        return value

    def _member(self, key: str, value: object, person_id: int) -> object:
        if key.endswith("person_id") and value == person_id:
            return 0
        if isinstance(value, list) and not key.endswith("person_ids"):
            return [
                self.value(one, person_id) if isinstance(one, str | dict | list) else one for one in value
            ]
        return self.value(value, person_id)


def blotter(terms: Iterable[str], known_names: Iterable[str] = ()) -> Blotter:
    """Return a blotter.

    Args:
        terms: Names, numbers, phones; those too short to be told apart in a text are dropped.
        known_names: Names of other people of the school.
    """
    wanted = tuple(
        sorted({one.strip() for one in terms if telling(one.strip())}, key=lambda one: (-len(one), one))
    )
    others = tuple(
        sorted(
            {name for name in known_names if name not in wanted and any(one in name for one in wanted)},
            key=lambda one: (-len(one), one),
        )
    )
    return Blotter(wanted, others, re.compile(_pattern(wanted, others), re.IGNORECASE))


def telling(term: str) -> bool:
    """Tell whether a term names somebody in a text: two Chinese characters, or five letters and digits."""
    return len(term) >= (SHORTEST_NUMBER if term.isascii() else 2)


def _pattern(terms: tuple[str, ...], others: tuple[str, ...]) -> str:
    if not terms:
        return r"(?P<term>(?!))"
    kept = "|".join(map(re.escape, others)) or r"(?!)"
    return f"(?:{kept})|(?P<term>{'|'.join(map(_bounded, terms))})"


def _bounded(term: str) -> str:
    """Latin letters and digits must not run on: 20230101 is not in 202301011."""
    if not term.isascii():
        return re.escape(term)
    return rf"(?<![0-9A-Za-z]){re.escape(term)}(?![0-9A-Za-z])"
