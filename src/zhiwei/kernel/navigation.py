"""Navigation by role: each room names its entries; the frame of every page is drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhiwei.kernel.values import Actor, Role


@dataclass(frozen=True)
class Entry:
    """One place to go.

    Attributes:
        label: Two characters (a lazy translation).
        icon: Name of an icon of the set.
        url_name: Named address, e.g. ``assessment:works``.
        roles: Who sees it.
        order: Smaller comes first; the pupil's four tabs take the first four.
        badge: Counts what waits for the actor; ``None`` counts nothing.
    """

    label: object
    icon: str
    url_name: str
    roles: frozenset[Role]
    order: int
    badge: Callable[[Actor], int] | None = None


_ENTRIES: list[Entry] = []


def register(entries: Iterable[Entry]) -> None:
    """Add a room's entries (from its ``AppConfig.ready``)."""
    _ENTRIES.extend(entries)


def entries_for(actor: Actor) -> list[Entry]:
    """Return what this actor sees, in order."""
    return sorted((one for one in _ENTRIES if one.roles & actor.roles), key=lambda one: one.order)
