"""What an exchange gives: items taken with what they lost, items refused with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

MAX_BYTES = 30 * 1024 * 1024
"""Bytes of one file that is read."""
MAX_ITEMS = 5000
MAX_TEXT = 100_000
"""Characters of one stem or answer."""

_HAN = re.compile("[\u3400-\u9fff]")
Content = dict[str, Any]


def has_chinese(text: str) -> bool:
    """Tell whether a text has Chinese characters."""
    return bool(_HAN.search(text))


class Pictures(Protocol):
    """What takes the pictures of a text."""

    def named(self, source: str, alt: str) -> str:
        """Take a picture and return its name in the text; "" when it cannot be had."""


class ExchangeError(ValueError):
    """The file as a whole cannot be used; the message says why."""


class NotUnderstoodError(ValueError):
    """One question cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One question that came in.

    Attributes:
        place: Where it stands in the file (``items/q1.xml``, ``question 3``, ``row 7``).
        notes: What it said that could not be kept.
        kinds: Kinds of question the format calls it (``choiceinteraction``, ``multichoice``).
    """

    content: Content
    place: str
    notes: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """One question (or part of the file) that could not be taken, and why."""

    place: str
    reason: str
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of reading a file."""

    form: str
    taken: tuple[Taken, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and by item what the format could not say."""

    data: bytes
    notes: tuple[tuple[str, str], ...] = ()
