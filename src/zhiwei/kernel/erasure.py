"""The erasure door: each room names how one person's data leave what the tables alone do not show.

Most of an erasure needs nobody's help, since it follows from the tables: rows that point to the person go (or let
go of the person, as their foreign key says), names and numbers in any text or JSON column of the tenant are
blotted out, files that only such rows named are destroyed. A room registers an eraser for what this cannot see:
vectors and caches outside tables, corpora and exports, aggregates to be computed anew, ids inside JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data are to go.

    Attributes:
        terms: Texts that name the person (name, number, phone, uuid, sign-in name), longest first: none of them
            may be found anywhere afterwards.
        purpose: "" when everything goes; otherwise the purpose whose consent was withdrawn: only what is kept
            for it goes.
    """

    person_id: int
    person_uuid: UUID
    tenant_id: int
    terms: tuple[str, ...]
    purpose: str = ""


Eraser = Callable[[Subject, datetime], Mapping[str, int]]
"""Takes the data out, in a transaction already open in the tenant's scope; tells how many of what (``{"片段": 3}``).

It must be idempotent: after a crash it runs again. Raising stops the erasure, which is tried again and then parked.
"""
Finder = Callable[[Subject], Mapping[str, int]]
"""Looks for what is still there; tells how many of what. Everything must be 0 after the eraser."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One room's part in an erasure."""

    name: str
    erase: Eraser
    remaining: Finder | None


_ERASERS: dict[str, Registered] = {}


def register(name: str, erase: Eraser, *, remaining: Finder | None = None) -> None:
    """Add a room's eraser (from its ``AppConfig.ready``), under a stable dotted name (``ai.vectors``).

    Args:
        remaining: Looks for what is left, for the proof after the erasure.

    Raises:
        ValueError: The name is taken.
    """
    if name in _ERASERS:
        raise ValueError(f"eraser registered twice: {name}")
    _ERASERS[name] = Registered(name, erase, remaining)


def erasers() -> tuple[Registered, ...]:
    """Return all erasers, the last registered first: upper rooms let go before those they stand on."""
    return tuple(reversed(_ERASERS.values()))
