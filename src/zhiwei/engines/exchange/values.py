"""What an exchange gives: items taken with what they lost, items refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_BYTES = 30 * 1024 * 1024
"""Bytes of one file that is read."""
MAX_ITEMS = 5000
MAX_TEXT = 100_000
"""Characters of one stem or answer."""

Content = dict[str, Any]


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
    """

    content: Content
    place: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """One question (or part of the file) that could not be taken, and why."""

    place: str
    reason: str


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
